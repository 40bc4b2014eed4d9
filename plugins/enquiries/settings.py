"""What an admin may set for enquiries."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Department
from app.sdk.services import settings_of
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "enquiries",
    Field("silent_days", Kind.INTEGER, N_("Days until a silent customer's enquiry closes"),
          required=True, default=3, minimum=1, maximum=90,
          help=N_("An enquiry that waits for its customer for so many days is closed, and its "
                  "owner is reminded of the three-level question.")),
    Field("workshop_department_id", Kind.DEPARTMENT, N_("Department of the workshop"),
          help=N_("Repair reports and rescue calls taken at the desk are forwarded to it at "
                  "once. Left empty, the agent chooses.")),
    Field("sales_department_id", Kind.DEPARTMENT, N_("Department of sales"),
          help=N_("Callers who want to buy are shared out among its staff.")),
    Field("callers_a_day", Kind.INTEGER, N_("Callers of a salesperson a day"), required=True,
          default=20, minimum=1, maximum=500,
          help=N_("So many callers a salesperson is given for a whole day; on days of partial "
                  "absence fewer.")),
    Field("contact_months", Kind.INTEGER, N_("Months for which contact data are kept"),
          required=True, default=0, minimum=0, maximum=240,
          help=N_("So many months after it was closed, name and numbers of an enquiry are "
                  "emptied. 0 keeps them.")),
)


def setting(session: Session, name: str) -> Any:
    """Return a setting in force."""
    return settings_of(session, "enquiries")[name]


def department_of(session: Session, name: str) -> int | None:
    """Return the department in use that a setting names, if any.

    Args:
        session: any session.
        name: of the setting, e.g. ``sales_department_id``.
    """
    key = setting(session, name)
    found = session.get(Department, key) if key else None
    return found.id if found is not None and found.active else None
