"""Everything that plugins and the core's own screens may import."""

from __future__ import annotations

from app.host.contributions import (
    Api,
    Card,
    Category,
    DemoData,
    DictionaryList,
    Metric,
    Panel,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    TableOperations,
    Veto,
    WorkflowBinding,
)
from app.host.hookspecs import hookimpl
from app.i18n import N_

__all__ = [
    "N_",
    "Api",
    "Card",
    "Category",
    "DemoData",
    "DictionaryList",
    "Metric",
    "Panel",
    "Permissions",
    "Policies",
    "RecordType",
    "RoleGrant",
    "Screen",
    "Settings",
    "ShippedData",
    "TableOperations",
    "Veto",
    "WorkflowBinding",
    "hookimpl",
]
