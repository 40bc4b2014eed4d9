"""The core's own cards of the home page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.sdk.core import requests_waiting_for
from app.sdk.services import Actor

_MOST = 8


def extensions_waiting(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return requests for more time that the actor may decide; nothing when there are none."""
    waiting = requests_waiting_for(session, actor)
    if not waiting:
        return None
    return {
        "rows": [
            {
                "title": str(record), "url": url_for(kind.endpoint, pk=record.id),
                "remark": asked.reason,
            }
            for (kind, record), asked in waiting[:_MOST]
        ],
    }
