"""Items of information about a customer: which there are, what is wanted of them. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import N_

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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted of the information about a customer.

    Attributes:
        required: items that must be there.
        optional: further items that count.
        verified: items that must be verified where they are there.
    """

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()

    @property
    def items(self) -> Sequence[str]:
        """Return the items that count, in order."""
        counted = self.required | self.optional | self.verified
        return [name for name in NAMES if name in counted]


def filled_items(values: Mapping[str, Any]) -> frozenset[str]:
    """Return the items that are there.

    Args:
        values: of the columns of a customer; further columns are passed over.
    """
    return frozenset(name for name in NAMES if _is_there(values.get(name)))


def _is_there(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
