"""Cards of the home page: what an agent, a supervisor, an approver has to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.metrics import Measure, count_by, counts, counts_before_now, records_url
from app.sdk.metrics import figures as rates
from app.sdk.models import Staff
from app.sdk.screens import deadline_badges, person_text, translated
from app.sdk.services import Actor, AnySelect, Unindexed, scope_filter, utcnow
from plugins.complaints import metrics
from plugins.complaints.models import Complaint
from plugins.complaints.periods import period_of
from plugins.complaints.services import silent_since, without_progress
from plugins.complaints.settings import setting
from plugins.complaints.summary import figure_text, rate_of_text
from plugins.complaints.workflow import STATES, VIEW

ROWS = 8
_SERVED_AGE = dt.timedelta(minutes=1)
_STANDARD = "screens/home/card.html"
_LABELS = {state.name: state.label for state in STATES}


def _open(actor: Actor, *columns: Any) -> AnySelect:
    return select(*columns).where(
        Complaint.is_open, Complaint.deleted_at.is_(None),
        scope_filter(actor, Complaint, indexed=False),
    )


def _rows(
    session: Session, statement: AnySelect,
    acts: Callable[[Any], list[dict[str, Any]]] | None = None,
) -> list[dict[str, Any]]:
    found = session.execute(statement.limit(ROWS)).all()
    return _drawn(session, found, acts)


def _most_urgent(
    session: Session, statement: AnySelect,
    acts: Callable[[Any], list[dict[str, Any]]] | None = None,
) -> list[dict[str, Any]]:
    """Return rows by deadline, those without one at the end."""
    return _drawn(session, _by_deadline(session, statement), acts)


def _by_deadline(session: Session, statement: AnySelect) -> list[Any]:
    """Return what is due first, then what has no deadline.

    Records with a deadline are read in the order of the index until there are enough; only where
    they are few the others are looked for.
    """
    found = list(session.execute(
        statement.where(Complaint.due_at.is_not(None)).order_by(Complaint.due_at, Complaint.id)
        .limit(ROWS)))
    if len(found) < ROWS:
        found += session.execute(
            # The index of deadlines would read everything open that has none.
            statement.where(Unindexed(Complaint.due_at.expression).is_(None))
            .order_by(Complaint.id)
            .limit(ROWS - len(found))).all()
    return found


def _drawn(
    session: Session, found: Sequence[Any],
    acts: Callable[[Any], list[dict[str, Any]]] | None,
) -> list[dict[str, Any]]:
    chips = _chips(session, found)
    return [
        {
            "id": row.id,
            "title": f"{row.number} {row.subject}",
            "url": url_for("ComplaintView.show", pk=row.id),
            "remark": translated(_LABELS.get(row.state, row.state)),
            "chips": chips(row),
            "due": row.due_at,
            "acts": acts(row) if acts else [],
        }
        for row in found
    ]


def _chips(session: Session, rows: Sequence[Any]) -> Callable[[Any], list[Markup]]:
    """Return what gives the deadline of one of the rows, as lists show it."""
    badges = deadline_badges(session, Complaint.__record_type__, [row.id for row in rows])
    return lambda row: [badges[row.id]] if row.id in badges else []


def _act(
    row: Any, name: str, label: str, *, asks: bool = False, primary: bool = False
) -> dict[str, Any]:
    """Return a button of a line: at once, or with the dialog of the transition."""
    here = url_for("HomeView.index")
    return {
        "name": name, "label": label, "asks": asks, "primary": primary, "version": row.version,
        "next": here,
        "url": url_for("ComplaintView.action_page", pk=row.id, name=name,
                       next=here if asks else None),
    }


_SHOWN = (Complaint.id, Complaint.number, Complaint.subject, Complaint.state, Complaint.due_at,
          Complaint.version)


def _mine(actor: Actor) -> ColumnElement[bool]:
    return or_(Complaint.owner_id == actor.user_id, Complaint.handler_id == actor.user_id)


def my_work(session: Session, actor: Actor) -> dict[str, Any]:
    """Return what the actor works on, the most urgent first."""
    return {
        "rows": _most_urgent(session, _open(actor, *_SHOWN).where(_mine(actor))),
        "empty": N_("Nothing is waiting for you."),
        "more_url": url_for("ComplaintView.list", is_open__is="true", workers__in="me"),
    }


def to_take(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return what is new in the actor's teams and belongs to nobody: one click takes it."""
    if not actor.team_ids or "agent" not in actor.roles:
        return None
    # Found by the index of owners, for few records have none; of a team there are thousands.
    free = _open(actor, *_SHOWN).where(
        Complaint.owner_id.is_(None),
        Unindexed(Complaint.team_id.expression).in_(sorted(actor.team_ids)),
    ).order_by(Complaint.due_at.is_(None), Complaint.due_at, Complaint.id)
    return {
        "rows": _rows(session, free, lambda row: [_act(row, "take", N_("Take"), primary=True)]),
        "empty": N_("Everything in your team has an owner."),
        "more_url": url_for("ComplaintView.list", owner__empty="1", is_open__is="true"),
    }


def waiting_for_customer(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the actor's complaints that wait for the customer."""
    waiting = _open(actor, *_SHOWN).where(Complaint.state == "waiting", _mine(actor))
    return {
        "rows": _most_urgent(session, waiting),
        "empty": N_("Nothing waits for a customer."),
        "more_url": url_for("ComplaintView.list", state__in="waiting", workers__in="me"),
    }


def breaches(session: Session, actor: Actor) -> dict[str, Any]:
    """Return what is overdue, the longest first."""
    late = _open(actor, *_SHOWN).where(Complaint.due_at < utcnow())
    return {
        "rows": _rows(session, late.order_by(Complaint.due_at, Complaint.id)),
        "empty": N_("Nothing is overdue."),
        "more_url": url_for("ComplaintView.list", is_open__is="true", due_at__period="past"),
    }


def approvals(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return solutions that wait for the actor's approval, with their substance.

    Approving or sending back takes one click here and one in the dialog. Nothing is returned for
    those who approve none.
    """
    if not actor.led_department_ids or not actor.can("can_approve", VIEW):
        return None
    waiting = _open(actor, *_SHOWN, Complaint.demand, Complaint.solution).where(
        Complaint.state == "proposed",
        Complaint.responsible_department_id.in_(sorted(actor.led_department_ids)),
        or_(Complaint.proposer_id.is_(None), Complaint.proposer_id != actor.user_id),
    )
    found = _by_deadline(session, waiting)
    chips = _chips(session, found)
    return {
        "rows": [
            {
                "id": row.id,
                "title": f"{row.number} {row.subject}",
                "url": url_for("ComplaintView.show", pk=row.id),
                "chips": chips(row),
                "due": row.due_at,
                "facts": [(N_("Customer's demand"), row.demand), (N_("Solution"), row.solution)],
                "acts": [_act(row, "approve", N_("Approve"), asks=True, primary=True),
                         _act(row, "send_back", N_("Send back"), asks=True)],
            }
            for row in found
        ],
        "empty": N_("No solution waits for your approval."),
        "more_url": url_for("ComplaintView.list", state__in="proposed"),
    }


def month(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the figures of this month; each one opens the records behind it."""
    found = counts(
        session, actor,
        [metrics.RECEIVED, metrics.CLOSED, metrics.DISSATISFIED, metrics.MAJOR],
        period_of("this_month"),
    )

    def figure(label: str, measure: Measure, tone: str = "") -> dict[str, Any]:
        return _figure(label, found[measure.name], tone, received_at__period="this_month",
                       **measure.where)

    return {
        "figures": [
            figure(N_("Received"), metrics.RECEIVED),
            figure(N_("Closed"), metrics.CLOSED, "good"),
            figure(N_("Dissatisfied"), metrics.DISSATISFIED, "bad"),
            figure(N_("Major complaints"), metrics.MAJOR, "bad"),
            _rate(session, actor),
        ],
        "more_url": url_for("ComplaintStatisticsView.page"),
    }


def _rate(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the complaint rate of this month with what it is a rate of."""
    metric, period = metrics.BY_NAME["complaints.complaint_rate"], period_of("this_month")
    found = rates(session, actor, [metric], period, served_age=_SERVED_AGE)[metric.name]
    return {
        "label": f"{translated(metric.title)} ({rate_of_text(found)})",
        "tone": "still" if found.value is None else "",
        "value": gettext("not available") if found.value is None
        else figure_text(metric.unit, found.value),
        "url": "" if found.value is None else records_url(metric, period),
    }


def _figure(label: str, value: int, tone: str = "", **filters: Any) -> dict[str, Any]:
    return {"label": label, "value": value, "tone": tone if value else "",
            "url": url_for("ComplaintView.list", **filters)}


def figures(session: Session, actor: Actor) -> dict[str, Any]:
    """Return how many stand where; every figure opens the records behind it."""
    overdue = counts_before_now(session, actor, [metrics.OPEN_DUE])[metrics.OPEN_DUE.name]
    found = counts(session, actor, [
        metrics.OPEN, metrics.UNOWNED, metrics.PROPOSED, metrics.OPEN_MAJOR])

    def figure(label: str, measure: Measure, tone: str = "") -> dict[str, Any]:
        return _figure(label, found[measure.name], tone, **measure.where)

    return {
        "figures": [
            figure(N_("Open"), metrics.OPEN),
            _figure(N_("Overdue"), overdue, "bad", is_open__is="true", due_at__period="past"),
            figure(N_("Without owner"), metrics.UNOWNED, "warn"),
            figure(N_("Waiting for approval"), metrics.PROPOSED),
            figure(N_("Major complaints"), metrics.OPEN_MAJOR, "bad"),
        ]
    }


def team_load(session: Session, actor: Actor) -> dict[str, Any]:
    """Return who works on how many open complaints."""
    loads = count_by(session, actor, metrics.OPEN, "person")
    names = dict(session.execute(
        select(Staff.user_id, Staff.name).where(Staff.user_id.in_(loads))).all())
    found = sorted(
        ((number, names[key], key) for key, number in loads.items() if key in names),
        key=lambda one: (-one[0], one[1]))[:ROWS]
    return {
        "rows": [
            {"title": person_text(name), "remark": gettext("%(number)s open", number=number),
             "url": (url := url_for("ComplaintView.list", is_open__is="true", owner__in=key)),
             "remark_url": url}
            for number, name, key in found
        ],
        "empty": N_("Nobody works on a complaint."),
        "more_url": url_for("ComplaintView.list", is_open__is="true", owner__filled="1"),
    }


def without_news(session: Session, actor: Actor) -> dict[str, Any]:
    """Return complaints whose customer has heard nothing for long (P3)."""
    hours = setting(session, "news_hours")
    found = without_progress(session, actor, hours=hours, limit=ROWS)
    return {
        "rows": [{"title": f"{one.number} {one.subject}", "remark": one.customer_name,
                  "url": url_for("ComplaintView.show", pk=one.id)} for one in found],
        "empty": N_("Every customer has heard from us lately."),
        "more_url": url_for("ComplaintView.list", is_open__is="true", sort="received_at",
                            heard_at__before=silent_since(hours).isoformat()),
    }


CARDS = (
    Card(name="complaints.figures", title=N_("Complaints"), load=figures, template=_STANDARD,
         view=VIEW, order=10, width=12),
    Card(name="complaints.approvals", title=N_("Waiting for my approval"), load=approvals,
         template=_STANDARD, view=VIEW, permission="can_approve", order=15, width=12,
         to_do=N_("Approval")),
    Card(name="complaints.my_work", title=N_("My next complaints"), load=my_work,
         template=_STANDARD, view=VIEW, permission="can_edit", order=20, roles=("agent",),
         to_do=N_("Complaint")),
    Card(name="complaints.to_take", title=N_("New in my team"), load=to_take,
         template=_STANDARD, view=VIEW, permission="can_edit", order=22, roles=("agent",)),
    Card(name="complaints.breaches", title=N_("Overdue"), load=breaches, template=_STANDARD,
         view=VIEW, order=24, roles=("supervisor", "leader")),
    Card(name="complaints.team_load", title=N_("Team workload"), load=team_load,
         template=_STANDARD, view=VIEW, permission="can_statistics", order=30),
    Card(name="complaints.waiting", title=N_("Waiting for customer"), load=waiting_for_customer,
         template=_STANDARD, view=VIEW, permission="can_edit", order=35, roles=("agent",)),
    Card(name="complaints.month", title=N_("Complaints of this month"), load=month,
         template=_STANDARD, view=VIEW, permission="can_statistics", order=38),
    Card(name="complaints.without_news", title=N_("Customers without news"),
         load=without_news, template=_STANDARD, view=VIEW, permission="can_edit", order=40),
)
