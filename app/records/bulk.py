"""One thing done with many records: by the rules of each, one outcome for each, one change set.

Steps, fields, assignment, deletion and undo are kinds of work for the same loop. Each record is
decided alone, against the version that the person saw; what cannot be done is listed with its
reason. The records are written in portions, so that no transaction holds the lock for long, and
all of them share one change set, by which they are taken back together.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import change_set, join_change_set
from app.access.scope import scope_filter
from app.database import write
from app.errors import CarelineError, Invalid, Rejected, StaleRecord
from app.i18n import N_, Message
from app.jobs.portions import SECONDS
from app.records.changes import Changes, waiting_of
from app.records.deleting import deletion_refusal
from app.records.mixin import is_present
from app.records.operations import Operations, operations_of
from app.records.refusals import attempted
from app.records.services import change_many
from app.records.values import column_values, held_value


class RecordResult(enum.StrEnum):
    """How it went with one record."""

    DONE = "done"
    UNCHANGED = "unchanged"
    NOT_FOUND = "not_found"
    REJECTED = "rejected"
    STALE = "stale"
    WAITING = "waiting"


@dataclasses.dataclass(frozen=True, slots=True)
class RecordOutcome:
    """How it went, or would go, with one record.

    Attributes:
        record_id: as asked for.
        result: see ``RecordResult``.
        reason: why it was left out; ``None`` when done.
        record: the record, where the actor may see it.
        before: for a preview, what the record holds in the field that changes.
    """

    record_id: int
    result: RecordResult
    reason: Message | None = None
    record: Any | None = None
    before: Any = None

    @property
    def is_left_out(self) -> bool:
        """Whether the record was left out for a reason."""
        return self.result not in (RecordResult.DONE, RecordResult.UNCHANGED)


class Work(Protocol):
    """A kind of work; it is done by the operations of the record."""

    together: ClassVar[int]
    """How many records are done at once, few enough for one portion."""

    def carry_out(
        self, session: Session, actor: Actor, operations: Operations, record: Any,
        version: int | None,
    ) -> bool | Changes:
        """Do it with one record; return whether anything changed. May raise any error of ours.

        What ``Operations.change`` returned does as well: it tells what waits for a decision.
        """
        ...

    def carry_out_many(
        self, session: Session, actor: Actor, operations: Operations,
        asked: Sequence[tuple[Any, int | None]],
    ) -> list[Any]:
        """Do it with some records; return for each what ``carry_out`` returns, or its error.

        Args:
            session: session with a running write.
            actor: who acts.
            operations: of the kind of record.
            asked: each record with the version that was seen.
        """
        ...

    def preview(
        self, session: Session, actor: Actor, operations: Operations, record: Any
    ) -> RecordOutcome:
        """Return how it would go, without writing anything."""
        ...


class _OneByOne:
    """Work that is done with each record by itself."""

    together: ClassVar[int] = 1

    def carry_out_many(
        self: Work, session: Session, actor: Actor, operations: Operations,
        asked: Sequence[tuple[Any, int | None]],
    ) -> list[Any]:
        """Do it with one record after the other."""
        # What a record has begun goes back with it; the others stay.
        return [attempted(session, functools.partial(
            self.carry_out, session, actor, operations, record, version))
            for record, version in asked]


@dataclasses.dataclass(frozen=True, slots=True)
class BulkFieldChange:
    """Give fields the same values.

    Attributes:
        values: by name of column or relation.
    """

    together: ClassVar[int] = 10
    values: Mapping[str, Any]

    def carry_out(
        self, session: Session, actor: Actor, operations: Operations, record: Any,
        version: int | None,
    ) -> Changes:
        """Change the record; see ``Operations.change``."""
        return operations.change(session, actor, record, self.values, version)

    def carry_out_many(
        self, session: Session, actor: Actor, operations: Operations,
        asked: Sequence[tuple[Any, int | None]],
    ) -> list[Any]:
        """Change some records at once; see ``change_many``."""
        return change_many(session, actor, operations.model, [
            (record, self.values, version) for record, version in asked])

    def preview(
        self, session: Session, actor: Actor, operations: Operations, record: Any
    ) -> RecordOutcome:
        """Return whether the record would change, and from what."""
        values = column_values(operations.model, self.values)
        before = {name: held_value(record, name) for name in values}
        if not operations.changing(record, values):
            return RecordOutcome(record.id, RecordResult.UNCHANGED, record=record, before=before)
        errors = operations.problems(session, actor, record, self.values)
        if errors:
            reason = next(iter(errors.values()))
            return RecordOutcome(record.id, RecordResult.REJECTED, reason, record, before)
        return RecordOutcome(record.id, RecordResult.DONE, record=record, before=before)


@dataclasses.dataclass(frozen=True, slots=True)
class BulkStep(_OneByOne):
    """Take the same action with the same values.

    Attributes:
        name: name of an action that may be taken in bulk.
        values: what its form asks for.
    """

    name: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def carry_out(
        self, session: Session, actor: Actor, operations: Operations, record: Any,
        version: int | None,
    ) -> bool:
        """Act; see ``Operations.act``."""
        self._require_bulk(session, actor, operations)
        operations.act(session, actor, record, self.name, self.values, version)
        return True

    def preview(
        self, session: Session, actor: Actor, operations: Operations, record: Any
    ) -> RecordOutcome:
        """Return whether the action is possible now."""
        offered = next(
            (one for one in operations.actions(session, actor, record) if one.name == self.name),
            None,
        )
        if offered is None:
            reason = Message(N_("This is not possible in the present state."))
            return RecordOutcome(record.id, RecordResult.REJECTED, reason, record)
        if offered.blocked is not None:
            return RecordOutcome(record.id, RecordResult.REJECTED, offered.blocked, record)
        return RecordOutcome(record.id, RecordResult.DONE, record=record)

    def _require_bulk(self, session: Session, actor: Actor, operations: Operations) -> None:
        if not any(one.name == self.name for one in operations.bulk_actions(session, actor)):
            raise Rejected(Message(N_("This action is taken for one record at a time.")))


@dataclasses.dataclass(frozen=True, slots=True)
class Deletion(_OneByOne):
    """Put records into the recycle bin."""

    def carry_out(
        self, session: Session, actor: Actor, operations: Operations, record: Any,
        version: int | None,
    ) -> bool:
        """Delete; see ``Operations.delete``."""
        operations.delete(session, actor, record, version)
        return True

    def preview(
        self, session: Session, actor: Actor, operations: Operations, record: Any
    ) -> RecordOutcome:
        """Return whether the record may be deleted."""
        refused = deletion_refusal(session, actor, operations, record)
        if refused is not None:
            return RecordOutcome(record.id, RecordResult.REJECTED, refused, record)
        return RecordOutcome(record.id, RecordResult.DONE, record=record)


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """What came of one piece of bulk work.

    Attributes:
        change_set: names everything that was changed, in the audit trail.
        outcomes: one for each record that was asked for.
    """

    change_set: str
    outcomes: Sequence[RecordOutcome]

    @property
    def done(self) -> int:
        """How many records changed."""
        return sum(one.result is RecordResult.DONE for one in self.outcomes)

    @property
    def left_out(self) -> list[RecordOutcome]:
        """Records that were left out, each with its reason."""
        return [one for one in self.outcomes if one.is_left_out]


def visible_records(
    session: Session, actor: Actor, model: type[Any], ids: Iterable[int]
) -> dict[int, Any]:
    """Return records that the actor may see, by id.

    Args:
        session: any session.
        actor: who asks.
        model: mapped class.
        ids: at most some hundreds.
    """
    conditions = [model.id.in_(list(ids)), scope_filter(actor, model)]
    if "deleted_at" in model.__mapper__.columns:
        conditions.append(is_present(model))
    return {one.id: one for one in session.scalars(select(model).where(*conditions))}


def preview(
    session: Session, actor: Actor, model: type[Any], ids: Iterable[int], work: Work
) -> list[RecordOutcome]:
    """Return how work would go with each of several records, without writing anything."""
    ids = list(dict.fromkeys(ids))
    found, operations = visible_records(session, actor, model, ids), operations_of(model)
    return [
        work.preview(session, actor, operations, found[one]) if one in found
        else RecordOutcome(one, RecordResult.NOT_FOUND, Message(N_("not found")))
        for one in ids
    ]


def run(
    session: Session, actor: Actor, model: type[Any], versions: Mapping[int, int | None],
    work: Work,
) -> Run:
    """Do work with each of several records.

    Args:
        session: outside of any writing block, or within one that then holds all of it.
        actor: who acts; records that they may not see are not found.
        model: kind of record.
        versions: which records, each with the version that the person had before their eyes;
            ``None`` skips the check.
        work: what is done.
    """
    operations, waiting = operations_of(model), list(versions)
    outcomes: list[RecordOutcome] = []
    together = ""
    while waiting:
        with write(session):
            if together:
                join_change_set(session, together)
            together = change_set(session)
            found = visible_records(session, actor, model, waiting)
            end = time.monotonic() + SECONDS
            while waiting and (time.monotonic() < end or not outcomes):
                part, waiting = waiting[:work.together], waiting[work.together:]
                outcomes += _some(session, actor, operations, found, {
                    record_id: versions[record_id] for record_id in part}, work)
    return Run(together, outcomes)


def _some(
    session: Session, actor: Actor, operations: Operations, found: Mapping[int, Any],
    versions: Mapping[int, int | None], work: Work,
) -> list[RecordOutcome]:
    asked = [(found[one], version) for one, version in versions.items() if one in found]
    done = dict(zip((record.id for record, _ in asked),
                    work.carry_out_many(session, actor, operations, asked), strict=True))
    return [_outcome(one, found[one], done[one]) if one in done
            else RecordOutcome(one, RecordResult.NOT_FOUND, Message(N_("not found")))
            for one in versions]


def _outcome(record_id: int, record: Any, done: Any) -> RecordOutcome:
    if isinstance(done, StaleRecord):
        reason = Message(N_("changed by someone else"))
        return RecordOutcome(record_id, RecordResult.STALE, reason, record)
    if isinstance(done, Invalid):
        return RecordOutcome(
            record_id, RecordResult.REJECTED, next(iter(done.errors.values())), record)
    if isinstance(done, CarelineError):
        return RecordOutcome(record_id, RecordResult.REJECTED, done.message, record)
    waiting = waiting_of(done)
    if waiting is not None:
        return RecordOutcome(record_id, RecordResult.WAITING, waiting, record)
    result = RecordResult.DONE if done else RecordResult.UNCHANGED
    return RecordOutcome(record_id, result, record=record)
