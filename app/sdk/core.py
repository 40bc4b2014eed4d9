"""What only the core's own screens need: rights, accounts, host, audit chain, calendars."""

from __future__ import annotations

from app.access.audit import head as chain_head
from app.access.audit import verify as chain_breaks
from app.access.models import RoleScope
from app.access.services import ROLES, bump, role_permissions
from app.access.signin import end_sessions_of, forgive
from app.deadlines.calendar_store import (
    Calendars,
    UnknownCalendar,
    clear_day,
    save_calendar,
    set_day,
)
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.policy_store import policies_by_id, set_in_force
from app.deadlines.shifts import shifts
from app.deadlines.sweeping import recompute, sweep
from app.host.host import Host, current_host
from app.notices.events import tell_of_deadline, tell_of_saving, tell_of_transition
from app.screens.assets import icon_names
from app.screens.registry import registry
from app.screens.texts import column_msgid
from app.workflow.drawing import draw
from app.workflow.models import DefinitionRow
from app.workflow.overrides import merge_overrides
from app.workflow.publishing import in_force, overrides_of, surroundings_of, tune
from app.workflow.relations import relation_names

__all__ = [
    "ROLES",
    "Calendars",
    "DefinitionRow",
    "Host",
    "RoleScope",
    "UnknownCalendar",
    "WorkingCalendar",
    "bump",
    "chain_breaks",
    "chain_head",
    "clear_day",
    "column_msgid",
    "current_host",
    "draw",
    "end_sessions_of",
    "forgive",
    "icon_names",
    "in_force",
    "merge_overrides",
    "overrides_of",
    "policies_by_id",
    "recompute",
    "registry", "relation_names",
    "role_permissions",
    "save_calendar",
    "set_day",
    "set_in_force",
    "shifts",
    "surroundings_of",
    "sweep",
    "tell_of_deadline", "tell_of_saving", "tell_of_transition",
    "tune",
]
