"""What an admin may set for complaints."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Department
from app.sdk.services import settings_of
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "complaints",
    Field("news_hours", Kind.INTEGER, N_("Hours without news"), required=True, default=72,
          minimum=1, maximum=720,
          help=N_("An open complaint whose customer has heard nothing for so many hours shows up "
                  "on the home page.")),
    Field("duplicate_days", Kind.INTEGER, N_("Days of likely duplicates"), required=True,
          default=90, minimum=1, maximum=3650,
          help=N_("Open complaints of the same customer or phone number that came in within so "
                  "many days are shown while one is registered.")),
    Field("home_department_id", Kind.DEPARTMENT, N_("Department for complaints without one"),
          help=N_("What somebody without a department or team registers falls to this department; "
                  "otherwise only that person would see it.")),
    Field("most_open", Kind.INTEGER, N_("Open complaints of a person at most"),
          minimum=1, maximum=10_000,
          help=N_("So many open complaints one responsible person is suggested for, on days of "
                  "partial absence fewer. Left empty, there is no limit.")),
)


def setting(session: Session, name: str) -> Any:
    """Return a setting in force."""
    return settings_of(session, "complaints")[name]


def home_department(session: Session) -> int | None:
    """Return the department in use that complaints of people without one fall to, if any."""
    key = setting(session, "home_department_id")
    found = session.get(Department, key) if key else None
    return found.id if found is not None and found.active else None
