"""Customers that are probably one: the same number or name, or a name that sounds alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from app.access.sensitive.keyring import DIGEST_LENGTH
from app.customers.merging.alike import Named, alike
from app.customers.models import Customer
from app.i18n import N_
from app.records.mixin import is_present

MOST = 50
"""Most groups that are shown of each kind."""
_MOST_OF_A_GROUP = 10
MOST_NAMES = 50_000
"""How many names are compared by their sound, those of the newest customers."""
SAME_PHONE, SAME_ID_NUMBER, SAME_NAME, ALIKE = (
    N_("Same phone"), N_("Same ID number"), N_("Same name"), N_("Name sounds alike"))


@dataclasses.dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Customers that are probably one.

    Attributes:
        reason: what they have in common (message id).
        customers: the oldest first.
    """

    reason: str
    customers: Sequence[Customer]


def duplicates(session: Session) -> list[DuplicateGroup]:
    """Return groups of customers that are probably one, the surest first; each group once.

    Numbers are compared by the digests of the blind index: nothing is decrypted.

    Args:
        session: any session.
    """
    found: list[DuplicateGroup] = []
    seen: set[frozenset[int]] = set()
    for reason, value in (
        (SAME_ID_NUMBER, _digest(Customer.id_number)), (SAME_PHONE, _digest(Customer.phone)),
        (SAME_NAME, type_coerce(Customer.name, String)),
    ):
        for customers in _sharing(session, value):
            if reason == SAME_NAME and _are_different_people(customers):
                continue
            keys = frozenset(one.id for one in customers)
            if not any(keys <= known for known in seen):
                seen.add(keys)
                found.append(DuplicateGroup(reason, customers))
    return [*found, *_alike(session, seen)]


def _alike(session: Session, seen: Collection[frozenset[int]]) -> list[DuplicateGroup]:
    """Return pairs whose names sound alike and whom nothing tells apart, the most alike first."""
    rows = session.execute(
        select(Customer.id, Customer.name, _digest(Customer.phone), _digest(Customer.id_number),
               Customer.born_on)
        .where(_is_compared()).order_by(Customer.id.desc()).limit(MOST_NAMES))
    pairs: list[tuple[int, int]] = []
    for first, second in alike([Named(*row) for row in rows]):
        if not any({first.id, second.id} <= known for known in seen):
            pairs.append((first.id, second.id))
        if len(pairs) == MOST:
            break
    keys = {key for pair in pairs for key in pair}
    customers = {one.id: one for one in session.scalars(
        select(Customer).where(Customer.id.in_(keys)))} if keys else {}
    return [DuplicateGroup(ALIKE, [customers[first], customers[second]]) for first, second in pairs]


def _are_different_people(customers: Sequence[Customer]) -> bool:
    """Whether namesakes are told apart: each of them has an ID number, and another phone."""
    return all(one.id_number and one.phone for one in customers)


def _is_compared() -> Any:
    # Of somebody who was erased there is nothing to compare, and the pseudonyms sound alike.
    return and_(is_present(Customer), Customer.erased_at.is_(None))


def _digest(column: Any) -> Any:
    return func.substr(type_coerce(column, String), 1, DIGEST_LENGTH)


def _sharing(session: Session, value: Any) -> list[list[Customer]]:
    shared = session.scalars(
        select(value).where(value != "", _is_compared())
        .group_by(value).having(func.count() > 1).order_by(func.max(Customer.id).desc())
        .limit(MOST)).all()
    rows = session.execute(
        select(value, Customer).where(value.in_(shared), _is_compared())
        .order_by(Customer.id)).all() if shared else ()
    groups: dict[str, list[Customer]] = {one: [] for one in shared}
    for key, customer in rows:
        groups[key].append(customer)
    return [group[:_MOST_OF_A_GROUP] for group in groups.values()]
