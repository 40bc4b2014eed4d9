"""Its hooks."""

from __future__ import annotations

from app.sdk import Permissions, hookimpl


@hookimpl
def register_permissions():
    """What it contributes."""
    return [Permissions(view="core.Users", names=("can_list",))]
