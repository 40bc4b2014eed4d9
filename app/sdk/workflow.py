"""Workflows as data, forms of transitions, and deadline policies."""

from __future__ import annotations

from app.deadlines.policies import (
    ClockKind,
    ClockRule,
    Escalation,
    Extension,
    Measure,
    Policy,
    PolicyCondition,
)
from app.deadlines.presets import HOUSE as HOUSE_POLICIES
from app.deadlines.presets import REGULATIONS
from app.deadlines.presets import bind as bind_policy
from app.forms.definition import Choice, Condition, Field, Form, Kind, Op, Section
from app.i18n import Link, Message
from app.workflow.definition import (
    ANYONE,
    EVERY_OPEN,
    SYSTEM,
    Category,
    Evidence,
    Outcome,
    State,
    Transition,
    Who,
    Workflow,
)
from app.workflow.services import workflow_of

__all__ = [
    "ANYONE",
    "EVERY_OPEN",
    "HOUSE_POLICIES",
    "REGULATIONS",
    "SYSTEM",
    "Category",
    "Choice",
    "ClockKind",
    "ClockRule",
    "Condition",
    "Escalation",
    "Evidence",
    "Extension",
    "Field",
    "Form",
    "Kind",
    "Link",
    "Measure",
    "Message",
    "Op",
    "Outcome",
    "Policy",
    "PolicyCondition",
    "Section",
    "State",
    "Transition",
    "Who",
    "Workflow",
    "bind_policy",
    "workflow_of",
]
