"""Lists of complaints that stand as tabs above the list."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import SavedList

SAVED_LISTS = (
    SavedList(name="mine", title=N_("Mine"), sort="due_at",
              filters={"is_open__is": ["true"], "workers__in": ["me"]}),
    SavedList(name="my_team", title=N_("My team"),
              filters={"is_open__is": ["true"], "team__in": ["my_team"]}),
    SavedList(name="overdue", title=N_("Overdue"), sort="due_at",
              filters={"is_open__is": ["true"], "due_at__period": ["overdue"]}),
    SavedList(name="to_approve", title=N_("Waiting for my approval"), sort="due_at",
              filters={"state__in": ["proposed"],
                       "responsible_department__in": ["led_by_me"]}),
    SavedList(name="closed", title=N_("Closed this month"), sort="-received_at",
              filters={"is_open__is": ["false"], "closed_at__period": ["this_month"]}),
)
