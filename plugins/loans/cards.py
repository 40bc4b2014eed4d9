"""Cards of the home page: applications that wait for a person, and how many stand where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.metrics import counts
from app.sdk.people import local_today
from app.sdk.screens import deadline_badges, translated
from app.sdk.services import Actor, AnySelect, is_present, scope_filter, utcnow
from plugins.loans import metrics
from plugins.loans.access import APPLICATION
from plugins.loans.applications import approvals
from plugins.loans.applications.models import Approval, LoanApplication
from plugins.loans.applications.workflow import APPROVAL, AT_APPROVERS, STATES

ROWS = 8
_LOOKED_AT = 60
_STANDARD = "screens/home/card.html"
_LABELS = {state.name: state.label for state in STATES}
_BY_DUE = (LoanApplication.due_at.is_(None), LoanApplication.due_at, LoanApplication.id)


def _open(actor: Actor, *columns: Any) -> AnySelect:
    return select(*columns).where(LoanApplication.is_open, is_present(LoanApplication),
                                  scope_filter(actor, LoanApplication, indexed=False))


def _rows(session: Session, found: Sequence[Any]) -> list[dict[str, Any]]:
    badges = deadline_badges(session, LoanApplication.__record_type__, [row.id for row in found])
    return [
        {"id": row.id, "title": f"{row.number} {row.customer_name}",
         "url": url_for("ApplicationView.show", pk=row.id),
         "remark": translated(_LABELS.get(row.state, row.state)),
         "chips": [badges[row.id]] if row.id in badges else [], "due": row.due_at}
        for row in found]


_SHOWN = (LoanApplication.id, LoanApplication.number, LoanApplication.customer_name,
          LoanApplication.state, LoanApplication.due_at)


def my_work(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the applications that the actor works on, the most urgent first."""
    found = session.execute(_open(actor, *_SHOWN).where(
        LoanApplication.owner_id == actor.user_id).order_by(*_BY_DUE).limit(ROWS)).all()
    return {"rows": _rows(session, found), "empty": N_("No loan application waits for you."),
            "more_url": url_for("ApplicationView.list", is_open__is="true", owner__in="me")}


def to_approve(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the applications on which the actor's post decides next."""
    found = session.scalars(_open(actor, LoanApplication).where(
        LoanApplication.state == APPROVAL).order_by(*_BY_DUE).limit(_LOOKED_AT)).all()
    if not found:
        return None
    turns: dict[int, Approval] = {}
    for row in session.scalars(
            select(Approval).where(Approval.application_id.in_([one.id for one in found]),
                                   Approval.decision == "")
            .order_by(Approval.round.desc(), Approval.place)):
        turns.setdefault(row.application_id, row)
    mine = [one for one in found if one.id in turns and actor.user_id in {
        holder.user_id for holder in approvals.acting(session, one, turns[one.id])}]
    if not mine:
        return None
    return {"rows": _rows(session, mine[:ROWS]), "empty": N_("No application waits for you."),
            "more_url": url_for("ApplicationView.list", state__in=APPROVAL)}


def standing(session: Session, actor: Actor) -> dict[str, Any]:
    """Return how many stand where; every figure opens the records behind it."""
    found = counts(session, actor, [metrics.OPEN, metrics.LACKING, metrics.TO_TELL])
    # What is overdue changes as time passes and no record does: it is counted, by its index.
    late = session.scalar(_open(actor, func.count()).where(
        LoanApplication.due_at < utcnow(), LoanApplication.state.in_(AT_APPROVERS))) or 0
    broken = session.scalar(_open(actor, func.count()).where(
        LoanApplication.promised_on < local_today())) or 0

    def figure(label: str, value: int, tone: str, filters: Mapping[str, Any]) -> dict[str, Any]:
        return {"label": label, "value": value, "tone": tone if value else "",
                "url": url_for("ApplicationView.list", **filters)}

    return {
        "figures": [
            figure(N_("Open"), found[metrics.OPEN.name], "", metrics.OPEN.where),
            figure(N_("Documents to bring"), found[metrics.LACKING.name], "warn",
                   metrics.LACKING.where),
            figure(N_("Follow-up overdue"), late, "bad",
                   {"state__in": sorted(AT_APPROVERS), "due_at__period": "past"}),
            figure(N_("Promise not kept"), broken, "bad",
                   {"is_open__is": "true", "promised_on__period": "past"}),
            figure(N_("To be told"), found[metrics.TO_TELL.name], "warn",
                   metrics.TO_TELL.where),
        ],
    }


CARDS = (
    Card(name="loans.standing", title=N_("Loan applications"), load=standing,
         template=_STANDARD, view=APPLICATION, order=27, width=12,
         roles=("supervisor", "leader")),
    Card(name="loans.mine", title=N_("My loan applications"), load=my_work, template=_STANDARD,
         view=APPLICATION, permission="can_edit", order=28, roles=("agent",),
         to_do=N_("Loan application")),
    Card(name="loans.approvals", title=N_("Loan applications to approve"), load=to_approve,
         template=_STANDARD, view=APPLICATION, permission="can_approve", order=16,
         to_do=N_("Approval")),
)
