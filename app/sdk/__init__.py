"""Everything that plugins and the core's own screens may import."""

from __future__ import annotations

from app.host.collaboration import (
    Ability,
    Event,
    EventField,
    LinkKind,
    RecordAction,
    RecordChip,
    RecordColumn,
    RecordFact,
    TimelineFeed,
)
from app.host.concerns import only_for
from app.host.contributions import (
    Api,
    Card,
    Category,
    DemoData,
    DictionaryList,
    Panel,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    TableOperations,
    WorkflowBinding,
)
from app.host.hookspecs import hookimpl
from app.host.measures import Metric, Served
from app.host.suggestions import Suggestion, SuggestionSource, Typed
from app.i18n import N_

__all__ = [
    "N_",
    "Ability",
    "Api",
    "Card",
    "Category",
    "DemoData",
    "DictionaryList",
    "Event",
    "EventField",
    "LinkKind",
    "Metric",
    "Panel",
    "Permissions",
    "Policies",
    "RecordAction",
    "RecordChip",
    "RecordColumn",
    "RecordFact",
    "RecordType",
    "RoleGrant",
    "Screen",
    "Served",
    "Settings",
    "ShippedData",
    "Suggestion",
    "SuggestionSource",
    "TableOperations",
    "TimelineFeed",
    "Typed",
    "WorkflowBinding",
    "hookimpl",
    "only_for",
]
