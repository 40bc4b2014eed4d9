"""Cards of the home page: what to answer, what the workshop has, what the desk took today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.metrics import counts, named_period
from app.sdk.screens import deadline_badges, translated
from app.sdk.services import Actor, is_present, scope_filter, utcnow
from plugins.enquiries import metrics
from plugins.enquiries.access import ENQUIRY, MESSAGE, REPAIR
from plugins.enquiries.enquiries.workflow import AT_DEPARTMENT
from plugins.enquiries.enquiries.workflow import STATES as ENQUIRY_STATES
from plugins.enquiries.models import Enquiry, Message, Repair
from plugins.enquiries.repairs.workflow import WORKFLOW as REPAIR_WORKFLOW

ROWS = 8
_STANDARD = "screens/home/card.html"


def _rows(
    session: Session, actor: Actor, model: Any, endpoint: str, labels: dict[str, str], *mine: Any
) -> list[dict[str, Any]]:
    """Return the open records of a kind that are a person's, the most urgent first."""
    found: Sequence[Any] = session.execute(
        select(model.id, model.number, model.subject, model.state, model.due_at)
        .where(model.is_open, is_present(model), scope_filter(actor, model, indexed=False), *mine)
        .order_by(model.due_at.is_(None), model.due_at, model.id).limit(ROWS)).all()
    badges = deadline_badges(session, model.__record_type__, [row.id for row in found])
    return [{
        "id": row.id, "title": f"{row.number} {row.subject}", "url": url_for(endpoint, pk=row.id),
        "remark": translated(labels.get(row.state, row.state)),
        "chips": [badges[row.id]] if row.id in badges else [], "due": row.due_at,
    } for row in found]


def my_enquiries(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the enquiries that a person follows or has to answer for a department."""
    mine = or_(Enquiry.owner_id == actor.user_id, Enquiry.handler_id == actor.user_id)
    return {
        "rows": _rows(session, actor, Enquiry, "EnquiryView.show",
                      {one.name: one.label for one in ENQUIRY_STATES}, mine),
        "empty": N_("No enquiry waits for you."),
        "more_url": url_for("EnquiryView.list", is_open__is="true", workers__in="me"),
    }


def my_repairs(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the repair reports that a person has to see to; nothing without any."""
    mine = or_(Repair.owner_id == actor.user_id, Repair.handler_id == actor.user_id,
               Repair.responsible_department_id.in_(sorted(actor.led_department_ids)))
    rows = _rows(session, actor, Repair, "RepairView.show",
                 {one.name: one.label for one in REPAIR_WORKFLOW.states}, mine)
    return {"rows": rows, "more_url": url_for("RepairView.list", is_open__is="true")
            } if rows else None


def my_messages(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return whom a person has to call back; nothing without any."""
    rows = _rows(session, actor, Message, "MessageView.show", {},
                 Message.owner_id == actor.user_id)
    return {"rows": [{**row, "remark": ""} for row in rows], "more_url": url_for(
        "MessageView.list", is_open__is="true", owner__in="me")} if rows else None


def today(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the figures of the day; each one opens the records behind it."""
    found = counts(session, actor, [metrics.RECEIVED, metrics.AT_ONCE, metrics.UNANSWERED],
                   named_period("today"))
    late = session.scalar(
        select(func.count()).select_from(Enquiry).where(
            Enquiry.state == AT_DEPARTMENT, Enquiry.department_due_at < utcnow(),
            is_present(Enquiry), scope_filter(actor, Enquiry, indexed=False))) or 0
    overdue = session.scalar(
        select(func.count()).select_from(Enquiry).where(
            Enquiry.is_open, Enquiry.due_at < utcnow(), is_present(Enquiry),
            scope_filter(actor, Enquiry, indexed=False))) or 0

    def figure(label: str, value: int, tone: str = "", **filters: Any) -> dict[str, Any]:
        return {"label": label, "value": value, "tone": tone if value else "",
                "url": url_for("EnquiryView.list", **filters)}

    day = {"received_at__period": "today"}
    return {"figures": [
        figure(N_("Received today"), found[metrics.RECEIVED.name], **day),
        figure(N_("Answered at once"), found[metrics.AT_ONCE.name], "good", **day,
               **metrics.AT_ONCE.where),
        figure(N_("Not answered yet"), found[metrics.UNANSWERED.name], "warn", **day,
               **metrics.UNANSWERED.where),
        figure(N_("Promised reply overdue"), overdue, "bad", is_open__is="true",
               due_at__period="past"),
        figure(N_("Late at departments"), late, "bad", state__in=AT_DEPARTMENT,
               department_due_at__period="past"),
    ], "more_url": url_for("EnquiryStatisticsView.page")
        if actor.can("can_statistics", ENQUIRY) else url_for("EnquiryView.list")}


CARDS = (
    Card(name="enquiries.today", title=N_("Enquiries of today"), load=today, template=_STANDARD,
         view=ENQUIRY, order=12, width=12, roles=("supervisor", "leader")),
    Card(name="enquiries.mine", title=N_("My enquiries"), load=my_enquiries, template=_STANDARD,
         view=ENQUIRY, permission="can_edit", order=21, roles=("agent",), to_do=N_("Enquiry")),
    Card(name="enquiries.repairs", title=N_("Repair reports to see to"), load=my_repairs,
         template=_STANDARD, view=REPAIR, order=23, roles=("agent", "leader"),
         to_do=N_("Repair report")),
    Card(name="enquiries.messages", title=N_("To be called back"), load=my_messages,
         template=_STANDARD, view=MESSAGE, order=24, to_do=N_("Message")),
)
