"""Steps against a silence, with their labels."""

from __future__ import annotations

from app.sdk import N_

SILENCE_VIEW = "callbacks.Silence"
OWNER, SUPERVISOR, GIVEN = "owner", "supervisor", "given"
STEPS = (
    (OWNER, N_("Owner reminded")), (SUPERVISOR, N_("Supervisor reminded")),
    (GIVEN, N_("Given to another person")),
)
