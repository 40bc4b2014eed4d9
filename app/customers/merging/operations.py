"""Merging two customers into one, and parting them again."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import change_set, plain, record_act
from app.access.sensitive.values import SensitiveValue
from app.customers.changes.models import UNDECIDED, WITHDRAWN, ChangeRequest
from app.customers.merging.models import CustomerMerge
from app.customers.models import Customer
from app.customers.operations import ERASED, refresh_plates
from app.customers.template import CUSTOMERS
from app.customers.verification_models import Verification
from app.database import utcnow, write
from app.errors import NotPermitted, Rejected
from app.i18n import N_, Message
from app.records import saving
from app.records.changes import waiting_of
from app.records.custom_fields.store import custom_fields_of
from app.records.moving import MovedRows, Reference, count, move, move_back, references_to
from app.records.operations import operations_of
from app.records.values import held_value, is_empty, typed_value

VIEW, MERGE = "core.CustomerMerge", "can_merge"
CHOSEN = ("name", "phone", "id_number", "email", "wechat", "qq", "address", "grade", "tier_id",
          "membership_id", "member_since", "preferred_contact", "contact_hours", "timezone",
          "born_on", "remarks")
"""Columns of which the better value is chosen."""
_DAYS = ("member_since", "born_on")
# What was verified are the values of the customer of that time, not those of the one that stays.
_KEPT = (CustomerMerge.__tablename__, Verification.__tablename__)


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge.

    Attributes:
        merge: its row.
        waiting: says which of the chosen values wait for a second person; ``None`` if none.
    """

    merge: CustomerMerge
    waiting: Message | None


def choosable(session: Session, actor: Actor) -> list[str]:
    """Return the columns, and the keys of custom fields, of which an actor chooses the value."""
    return [*CHOSEN, *(field.key for field in custom_fields_of(session, CUSTOMERS)
                       if not field.retired and field.is_edited_by(actor))]


def belongings(session: Session, customer: Customer) -> Mapping[str, int]:
    """Return how many rows of each table would move with a customer, by name of the table."""
    return count(session, _references(session), customer.id)


def merge(
    session: Session, actor: Actor, survivor: Customer, merged: Customer,
    taken: Collection[str], reason: str,
) -> Merged:
    """Let one customer go into another, with everything that every plugin knows of them.

    Values of the merged customer are taken over by the rules of any change: what is protected
    waits for a second person.

    Args:
        session: session without unsaved changes.
        actor: who merges.
        survivor: the customer that stays.
        merged: the customer that goes; it is kept in the recycle bin.
        taken: columns, and keys of custom fields, of which the survivor takes the value of the
            other. A field that the actor does not fill in is carried over where the survivor
            holds nothing in it, unless it is protected.
        reason: why, in the actor's words.

    Raises:
        NotPermitted: the actor may not merge.
        Rejected: both are the same, one of them is deleted, or no reason is given.
        Invalid: a value that is taken stands against a rule.
    """
    _require_right(actor)
    if survivor.id == merged.id:
        raise Rejected(Message(N_("Choose two different customers.")))
    if not reason.strip():
        raise Rejected(Message(N_("Say why both are the same customer.")))
    operations = operations_of(Customer)
    with write(session):
        for one in sorted((survivor, merged), key=lambda one: one.id):
            saving.lock(session, one)
        if survivor.is_away or merged.is_away:
            raise Rejected(Message(N_("It lies in the recycle bin: restore it first.")))
        if survivor.erased_at or merged.erased_at:
            raise Rejected(Message(ERASED))
        chosen = set(choosable(session, actor)).intersection(taken)
        values = {name: held_value(merged, name) for name in chosen}
        carried = _carried(session, actor, survivor, merged)
        before = {name: held_value(survivor, name) for name in (*values, *carried)}
        moved = move(session, _references(session), merged.id, survivor.id)
        for one in (survivor, merged):
            refresh_plates(session, actor, one.id)
        changes = operations.change(session, actor, survivor, values, reason=reason)
        operations.store(session, actor, survivor, {
            **carried,
            "former_numbers": f"{survivor.former_numbers} {merged.number}".strip()[:200]})
        operations.delete(session, actor, merged, reason=reason)
        row = CustomerMerge(
            merged_id=merged.id, survivor_id=survivor.id, change_set=change_set(session),
            by_id=actor.user_id, reason=reason.strip()[:400],
            moved=[dataclasses.asdict(one) for one in moved],
            before={name: _json(before[name]) for name in (*changes, *carried)
                    if name in before},
            merged_version=merged.version, survivor_version=survivor.version)
        session.add(row)
        session.flush()
        _note(session, actor, "merge", row, {one.table: len(one.keys) for one in moved})
    return Merged(row, waiting_of(changes))


def _carried(
    session: Session, actor: Actor, survivor: Customer, merged: Customer
) -> dict[str, Any]:
    """Return the values that come over by themselves: nobody here could choose them."""
    return {
        field.key: value for field in custom_fields_of(session, CUSTOMERS)
        if not (field.retired or field.protected or field.is_edited_by(actor))
        and is_empty(held_value(survivor, field.key))
        and not is_empty(value := held_value(merged, field.key))}


def undo_refusal(row: CustomerMerge) -> Message | None:
    """Return why two merged customers are not parted again, or ``None`` where they can be."""
    if row.undone_at is not None:
        return Message(N_("This merge was undone already."))
    if row.survivor.is_away or (row.survivor.version, row.merged.version) != (
            row.survivor_version, row.merged_version):
        return Message(N_("One of both was changed since the merge."))
    return None


def undo(session: Session, actor: Actor, row: CustomerMerge) -> None:
    """Part two merged customers: what was moved goes back, while nothing has followed.

    What came to the survivor since then stays there.

    Args:
        session: session without unsaved changes.
        actor: who does it.
        row: the merge.

    Raises:
        NotPermitted: the actor may not merge.
        Rejected: it was undone already, or one of both was changed since.
    """
    _require_right(actor)
    operations = operations_of(Customer)
    with write(session):
        session.refresh(row)
        for one in sorted((row.survivor, row.merged), key=lambda one: one.id):
            saving.lock(session, one)
        refused = undo_refusal(row)
        if refused is not None:
            raise Rejected(refused)
        row.undone_at = utcnow()
        move_back(session, _references(session), [MovedRows(**one) for one in row.moved],
                  row.merged_id, row.survivor_id)
        operations.restore(session, actor, row.merged)
        columns = Customer.__mapper__.columns
        numbers = [one for one in row.survivor.former_numbers.split() if one != row.merged.number]
        operations.store(session, actor, row.survivor, {
            **{name: typed_value(columns[name], value) if name in _DAYS else value
               for name, value in (row.before or {}).items()},
            "former_numbers": " ".join(numbers)})
        for one in (row.survivor, row.merged):
            refresh_plates(session, actor, one.id)
        _withdraw_requests(session, actor, row)
        _note(session, actor, "merge_undone", row, {})


def survivor_of(session: Session, customer_id: int) -> int | None:
    """Return the customer that a merged one went into, over several merges; ``None`` if none."""
    found, following = None, _next(session, customer_id)
    while following is not None and following != customer_id:
        found, following = following, _next(session, following)
    return found


def latest(session: Session, most: int) -> Sequence[CustomerMerge]:
    """Return the latest merges that were not undone."""
    return session.scalars(
        select(CustomerMerge).where(CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.id.desc()).limit(most)).all()


def _next(session: Session, customer_id: int) -> int | None:
    return session.scalar(
        select(CustomerMerge.survivor_id)
        .where(CustomerMerge.merged_id == customer_id, CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.id.desc()).limit(1))


def _references(session: Session) -> list[Reference]:
    return references_to(session, Customer, besides=_KEPT)


def _require_right(actor: Actor) -> None:
    if not actor.can(MERGE, VIEW):
        raise NotPermitted(Message(N_("Your role may not do this.")))


def _withdraw_requests(session: Session, actor: Actor, row: CustomerMerge) -> None:
    """Withdraw what the merge itself asked for: a change to values of the other customer."""
    requests = operations_of(ChangeRequest)
    for request in session.scalars(select(ChangeRequest).where(
            ChangeRequest.change_set == row.change_set, ChangeRequest.status.in_(UNDECIDED))):
        requests.store(session, actor, request, {"status": WITHDRAWN, "decided_at": utcnow()})


def _json(value: Any) -> Any:
    return value.reveal() if isinstance(value, SensitiveValue) else plain(value)


def _note(
    session: Session, actor: Actor, action: str, row: CustomerMerge, facts: Mapping[str, Any]
) -> None:
    for one, other in ((row.survivor, row.merged), (row.merged, row.survivor)):
        record_act(session, actor, action, record_type=Customer.__record_type__, record_id=one.id,
                   number=one.number, changes={"with": other.number, **facts}, reason=row.reason)
