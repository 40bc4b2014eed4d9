"""What only the core's own screens need: the host, the audit chain, drawings, calendars."""

from __future__ import annotations

from app.access.audit import head as chain_head
from app.access.audit import verify as chain_breaks
from app.access.services import role_permissions
from app.deadlines.calendar_store import (
    Calendars,
    UnknownCalendar,
    clear_day,
    save_calendar,
    set_day,
)
from app.deadlines.policy_store import policies_by_id, set_in_force
from app.deadlines.sweeping import recompute, sweep
from app.host.host import Host, current_host
from app.workflow.drawing import draw
from app.workflow.overrides import merge_overrides
from app.workflow.publishing import in_force, overrides_of, surroundings_of, tune

__all__ = [
    "Calendars", "Host", "UnknownCalendar", "chain_breaks", "chain_head", "clear_day",
    "current_host", "draw", "in_force", "merge_overrides", "overrides_of", "policies_by_id",
    "recompute", "role_permissions", "save_calendar", "set_day", "set_in_force",
    "surroundings_of", "sweep", "tune",
]
