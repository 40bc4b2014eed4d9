"""What the core offers plugins by name: a note on a customer, kinds of link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access.actor import Actor
from app.collaboration.links import KINDS
from app.collaboration.references import customer_of, get
from app.customers.models import Customer
from app.errors import Invalid
from app.forms.definition import Field, Form, Kind, Section
from app.host.collaboration import Ability
from app.i18n import N_, Message
from app.records.comments import comment

NOTE_FORM = Form("customer_note", N_("Add a note"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target="customers.customer"),
    Field("text", Kind.LONG_TEXT, N_("Note"), True, length=5000),
)),))


def write_note(session: Any, actor: Actor, values: Mapping[str, Any], _origin: Any) -> Customer:
    """Write a note on the timeline of a customer.

    Raises:
        Invalid: the actor may not see the customer.
    """
    customer = get(session, actor, Customer.__record_type__, values["customer_id"])
    if customer is None:
        raise Invalid({"customer_id": Message(N_("Choose one of the values offered."))})
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
)]
LINK_KINDS = list(KINDS)
