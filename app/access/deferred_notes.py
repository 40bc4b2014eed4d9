"""Refused sign-ins and denials that could not be noted at once, because the database was busy.

A refusal is answered as one in any case. Its note then waits as a small file under
``VAR_DIR/notes`` until the worker writes it, with the time at which it happened.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.access.audit import record_act, set_address
from app.access.denials import note_denial
from app.access.sessions import note_failure
from app.database import acting_at, reset, utcnow, write
from app.database_errors import is_passing
from app.jobs.portions import Pace

log = logging.getLogger(__name__)
REFUSED_SIGN_IN, DENIED = "sign_in_refused", "denied"
# Somebody who tries passwords must not fill the disk.
MOST_WAITING = 10_000
# Whoever is refused waits no longer than this for the note.
WAIT_SECONDS = 1.0


def note_or_defer(
    session: Session, var_dir: Path, kind: str, values: Mapping[str, Any]
) -> bool:
    """Write a note now; where the database is busy, leave it for the worker.

    Args:
        session: outside of any writing block.
        var_dir: the installation's folder.
        kind: ``REFUSED_SIGN_IN`` or ``DENIED``.
        values: what the note holds, as JSON can hold it.

    Returns:
        Whether it was written at once.
    """
    try:
        with write(session, wait=WAIT_SECONDS):
            _WRITERS[kind](session, values)
    except DBAPIError as error:
        if not is_passing(error):
            raise
        reset(session)
        _defer(var_dir / "notes", kind, values)
        return False
    return True


def write_deferred(session: Session, var_dir: Path) -> int:
    """Write the notes that wait; for the worker's schedule.

    Args:
        session: outside of any writing block.
        var_dir: the installation's folder.

    Returns:
        How many were written.
    """
    folder = var_dir / "notes"
    waiting = sorted(folder.glob("*.json")) if folder.is_dir() else []
    for paths in Pace().portions(waiting):
        with write(session):
            for path in paths:
                note = orjson.loads(path.read_bytes())
                with acting_at(dt.datetime.fromisoformat(note["at"])):
                    _WRITERS[note["kind"]](session, note["values"])
        # A worker that is killed just here writes these notes twice, which harms less than never.
        for path in paths:
            path.unlink(missing_ok=True)
    return len(waiting)


def _defer(folder: Path, kind: str, values: Mapping[str, Any]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sum(1 for _ in folder.iterdir()) >= MOST_WAITING:
        log.error("too many notes wait; this one is lost: %s %s", kind, dict(values))
        return
    now = utcnow()
    path = folder / f"{now:%Y%m%d%H%M%S%f}-{uuid.uuid4().hex}.json"
    draft = path.with_suffix(".part")
    draft.write_bytes(orjson.dumps({"at": now.isoformat(), "kind": kind, "values": values}))
    draft.rename(path)
    log.warning("the database is busy: a note (%s) waits for the worker", kind)


def _note_refused_sign_in(session: Session, values: Mapping[str, Any]) -> None:
    set_address(session, values["address"])
    note_failure(session, values["account"], values["address"])
    record_act(session, SYSTEM, REFUSED_SIGN_IN,
               changes={"username": values["name"], "locked": values["locked"]})


def _note_denial(session: Session, values: Mapping[str, Any]) -> None:
    set_address(session, values["address"])
    person = Actor(user_id=values["user_id"], username="", name=values["user_name"])
    for target in values["targets"]:
        note_denial(session, person, values["asked"], **target)


_WRITERS: dict[str, Callable[[Session, Mapping[str, Any]], None]] = {
    REFUSED_SIGN_IN: _note_refused_sign_in,
    DENIED: _note_denial,
}
