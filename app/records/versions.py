"""What happened to a record between the version that a person has read and the present one."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import AuditEntry

# Acts that write the record itself, each with a version of its own.
_WRITING = ("create", "change", "transition", "delete", "restore", "import")


@dataclasses.dataclass(frozen=True, slots=True)
class ChangeSince:
    """That others have changed a field since.

    Attributes:
        before: value at the version that was read, as JSON holds it.
        who: name of who changed it last.
        at: when, aware.
    """

    before: Any
    who: str
    at: dt.datetime


def changes_since(
    session: Session, record_type: str, record: Any, version: int
) -> Mapping[str, ChangeSince]:
    """Return which fields were changed since a version, by column.

    Every act of the audit trail that writes a record takes at least one version, so there are at
    most as many of them as there are versions between.

    Args:
        session: any session.
        record_type: its kind in the audit trail.
        record: the record as it is now, with ``version``.
        version: version that was read.
    """
    rows = session.execute(
        select(AuditEntry.changes, AuditEntry.actor_name, AuditEntry.at)
        .where(AuditEntry.record_type == record_type, AuditEntry.record_id == record.id,
               AuditEntry.action.in_(_WRITING))
        .order_by(AuditEntry.id.desc())
        .limit(max(record.version - version, 0))
    ).all()
    found: dict[str, ChangeSince] = {}
    for row in rows:
        for name, pair in (row.changes or {}).items():
            if not isinstance(pair, list) or len(pair) != 2:
                continue
            later = found.get(name)
            found[name] = ChangeSince(
                pair[0], later.who if later else row.actor_name, later.at if later else row.at
            )
    return found
