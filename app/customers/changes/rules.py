"""Which data of customers are protected, and who needs a second person: as an admin sets it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.items import ITEMS
from app.customers.template import CUSTOMERS
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.i18n import N_
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import custom_fields_of
from app.settings.services import settings_of

VIEW = "core.ChangeRequest"
DECIDE = "can_decide"
SETTINGS_NAME = "customer_changes"

# A request keeps its values as texts, and a date of birth is none.
LABELS = {name: label for name, label in ITEMS if name != "born_on"}
"""What can be protected: texts of a line, by column."""

SETTINGS = Form(SETTINGS_NAME, N_("Protected customer data"), (Section("changes", "", (
    Field("protected", Kind.MULTI_CHOICE, N_("Protected data"),
          choices=tuple(Choice(name, label) for name, label in LABELS.items()),
          default=("name", "phone", "id_number"),
          help=N_("A change of them is a request that a second person approves. Fields of the "
                  "collection template are protected where they are defined.")),
    Field("of_deciders", Kind.BOOLEAN, N_("Those who may decide need a second person, too"),
          default=True),
    Field("needs_document", Kind.BOOLEAN, N_("A request needs a document"), default=True,
          help=N_("An attached file, or the number of a document.")),
)),))


def withheld(session: Session, actor: Actor, names: Iterable[str]) -> frozenset[str]:
    """Return which columns and custom fields need a second person if an actor changes them.

    The product itself, which acts where no person does, changes all of them.

    Args:
        session: any session.
        actor: who would change them.
        names: columns, and keys of custom fields.
    """
    if actor.is_system:
        return frozenset()
    rules = settings_of(session, SETTINGS_NAME)
    if not rules["of_deciders"] and actor.can(DECIDE, VIEW):
        return frozenset()
    of_template = {field.key for field in custom_fields_of(session, CUSTOMERS) if field.protected}
    return frozenset(rules["protected"] or ()).union(of_template).intersection(names)


def fields_by_key(session: Session) -> dict[str, CustomField]:
    """Return the fields of the template by key."""
    return {field.key: field for field in custom_fields_of(session, CUSTOMERS)}


def needs_document(session: Session) -> bool:
    """Return whether a request has to name a document or carry a file."""
    return bool(settings_of(session, SETTINGS_NAME)["needs_document"])
