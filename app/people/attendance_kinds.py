"""Kinds of attendance facts and of absences, with their units. Pure."""

from __future__ import annotations

from app.i18n import N_

ATTENDANCE = "attendance"
"""Name of attendance as a figure that fills an item of a form in."""

PERSONAL_LEAVE, SICK_LEAVE, LATE = "personal_leave", "sick_leave", "late"
LEFT_EARLY, UNEXCUSED, NO_BADGE = "left_early", "unexcused", "no_badge"
ANNUAL_LEAVE, BUSINESS_TRIP, TRAINING, OTHER = "annual_leave", "business_trip", "training", "other"

KIND_LABELS = (
    (PERSONAL_LEAVE, N_("Personal leave")),
    (SICK_LEAVE, N_("Sick leave")),
    (LATE, N_("Late")),
    (LEFT_EARLY, N_("Left early")),
    (UNEXCUSED, N_("Absent without leave")),
    (NO_BADGE, N_("Badge not worn")),
)
"""Kinds of attendance facts: pairs of value and English label."""
IN_DAYS = frozenset({PERSONAL_LEAVE, SICK_LEAVE, UNEXCUSED})
"""Kinds that are counted in days; the others are counted in times."""

ABSENCE_KINDS = (
    (PERSONAL_LEAVE, N_("Personal leave")),
    (SICK_LEAVE, N_("Sick leave")),
    (ANNUAL_LEAVE, N_("Annual leave")),
    (BUSINESS_TRIP, N_("Business trip")),
    (TRAINING, N_("Training")),
    (OTHER, N_("Other")),
)
# Absences of these kinds count as attendance facts of the same kind.
COUNTED_ABSENCES = frozenset({PERSONAL_LEAVE, SICK_LEAVE})

DAY, MONTH = "day", "month"
PERIODS = ((DAY, N_("Day")), (MONTH, N_("Whole month")))

ENTERED, IMPORTED, FROM_ABSENCE = "entered", "imported", "absence"
SOURCES = ((ENTERED, N_("Entered")), (IMPORTED, N_("Imported")))
