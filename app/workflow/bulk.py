"""One transition for many records: each decided alone, one outcome for each."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.forms.messages import Message
from app.i18n import N_
from app.records import services as records
from app.records.services import StaleRecord
from app.workflow.engine import Invalid, NotAllowed
from app.workflow.services import AlreadyTaken, Veto, ask_plugins, perform, workflow_of


class Result(enum.StrEnum):
    """How it went with one record."""

    DONE = "done"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    INVALID = "invalid"
    STALE = "stale"
    TAKEN = "taken"


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one record, and why.

    Attributes:
        record_id: as asked for.
        number: as people know it; empty where the person may not see the record.
        result: see ``Result``.
        reason: for the user; ``None`` when done.
    """

    record_id: int
    number: str
    result: Result
    reason: Message | None = None


def perform_many(
    session: Session,
    actor: Actor,
    model: type[Any],
    record_ids: Iterable[int],
    transition: str,
    values: Mapping[str, Any],
    versions: Mapping[int, int] | None = None,
    veto: Veto = ask_plugins,
) -> list[Outcome]:
    """Take a transition for each of several records, each in a transaction of its own.

    Everything that holds for one record holds here: rights, guards, evidence, vetoes, versions.

    Args:
        session: outside of any writing block.
        actor: who acts; records that they may not see are not found.
        model: kind of record.
        record_ids: which; each is taken once.
        transition: a transition that may be taken in bulk.
        values: as for ``perform``, the same for all.
        versions: versions that the person had before their eyes, as far as known.
        veto: as for ``perform``.
    """
    return [
        _one(session, actor, model, record_id, transition, values, versions or {}, veto)
        for record_id in dict.fromkeys(record_ids)
    ]


def _one(
    session: Session,
    actor: Actor,
    model: type[Any],
    record_id: int,
    transition: str,
    values: Mapping[str, Any],
    versions: Mapping[int, int],
    veto: Veto,
) -> Outcome:
    record = records.find(session, actor, model, record_id)
    if record is None:
        return Outcome(record_id, "", Result.NOT_FOUND, Message(N_("Not found.")))
    number = record.number
    try:
        _require_bulk(session, record, transition)
        perform(session, actor, record, transition, values, versions.get(record_id), veto)
    except NotAllowed as error:
        return Outcome(record_id, number, Result.NOT_ALLOWED, error.reason)
    except Invalid as error:
        reason = next(iter(error.errors.values()))
        return Outcome(record_id, number, Result.INVALID, reason)
    except StaleRecord:
        reason = Message(N_("Somebody else changed it in the meantime."))
        return Outcome(record_id, number, Result.STALE, reason)
    except AlreadyTaken as error:
        reason = Message(N_("Already taken by %(name)s."), {"name": error.holder_name})
        return Outcome(record_id, number, Result.TAKEN, reason)
    return Outcome(record_id, number, Result.DONE)


def _require_bulk(session: Session, record: Any, name: str) -> None:
    step = next(
        (one for one in workflow_of(session, record).transitions if one.name == name), None
    )
    if step is None or not step.bulk:
        raise NotAllowed(Message(N_("This action is taken for one record at a time.")))
