"""What a database refuses, as errors that people understand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.access.sensitive.kinds import MASK_GIVEN
from app.access.sensitive.values import MaskedText
from app.errors import Conflict, Rejected, StaleRecord


@contextlib.contextmanager
def refusals(row: Any | None = None) -> Iterator[None]:
    """Turn what the database refuses into errors that people understand.

    Args:
        row: the row that is written.

    Raises:
        Conflict: a unique value is taken, or something depends on the row.
        Rejected: a mask was to be stored in the place of a value.
        StaleRecord: the row has another version by now.
    """
    try:
        yield
    except MaskedText as error:
        raise Rejected(MASK_GIVEN) from error
    except StaleDataError as error:
        raise StaleRecord(row) from error
    except IntegrityError as error:
        raise Conflict from error
