"""Items of information about a customer: what is wanted of them, how complete they are. Pure."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.i18n import N_
from app.records.custom_fields.definitions import PREFIX

ITEMS = (
    ("name", N_("Name")), ("phone", N_("Phone")), ("id_number", N_("ID number")),
    ("born_on", N_("Born on")), ("address", N_("Address")), ("email", N_("Email")),
    ("wechat", N_("WeChat")), ("qq", N_("QQ")),
)
"""Columns of a customer that are items, with their labels, in order."""

NAMES = tuple(name for name, _label in ITEMS)

VERIFIED, REJECTED, UNVERIFIED = "verified", "rejected", "unverified"
VERIFICATION_STATES = (
    (VERIFIED, N_("Verified")), (REJECTED, N_("Rejected")), (UNVERIFIED, N_("Unverified")),
)

MISSING, TO_VERIFY, IN_ORDER = "missing", "to_verify", "in_order"
INFORMATION_STATES = (
    (MISSING, N_("Required items missing")), (TO_VERIFY, N_("To be verified")),
    (IN_ORDER, N_("In order")),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted of the information about a customer.

    Attributes:
        required: items that must be there.
        optional: further items that count.
        verified: items that must be verified where they are there.
        review_months: months after which it has to be reviewed; 0 for never.
        template: items of the collection template that count, in order; see
            ``app.customers.template``.
    """

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    review_months: int = 0
    template: tuple[str, ...] = ()

    @property
    def items(self) -> Sequence[str]:
        """Return the items that count, in order."""
        counted = self.required | self.optional | self.verified
        return [name for name in (*NAMES, *self.template) if name in counted]


@dataclasses.dataclass(frozen=True, slots=True)
class Completeness:
    """How complete the information about a customer is.

    Attributes:
        percent: share of what is wanted that is there, 0 to 100.
        state: ``missing``: a required item is not there; ``to_verify``: all of them are, and one
            has to be verified; ``in_order``: neither.
    """

    percent: int
    state: str


def completeness_of(
    wanted: Wanted, filled: Collection[str], verified: Collection[str]
) -> Completeness:
    """Return how complete information is: each item counts once for being there, once for being
    verified where that is wanted. Only all of it is 100.

    Args:
        wanted: what is wanted.
        filled: items that are there.
        verified: items that are verified.
    """
    filled = frozenset(filled)
    # An item that nobody requires may be left out, and then there is nothing to verify.
    to_verify = wanted.verified & (wanted.required | filled)
    to_fill = wanted.required | wanted.optional
    done = len(to_fill & filled) + len(to_verify & filled & frozenset(verified))
    number = len(to_fill) + len(to_verify)
    if not wanted.required <= filled:
        state = MISSING
    else:
        state = IN_ORDER if to_verify <= frozenset(verified) else TO_VERIFY
    return Completeness(done * 100 // number if number else 100, state)


def review_due(since: dt.date, months: int) -> dt.date | None:
    """Return the last day on which information has to be reviewed, or ``None`` for never.

    Args:
        since: day of the last review, or of the registration.
        months: of the rules; 0 for never.
    """
    if not months:
        return None
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    month += 1
    # A month that is shorter ends earlier.
    return dt.date(year, month, min(since.day, calendar.monthrange(year, month)[1]))


def filled_items(values: Mapping[str, Any]) -> frozenset[str]:
    """Return the items that are there.

    Args:
        values: of the items of a customer by name; what is no item does no harm.
    """
    return frozenset(name for name, value in values.items() if is_item(name) and _is_there(value))


def is_item(name: str) -> bool:
    """Return whether a column, or a key of a custom field, is an item of information."""
    return name in NAMES or name.startswith(PREFIX)


def _is_there(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [])
