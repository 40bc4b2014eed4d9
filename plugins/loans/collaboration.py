"""What loan applications offer to other plugins, and what they show on customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Ability, Event, EventField, Panel, RecordAction, RecordChip, TimelineFeed
from app.sdk.customers import tier_chip
from app.sdk.models import Customer
from app.sdk.records import create
from app.sdk.screens import Chip, page_language
from app.sdk.services import Actor, is_present, names_of, scope_filter
from app.sdk.workflow import Field, Form, Kind, Section
from plugins.loans.access import APPLICATION
from plugins.loans.applications.approvals import every_round
from plugins.loans.applications.guards_and_effects import TOLD
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.workflow import GATHERING, SOURCE_CHOICES
from plugins.loans.checklist.services import documents_of, names_in, still_to_bring
from plugins.loans.choices import RESULTS
from plugins.loans.follow_ups.services import follow_ups_of

OPEN = "loans.open"
CUSTOMERS = "customers.customer"
_MOST_LISTED = 20

EVENTS = [Event(
    name=TOLD, title=N_("A customer was told the result of a loan application"), is_occasion=True,
    fields=(EventField(name="result", kind=str, text="approved, refused or not_eligible"),),
)]
TIMELINE = [TimelineFeed(
    record_type=LoanApplication.__record_type__, icon="cash-banknote",
    entries={"create": N_("applied for a loan"),
             "done": N_("was told the result of a loan application"),
             "cancelled": N_("withdrew a loan application")},
)]

_FORM = Form("open_application", N_("Open a loan application"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target=CUSTOMERS),
    Field("product_id", Kind.RECORD, N_("Loan product"), True, target="loans.product"),
    Field("amount", Kind.DECIMAL, N_("Amount of the loan"), True, minimum=1),
    Field("term_months", Kind.INTEGER, N_("Term in months"), True, minimum=1, maximum=120),
    Field("vehicle_text", Kind.TEXT, N_("Vehicle wanted"), length=120),
    Field("source", Kind.CHOICE, N_("Source"), choices=SOURCE_CHOICES),
    Field("remarks", Kind.LONG_TEXT, N_("Remarks"), length=4000),
)),))
_SOURCES = {"enquiries": "enquiry", "callbacks": "callback"}


def open_application(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> LoanApplication:
    """Take in an application; what the form leaves open is filled in as in the screen."""
    return create(session, actor, LoanApplication, {
        name: value for name, value in values.items() if value not in (None, "")})


def _defaults(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    """Begin with the customer of the record it is opened from, and say where it comes from."""
    if isinstance(origin, Customer):
        return {"customer_id": origin.id}
    found: dict[str, Any] = {}
    if getattr(origin, "customer_id", None) is not None:
        found["customer_id"] = origin.customer_id
    plugin = getattr(origin, "__record_type__", "").partition(".")[0]
    if plugin in _SOURCES:
        found["source"] = _SOURCES[plugin]
    return found


ABILITIES = [Ability(
    name=OPEN, title=N_("Open a loan application"), view=APPLICATION, permission="can_add",
    form=_FORM, run=open_application, defaults=_defaults, icon="cash-banknote",
)]
ACTIONS = [RecordAction(record_type=CUSTOMERS, ability=OPEN)]


def _lacking(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    return {"number": select(func.sum(LoanApplication.to_bring)).where(
        LoanApplication.customer_id == customer.id, LoanApplication.state.in_(GATHERING),
        is_present(LoanApplication), scope_filter(actor, LoanApplication, indexed=False),
    ).scalar_subquery()}


def _chip(_customer: Customer, values: Mapping[str, Any]) -> Chip | None:
    number = int(values["number"] or 0)
    if not number:
        return None
    return Chip(tone="warn", icon="file-alert", label=ngettext(
        "%(num)s document to bring", "%(num)s documents to bring", number))


CHIPS = [RecordChip(record_type=CUSTOMERS, view=APPLICATION, values=_lacking, show=_chip),
         tier_chip(LoanApplication.__record_type__)]


def to_bring_of_customer(
    session: Session, actor: Actor, customer: Customer
) -> Mapping[str, Any] | None:
    """Return what a customer still has to bring, by application; ``None`` for nothing."""
    found = session.scalars(
        select(LoanApplication).where(
            LoanApplication.customer_id == customer.id, LoanApplication.state.in_(GATHERING),
            LoanApplication.to_bring > 0, is_present(LoanApplication),
            scope_filter(actor, LoanApplication))
        .order_by(LoanApplication.id.desc()).limit(_MOST_LISTED)).all()
    if not found:
        return None
    return {"applications": [
        {"record": one, "names": names_in(
            still_to_bring(documents_of(session, one)), page_language())} for one in found]}


def course_of(session: Session, _actor: Actor, application: LoanApplication) -> Mapping[str, Any]:
    """Return approvals and follow-ups of an application, for the tab of its page."""
    rounds, told = every_round(session, application.id), follow_ups_of(session, application.id)
    language = page_language()
    return {
        "results": dict(RESULTS), "follow_ups": told,
        "approvals": [{"row": row, "post": row.post.titled(language)} for row in rounds],
        "names": names_of(session, filter(None, (
            *(row.decided_by_id for row in rounds), *(row.in_place_of_id for row in rounds),
            *(row.by_id for row in told)))),
    }


PANELS = [
    *(Panel(record_type=kind, title=N_("Loan applications"), view=APPLICATION,
            rows_of=LoanApplication, order=15)
      for kind in (CUSTOMERS, "customers.vehicle", "customers.loan")),
    Panel(record_type=CUSTOMERS, title=N_("Documents to bring"), view=APPLICATION,
          load=to_bring_of_customer, template="loans/to_bring.html", order=16),
    Panel(record_type=LoanApplication.__record_type__, title=N_("Approval and follow-up"),
          view=APPLICATION, load=course_of, template="loans/course.html", order=10),
]
