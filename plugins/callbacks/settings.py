"""What an admin may set for callbacks."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import settings_of
from app.sdk.workflow import Field, Form, Kind

_SILENCE_HELP = N_("After so many days without a contact, and without a planned one, somebody is "
                   "reminded. 0 watches nobody of this grade.")
SETTINGS = Form.of(
    "callbacks",
    Field("daily_quota", Kind.INTEGER, N_("Callbacks of a person a day"), required=True,
          default=15, minimum=1, maximum=500,
          help=N_("So many callbacks a person is given for a whole day; on days of partial "
                  "absence fewer.")),
    *(Field(f"silence_days_{grade.lower()}", Kind.INTEGER, label, required=True, default=0,
            minimum=0, maximum=1000, help=_SILENCE_HELP)
      for grade, label in (("A", N_("Days without a planned contact, grade A")),
                           ("B", N_("Days without a planned contact, grade B")),
                           ("C", N_("Days without a planned contact, grade C")))),
    Field("silence_step_days", Kind.INTEGER, N_("Days between the steps of a reminder"),
          required=True, default=3, minimum=1, maximum=90,
          help=N_("First the owner is reminded, then the supervisor, then the customer is given "
                  "to another person.")),
    Field("correction_calls", Kind.INTEGER, N_("Correction calls that begin by themselves"),
          required=True, default=50, minimum=0, maximum=10000,
          help=N_("When a wrong answer is found, everybody who got it is called again. Where more "
                  "customers than this got it, whoever leads decides; with 0 always.")),
)


def setting(session: Session, name: str) -> Any:
    """Return a setting in force."""
    return settings_of(session, "callbacks")[name]
