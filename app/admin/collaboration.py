"""What the core offers plugins by name: notes, contacts and consents of a customer, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access.actor import Actor
from app.collaboration.links import KINDS
from app.collaboration.references import customer_of, get
from app.customers.contact_models import EVERY_PURPOSE, PURPOSES, DoNotContact
from app.customers.contacts import note_contact
from app.customers.models import CONTACT_WAYS, Customer
from app.errors import Invalid
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.host.collaboration import Ability
from app.i18n import N_, Message
from app.records.comments import comment
from app.records.operations import operations_of

NOTE_FORM = Form("customer_note", N_("Add a note"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target="customers.customer"),
    Field("text", Kind.LONG_TEXT, N_("Note"), True, length=5000),
)),))


CONTACT_FORM = Form("customer_contact", N_("Log a contact"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target="customers.customer"),
    Field("channel", Kind.CHOICE, N_("Contact channel"), True, default="phone",
          choices=tuple(Choice(*way) for way in CONTACT_WAYS)),
    Field("purpose", Kind.CHOICE, N_("Purpose"), True, default="service",
          choices=tuple(Choice(*purpose) for purpose in PURPOSES)),
    Field("reached", Kind.BOOLEAN, N_("Reached")),
)),))
# A form has no empty choice that can be chosen: here "every purpose" has a name.
_EVERY = "every"
DO_NOT_CONTACT_FORM = Form("customer_do_not_contact", N_("Do not contact"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target="customers.customer"),
    Field("purpose", Kind.CHOICE, N_("Purpose"), True, default=_EVERY,
          choices=tuple(Choice(code or _EVERY, label) for code, label in EVERY_PURPOSE)),
    Field("reason", Kind.TEXT, N_("Reason"), True, length=200),
    Field("until_on", Kind.DATE, N_("Until"), help=N_("The last day. Left empty, for good.")),
)),))


def _customer(session: Any, actor: Actor, key: int) -> Customer:
    customer = get(session, actor, Customer.__record_type__, key)
    if customer is None:
        raise Invalid({"customer_id": Message(N_("Choose one of the values offered."))})
    return customer


def log_contact(session: Any, actor: Actor, values: Mapping[str, Any], origin: Any) -> Customer:
    """Log a contact with a customer, or a try.

    Raises:
        Invalid: the actor may not see the customer.
    """
    customer = _customer(session, actor, values["customer_id"])
    note_contact(session, actor, customer.id, values["channel"], values["purpose"],
                 bool(values.get("reached")), origin=origin)
    return customer


def forbid_contact(
    session: Any, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Customer:
    """Enter that a customer is not to be contacted.

    Raises:
        Invalid: the actor may not see the customer.
    """
    customer = _customer(session, actor, values["customer_id"])
    purpose = "" if values["purpose"] == _EVERY else values["purpose"]
    operations_of(DoNotContact).create(session, actor, {
        "customer_id": customer.id, "purpose": purpose, "reason": values["reason"],
        "until_on": values.get("until_on")})
    return customer


def write_note(session: Any, actor: Actor, values: Mapping[str, Any], _origin: Any) -> Customer:
    """Write a note on the timeline of a customer.

    Raises:
        Invalid: the actor may not see the customer.
    """
    customer = _customer(session, actor, values["customer_id"])
    comment(session, actor, customer, values["text"], view="core.Customer")
    return customer


def customer_of_origin(_session: Any, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    """Return the customer that a record is about, to begin a form with."""
    key = None if origin is None else customer_of(origin)
    return {} if key is None else {"customer_id": key}


ABILITIES = [Ability(
    name="customers.note", title=N_("Add a note to the customer"), view="core.Customer",
    permission="can_comment", form=NOTE_FORM, run=write_note, defaults=customer_of_origin,
    links=False, icon="note",
), Ability(
    name="customers.note_contact", title=N_("Log a contact"), view="core.Customer",
    permission="can_comment", form=CONTACT_FORM, run=log_contact, defaults=customer_of_origin,
    links=False, icon="phone-outgoing",
), Ability(
    name="customers.do_not_contact", title=N_("Do not contact"), view="core.DoNotContact",
    permission="can_add", form=DO_NOT_CONTACT_FORM, run=forbid_contact,
    defaults=customer_of_origin, links=False, icon="phone-off",
)]
LINK_KINDS = list(KINDS)
