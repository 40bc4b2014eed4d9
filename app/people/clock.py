"""The date and the time zone of the organisation, for rules about days."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from flask import current_app, has_app_context

from app.database import utcnow

_STANDARD = "Asia/Shanghai"


def local_zone() -> zoneinfo.ZoneInfo:
    """Return the organisation's time zone; the product's own outside of an application."""
    name = current_app.config["CARELINE_SETTINGS"].timezone if has_app_context() else _STANDARD
    return zoneinfo.ZoneInfo(name)


def local_today() -> dt.date:
    """Return the date of now in the organisation's time zone."""
    return utcnow().astimezone(local_zone()).date()
