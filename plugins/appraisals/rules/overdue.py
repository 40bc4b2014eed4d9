"""What becomes of a step that nobody takes in time. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from plugins.appraisals.rules.chain import APPRAISER, SUBJECT

REMIND, PASS, REFUSE = "remind", "pass", "refuse"
OWN, LEADER, POSTS = "own", "leader", "posts"
KINDS = (OWN, LEADER, POSTS)
"""Kinds of step: the person's words and signature, the appraiser's, those of the posts."""


@dataclasses.dataclass(frozen=True, slots=True)
class OverdueRule:
    """What follows when a step has waited for some days.

    Attributes:
        action: ``remind``, ``pass`` or ``refuse``.
        days: how many days it may wait.
    """

    action: str
    days: int


def kind_of(part: str) -> str:
    """Return the kind of step of a part of the chain.

    Args:
        part: ``subject``, ``appraiser`` or the code of a post.
    """
    return {SUBJECT: OWN, APPRAISER: LEADER}.get(part, POSTS)


def rule_for(values: Mapping[str, Any], part: str) -> OverdueRule:
    """Return the rule for a part of the chain.

    Args:
        values: settings of the plugin.
        part: ``subject``, ``appraiser`` or the code of a post.
    """
    kind = kind_of(part)
    return OverdueRule(values[f"overdue_{kind}"], values[f"overdue_{kind}_days"])


def is_overdue(rule: OverdueRule, since: dt.date, today: dt.date) -> bool:
    """Return whether a step has waited for too long.

    Args:
        rule: the rule.
        since: local day on which it began to wait, no earlier than the end of the period.
        today: local date.
    """
    return (today - since).days >= rule.days
