"""Merging duplicates: which complaints come into question, and parting them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify, request
from flask_appbuilder.baseviews import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.sdk.records import link, unlink
from app.sdk.screens import Page, current_person, requires, translated, write_date
from app.sdk.services import SYSTEM, Actor, db, is_present, scope_filter, search_filter
from plugins.complaints.collaboration import MERGED
from plugins.complaints.models import Complaint
from plugins.complaints.services import of_caller

MERGED_INTO = "merged_into_id"
MOST = 20


def candidates(
    session: Session, actor: Actor, complaint: Complaint, text: str = ""
) -> Sequence[Complaint]:
    """Return complaints that another one can be merged into: open, seen, and not itself.

    Those of the same caller come first, then the newest; without a text those of the caller alone
    are offered, where there are any.

    Args:
        session: any session.
        actor: who merges.
        complaint: the duplicate.
        text: what has been typed to find another one.

    Returns:
        At most 20 complaints.
    """
    allowed = (
        scope_filter(actor, Complaint), is_present(Complaint), Complaint.is_open.is_(True),
        Complaint.id != complaint.id,
    )
    newest = (Complaint.received_at.desc(), Complaint.id.desc())
    held: Any = complaint.contact  # the model names the text; what is read is a masked value
    contact = held.reveal() if held else ""
    same = of_caller(actor, complaint.customer_id, contact)
    found: list[Complaint] = []
    if same is not None:
        found = list(session.scalars(
            select(Complaint).where(*allowed, same, *_matching(session, text))
            .order_by(*newest).limit(MOST)))
    if len(found) < MOST and (text or not found):
        found += session.scalars(
            select(Complaint)
            .where(*allowed, *_matching(session, text),
                   Complaint.id.not_in([one.id for one in found]))
            .order_by(*newest).limit(MOST - len(found)))
    return found


def _matching(session: Session, text: str) -> list[Any]:
    return [search_filter(session, Complaint, text)] if text else []


def tie(session: Session, actor: Actor, complaint: Complaint, target: Complaint) -> None:
    """Link a duplicate to the complaint that goes on, with all that were merged into it before.

    Args:
        session: session with a running write.
        actor: who merges; need not see what was merged before.
        complaint: the duplicate.
        target: the complaint that goes on.
    """
    link(session, actor, complaint, target, MERGED)
    for earlier in _merged_into(session, complaint):
        link(session, SYSTEM, earlier, target, MERGED)


def untie(
    session: Session, actor: Actor, complaint: Complaint, values: Mapping[str, Any]
) -> None:
    """Part a complaint that was merged by mistake from those that went on; an effect."""
    target_id = complaint.merged_into_id
    if target_id is not None:
        complaint.merged_into_id = None
        part(session, complaint, target_id)


def part(session: Session, complaint: Complaint, target_id: int) -> None:
    """Take away the links of a complaint that is merged no more to those that went on.

    What had been merged into it before goes with it. Whoever parts them need not see the others.

    Args:
        session: session with a running write.
        complaint: the complaint.
        target_id: key of the one that it had been merged into.
    """
    parted = [complaint, *_merged_into(session, complaint)]
    target: Complaint | None = session.get(Complaint, target_id)
    while target is not None:
        for one in parted:
            unlink(session, SYSTEM, one, target, MERGED)
        target = target.merged_into


def _merged_into(session: Session, complaint: Complaint) -> list[Complaint]:
    """Return the complaints that were merged into another one, also by way of others."""
    found: list[Complaint] = []
    ids = [complaint.id]
    while ids:
        further = session.scalars(
            select(Complaint).where(Complaint.merged_into_id.in_(ids)).order_by(Complaint.id)
        ).all()
        found += further
        ids = [one.id for one in further]
    return found


class MergeCandidatesPage(Page):
    """What the step that merges offers as the complaint to keep."""

    @expose("/merge_candidates/<pk>")
    @requires("show")
    def merge_candidates(self, pk: str) -> Response:
        """Return the complaints that come into question for what has been typed."""
        complaint = self.screen.get_or_404(pk)
        text = request.args.get("q", "").replace("\x00", "").strip()[:100]
        found = candidates(db.session, current_person(), complaint, text)
        states = {one.value: translated(one.label) for one in self.screen.choices_of("state")}
        return jsonify(options=[
            {"value": str(one.id), "label": " · ".join(filter(None, (
                one.number, write_date(one.received_at), one.customer_name,
                states.get(one.state, one.state), one.subject)))}
            for one in found
        ])
