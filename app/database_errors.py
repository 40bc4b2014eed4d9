"""Which errors of the database pass by themselves."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import TimeoutError as PoolExhausted

# SQLSTATE of errors of PostgreSQL that pass: the server ends, starts or is full of connections,
# or another transaction was in the way. Class 08 is a broken connection.
_PASSING = frozenset({
    "40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04",
})
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6


def is_passing(error: BaseException | None) -> bool:
    """Return whether an error says that the database is busy or away for a moment.

    The same may be tried again: SQLite is locked, connections to PostgreSQL were terminated, the
    server starts or recovers, no connection of the pool is free. A full disk is none of it.

    Args:
        error: of SQLAlchemy or of a driver; what it was raised from counts too.
    """
    while error is not None:
        if isinstance(error, PoolExhausted) or getattr(error, "connection_invalidated", False):
            return True
        if _is_passing_of_driver(getattr(error, "orig", None) or error):
            return True
        error = error.__cause__
    return False


def _is_passing_of_driver(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in (_SQLITE_BUSY, _SQLITE_LOCKED) or "is locked" in str(error)
    if not type(error).__module__.startswith("psycopg"):
        return False
    state = getattr(error, "sqlstate", None)
    if state is None:
        # The driver's own: it found no server, or lost it.
        return "OperationalError" in {kind.__name__ for kind in type(error).__mro__}
    return state.startswith("08") or state in _PASSING
