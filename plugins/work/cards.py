"""Cards of the home page: one's own report, and what whoever leads has to read and decide."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.services import Actor, is_present, scope_filter, utcnow
from plugins.work.access import MAY_DECIDE, PROPOSAL, REPORT
from plugins.work.proposals.models import Proposal
from plugins.work.proposals.workflow import REVIEW, SUBMITTED
from plugins.work.reports.models import WeeklyReport
from plugins.work.reports.workflow import DRAFT, HANDED_IN

ROWS = 4
_STANDARD = "screens/home/card.html"


def to_write(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the weekly reports that the actor has to hand in."""
    found = session.execute(
        select(WeeklyReport.id, WeeklyReport.week, WeeklyReport.hand_in_by).where(
            WeeklyReport.owner_id == actor.user_id, WeeklyReport.state == DRAFT,
            is_present(WeeklyReport)).order_by(WeeklyReport.starts_on).limit(ROWS)).all()
    if not found:
        return None
    return {"rows": [{
        "id": one.id, "title": one.week, "url": url_for("WeeklyReportView.edit", pk=one.id),
        "due": one.hand_in_by} for one in found],
        "more_url": url_for("WeeklyReportView.list", owner__in="me")}


def to_look_at(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return how many reports the actor has to read, how many lack, what is to be decided."""
    of_mine = (WeeklyReport.reader_id == actor.user_id, is_present(WeeklyReport))
    numbers = session.execute(select(
        select(func.count()).select_from(WeeklyReport)
        .where(*of_mine, WeeklyReport.state == HANDED_IN).scalar_subquery().label("to_read"),
        select(func.count()).select_from(WeeklyReport)
        .where(*of_mine, WeeklyReport.state == DRAFT, WeeklyReport.hand_in_by < utcnow())
        .scalar_subquery().label("lacking"),
        select(func.count()).select_from(Proposal)
        .where(Proposal.state.in_((SUBMITTED, REVIEW)), is_present(Proposal),
               scope_filter(actor, Proposal, indexed=False)).scalar_subquery().label("to_decide"),
    )).one()
    decides = actor.can(*MAY_DECIDE)
    if not (numbers.to_read or numbers.lacking or (decides and numbers.to_decide)):
        return None
    found = [
        {"label": N_("To be read by me"), "value": numbers.to_read, "tone": "",
         "url": url_for("WeeklyReportView.list", state__in=HANDED_IN, reader__in="me")},
        {"label": N_("Not handed in"), "value": numbers.lacking,
         "tone": "bad" if numbers.lacking else "",
         "url": url_for("WeeklyReportView.list", state__in=DRAFT, hand_in_by__period="past",
                        reader__in="me")}]
    if decides:
        found.append({"label": N_("Proposals to be decided"), "value": numbers.to_decide,
                      "tone": "", "url": url_for("ProposalView.list",
                                                 state__in=[SUBMITTED, REVIEW])})
    return {"figures": found}


CARDS = (
    Card(name="work.mine", title=N_("My weekly reports"), load=to_write, template=_STANDARD,
         view=REPORT, permission="can_edit", order=50, width=3, to_do=N_("Weekly report")),
    Card(name="work.team", title=N_("Reports and proposals"), load=to_look_at,
         template=_STANDARD, view=PROPOSAL, permission="can_decide", order=52),
)
