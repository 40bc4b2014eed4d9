"""What an admin may set for loan applications."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import settings_of
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "loans",
    Field("approval_department_id", Kind.DEPARTMENT, N_("Approval department"),
          help=N_("Applications are handed over to this department unless somebody chooses "
                  "another one.")),
    Field("four_eyes", Kind.BOOLEAN, N_("Another person reviews"), default=True,
          help=N_("Whoever took an application in does not carry out its first review.")),
    Field("remind_days", Kind.INTEGER, N_("Days between two reminders"), required=True, default=3,
          minimum=1, maximum=60,
          help=N_("The owner is told to remind the customer of documents after so many days.")),
)


def setting(session: Session, name: str) -> Any:
    """Return a setting in force."""
    return settings_of(session, "loans")[name]
