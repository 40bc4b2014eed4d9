"""Whom complaints should go to, and why: the share-out of a responsible department."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.sdk.models import Customer
from app.sdk.people import (
    Choice,
    Person,
    Task,
    Worker,
    last_served,
    members,
    open_load,
    share_out,
)
from app.sdk.screens import (
    ActionOffer,
    Page,
    WorkflowActions,
    current_person,
    requires,
    whole_number,
)
from app.sdk.services import actor_for, db, find_many, who_lead
from plugins.complaints.merging import MERGED_INTO
from plugins.complaints.models import Complaint
from plugins.complaints.settings import setting
from plugins.complaints.workflow import VIEW

MOST_AT_ONCE = 500
MOST_OFFERED = 20
_HANDLER, _DEPARTMENT = "handler_id", "responsible_department_id"
_TOKEN = re.compile(r"\d{1,10}(?=:|\Z)")


@dataclasses.dataclass(frozen=True, slots=True)
class Suggestion:
    """Whom complaints should go to.

    Attributes:
        choices: one for each complaint, in their order.
        people: those of the department who may work on complaints, absent ones too.
        load: open complaints of each as responsible person, by user id.
        quota: most that one should have at a time; ``None``: no limit.
    """

    choices: Sequence[Choice]
    people: Sequence[Person]
    load: Mapping[int, int]
    quota: int | None

    @property
    def shares(self) -> Mapping[int, int]:
        """How many of the complaints each person would get, by user id."""
        return Counter(one.user_id for one in self.choices if one.user_id is not None)


def suggest(
    session: Session, complaints: Sequence[Complaint], department_id: int
) -> Suggestion:
    """Return whom complaints should go to within a department.

    Args:
        session: any session; complaints that were given just now have been flushed.
        complaints: what is to be given.
        department_id: the responsible department.

    Raises:
        LookupError: there is no such department.
    """
    people = candidates(session, department_id)
    keys = [person.user_id for person in people]
    load = open_load(session, Complaint, keys, by=_HANDLER)
    served, quota = last_served(session, Complaint.__record_type__, keys), setting(
        session, "most_open")
    agents = _own_agents(session, complaints)
    return Suggestion(
        share_out(
            [Task(key=one.id, own_agent=agents.get(one.customer_id)) for one in complaints],
            [Worker(user_id=one.user_id, load=load[one.user_id], quota=quota,
                    presence=one.presence, skills=one.skills,
                    last_served=served.get(one.user_id)) for one in people],
        ),
        people, load, quota,
    )


def candidates(session: Session, department_id: int) -> list[Person]:
    """Return who may work on complaints and does not alone decide on what they propose."""
    approvers = {
        user_id for user_id in who_lead(session, department_id)
        if (person := actor_for(session, user_id)) is not None and person.can("can_approve", VIEW)}
    found = members(session, department_id=department_id, can=("can_edit", VIEW), present=False)
    return [person for person in found if approvers - {person.user_id}]


def _own_agents(session: Session, complaints: Sequence[Complaint]) -> dict[int | None, int]:
    keys = {one.customer_id for one in complaints} - {None}
    if not keys:
        return {}
    rows = session.execute(
        select(Customer.id, Customer.owner_id)
        .where(Customer.id.in_(keys), Customer.owner_id.is_not(None)))
    return {key: owner_id for key, owner_id in rows if owner_id is not None}


class ComplaintActions(WorkflowActions):
    """The steps of a complaint; their forms say whom it should go to and what it is merged into."""

    def form(self, offer: ActionOffer, record: Complaint | None) -> Any:
        """Let the responsible person be suggested, and likely duplicates be offered first."""
        form = super().form(offer, record)
        if _HANDLER in form and _DEPARTMENT in form:
            # Read by the widget.
            vars(form[_HANDLER]).update(
                advice=self.screen.url(
                    "suggestion", **({} if record is None else {"pk": record.id})),
                choices_url=self.screen.url("handlers"),
                advice_from=f"csrf_token,row,{_DEPARTMENT}",
            )
        if record is not None and MERGED_INTO in form:
            vars(form[MERGED_INTO])["choices_url"] = self.screen.url(
                "merge_candidates", pk=record.id)
        return form


class SuggestionPage(Page):
    """Says whom complaints should go to, while the form that assigns them is filled in."""

    @expose("/suggestion", methods=["POST"])
    @requires("edit")
    def suggestion(self) -> Markup:
        """Show the people of the chosen department with their load, and who is suggested."""
        department_id = whole_number(request.form.get(_DEPARTMENT, ""))
        complaints, found = self._complaints(), None
        if department_id is not None and complaints:
            try:
                found = suggest(db.session, complaints, department_id)
            except LookupError:
                found = None
        return Markup(self.screen.render(
            "complaints/suggestion.html", found=found, number=len(complaints)))

    @staticmethod
    def _complaints() -> list[Complaint]:
        texts = [request.args.get("pk", ""), *request.form.getlist("row")[:MOST_AT_ONCE]]
        keys = dict.fromkeys(
            int(match[0]) for text in texts if (match := _TOKEN.match(text)) is not None)
        return find_many(db.session, current_person(), Complaint, keys)


class HandlersPage(Page):
    """Whom the form that assigns offers as the responsible person: only who would be accepted."""

    @expose("/handlers")
    @requires("edit")
    def handlers(self) -> Response:
        """Return the people of the chosen department, those with the least to do first."""
        department_id = whole_number(request.args.get("within", ""))
        text = request.args.get("q", "").replace("\x00", "").strip()[:100].casefold()
        try:
            people = [] if department_id is None else candidates(db.session, department_id)
        except LookupError:
            people = []
        load = open_load(db.session, Complaint, [one.user_id for one in people], by=_HANDLER)
        people.sort(key=lambda one: (one.presence <= 0, load[one.user_id], one.name))
        return jsonify(options=[
            {"value": str(one.user_id), "label": " · ".join(filter(None, (
                one.name, gettext("Away today") if one.presence <= 0 else "",
                ngettext("%(num)s open", "%(num)s open", load[one.user_id]))))}
            for one in people if text in one.name.casefold()
        ][:MOST_OFFERED])
