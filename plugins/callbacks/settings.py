"""What an admin may set for callbacks."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import settings_of
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "callbacks",
    Field("daily_quota", Kind.INTEGER, N_("Callbacks of a person a day"), required=True,
          default=15, minimum=1, maximum=500,
          help=N_("So many callbacks a person is given for a whole day; on days of partial "
                  "absence fewer.")),
)


def setting(session: Session, name: str) -> Any:
    """Return a setting in force."""
    return settings_of(session, "callbacks")[name]
