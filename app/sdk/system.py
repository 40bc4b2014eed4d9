"""What only the core's own screens need: sessions of accounts, ready-made roles, the sweep."""

from __future__ import annotations

from app.access.models import RoleScope
from app.access.services import ROLES, bump
from app.access.signin import end_sessions_of, forgive
from app.deadlines.sweeping import sweep

__all__ = ["ROLES", "RoleScope", "bump", "end_sessions_of", "forgive", "sweep"]
