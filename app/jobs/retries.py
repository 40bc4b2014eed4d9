"""Writes that go on beside others: tried again while the database is busy, or in portions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import held_seconds, reset, write
from app.database_errors import is_passing
from app.jobs.portions import Pace

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# Together with the wait for the lock about a minute and a half.
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)


def write_again(
    session: Session,
    work: Callable[[], Result],
    pauses: Sequence[float] | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> Result:
    """Do a small write, and again after a pause while the database is busy or away.

    Args:
        session: outside of any writing block.
        work: one short transaction that may be repeated.
        pauses: seconds before each further try; ``PAUSES_SECONDS`` by default.
        sleep: waits for some seconds.

    Raises:
        DBAPIError: it failed for another reason, or at the last try as well.
    """
    for pause in PAUSES_SECONDS if pauses is None else pauses:
        try:
            return work()
        except DBAPIError as error:
            if not is_passing(error):
                raise
            reset(session)
            log.warning("the database is busy; another try in %s s: %s", pause, error)
            sleep(pause)
    return work()


def delete_in_portions(session: Session, model: type[Any], *conditions: Any) -> list[Any]:
    """Delete rows in short transactions and return their primary keys.

    Args:
        session: outside of any writing block.
        model: mapped class with the primary key ``id``.
        conditions: which rows; asked again when each of them is deleted.
    """
    keys = list(session.scalars(select(model.id).where(*conditions).order_by(model.id)))
    session.rollback()
    for portion in Pace(held=lambda: held_seconds(session)).portions(keys):
        with write(session):
            session.execute(
                delete(model).where(model.id.in_(portion), *conditions)
                .execution_options(synchronize_session=False)
            )
    return keys
