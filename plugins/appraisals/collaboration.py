"""What appraisals tell other plugins."""

from __future__ import annotations

from app.sdk import N_, Event, EventField

RELEASED_EVENT = Event(
    name="appraisals.released", title=N_("An appraisal has been released"),
    fields=(
        EventField(name="user_id", kind=int, text="who was appraised"),
        EventField(name="kind", kind=str, text="kind of cycle: month, quarter, year, spot"),
        EventField(name="score", kind=str, text="score with two places"),
        EventField(name="grade", kind=str, text="excellent, qualified or encouraged"),
        EventField(name="failed", kind=bool, text="whether the grade is the lowest one"),
    ),
)
