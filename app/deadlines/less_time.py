"""How much less time some records get than a rule gives, asked as their clocks begin.

This floor knows nothing of customers; the floor that does registers itself (``when_clocks_begin``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

LESS_TIME = "less_time_percent"
"""Name of the fact that says by how many percent the internal deadlines of a record are shorter."""
MOST_PERCENT = 90

_asked: list[Callable[[Session, Any], int]] = []


def when_clocks_begin(call: Callable[[Session, Any], int]) -> None:
    """Let something shorten the internal deadlines of records as their clocks begin.

    Args:
        call: returns for a session and a record by how many percent, 0 for not at all.
    """
    if call not in _asked:
        _asked.append(call)


def less_time_of(session: Session, record: Any) -> int:
    """Return by how many percent the internal deadlines of a record are shorter.

    Args:
        session: any session.
        record: the record whose clocks begin.
    """
    return min(max((call(session, record) for call in _asked), default=0), MOST_PERCENT)
