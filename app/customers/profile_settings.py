"""What an admin sets for customers' information: which items count, and what is wanted of them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.versioned_cache import cached_until_change
from app.customers.items import ITEMS, Wanted
from app.customers.template import template_items
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.i18n import N_
from app.settings.services import settings_of

SETTINGS_NAME = "customers"

_ITEMS = tuple(Choice(name, label) for name, label in ITEMS)
SETTINGS = Form(SETTINGS_NAME, N_("Rules of customer information"), (Section("items", "", (
    Field("required_items", Kind.MULTI_CHOICE, N_("Required items"), choices=_ITEMS,
          default=("name", "phone", "id_number", "address")),
    Field("optional_items", Kind.MULTI_CHOICE, N_("Further items that count"), choices=_ITEMS,
          default=("born_on", "email", "wechat")),
    Field("verified_items", Kind.MULTI_CHOICE, N_("Items to be verified"), choices=_ITEMS,
          default=("name", "phone", "id_number"),
          help=N_("An item that is neither required nor filled in needs no verification.")),
    Field("retention_years", Kind.INTEGER, N_("Years until a customer is due for erasure"), True,
          default=0, minimum=0, maximum=50,
          help=N_("From the last contact or the last change of a case. Two persons decide on each. "
                  "0: nobody is proposed.")),
    Field("review_months", Kind.INTEGER, N_("Months until a customer is reviewed again"), True,
          default=12, minimum=0, maximum=120,
          help=N_("From the registration, or the last review. 0: customers are not reviewed.")),
)),))


def wanted_items(session: Session) -> Wanted:
    """Return what is wanted of customers' information, as rules and template say it."""
    return cached_until_change(session, "customers.wanted_items", lambda: _wanted(session))


def _wanted(session: Session) -> Wanted:
    held, template = settings_of(session, SETTINGS_NAME), template_items(session)
    required = frozenset(held["required_items"] or ())
    return Wanted(
        required=required | {field.key for field in template if field.required},
        optional=frozenset(held["optional_items"] or ()) - required,
        verified=frozenset(held["verified_items"] or ()) | {
            field.key for field in template if field.verified},
        review_months=held["review_months"], template=tuple(field.key for field in template),
    )
