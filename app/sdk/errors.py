"""Errors that operations raise and that every way in tells people of."""

from __future__ import annotations

from app.errors import (
    AlreadyTaken,
    CarelineError,
    Conflict,
    Invalid,
    NotPermitted,
    ProtectedField,
    Rejected,
    StaleRecord,
)

__all__ = [
    "AlreadyTaken",
    "CarelineError",
    "Conflict",
    "Invalid",
    "NotPermitted",
    "ProtectedField",
    "Rejected",
    "StaleRecord",
]
