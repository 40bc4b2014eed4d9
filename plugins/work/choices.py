"""Values that records of the plugin may hold, with their words."""

from __future__ import annotations

from app.sdk import N_

ON_TIME, LATE, NOT_HANDED_IN = "on_time", "late", "missing"
TIMELINESS = ((ON_TIME, N_("On time")), (LATE, N_("Handed in late")),
              (NOT_HANDED_IN, N_("Not handed in")))
TIMELINESS_TONES = {ON_TIME: ("good", "check"), LATE: ("warn", "clock-exclamation"),
                    NOT_HANDED_IN: ("bad", "clock-x")}

ADOPTED, NOT_ADOPTED = "adopted", "not_adopted"
DECISIONS = ((ADOPTED, N_("Adopted")), (NOT_ADOPTED, N_("Not adopted")))
DECISION_TONES = {ADOPTED: ("good", "circle-check"), NOT_ADOPTED: ("still", "circle-x")}

ADDED, TURNED_AWAY, REMOVED = "added", "turned_away", "removed"
ACTS = ((ADDED, N_("Member added after vetting")), (TURNED_AWAY, N_("Turned away at vetting")),
        (REMOVED, N_("Advertiser removed")))
ACT_TONES = {ADDED: ("good", "user-plus"), TURNED_AWAY: ("still", "user-x"),
             REMOVED: ("warn", "user-minus")}
