"""What a database refuses, as errors that people understand."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.errors import Conflict, StaleRecord


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
