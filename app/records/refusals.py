"""What a database refuses, as errors that people understand."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import CarelineError, Conflict, StaleRecord


@contextlib.contextmanager
def refusals(row: Any | None = None) -> Generator[None]:
    """Turn what the database refuses into errors that people understand.

    Args:
        row: the row that is written.

    Raises:
        Conflict: a unique value is taken, or something depends on the row.
        StaleRecord: the row has another version by now.
    """
    try:
        yield
    except StaleDataError as error:
        raise StaleRecord(row) from error
    except IntegrityError as error:
        raise Conflict from error


def attempted(session: Session, act: Callable[[], Any]) -> Any:
    """Return what an act returns, or the error with which it is refused; others are not touched.

    Args:
        session: session with a running write; what a refused act has begun is taken back.
        act: writes something.
    """
    try:
        with session.begin_nested():
            return act()
    except CarelineError as refused:
        return refused
