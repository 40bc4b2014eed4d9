"""Deadline policies of complaints: the house's by severity, and rule books chosen per complaint."""

from __future__ import annotations

import dataclasses

from app.sdk.workflow import HOUSE_POLICIES, REGULATIONS, Policy, PolicyCondition, bind_policy
from plugins.complaints.choices import RULE_BOOKS

# The act by which a customer is told how far the complaint has come.
TELL_PROGRESS = "tell_progress"
# What the milestones of the presets are in this workflow. A complaint that comes back begins anew.
# It is acknowledged once the customer has heard from us, by word or by being asked for something;
# what is decided within the house tells the customer nothing.
MILESTONES = {
    "received": ("received", "dissatisfied", "reopen"),
    "acknowledged": (TELL_PROGRESS, "wait", "consent", "decline"),
    "accepted": ("assigned",),
    "answered": ("feedback",),
    "closed": ("rated", "archived", "withdrawn", "merged"),
    "waiting": ("waiting",),
}


def policies() -> tuple[Policy, ...]:
    """Return all policies, bound to the workflow of complaints."""
    known = {name for name, _ in RULE_BOOKS}
    statutory = tuple(
        dataclasses.replace(
            bind_policy(policy, MILESTONES),
            applies_when=(PolicyCondition("rule_book", (policy.name,)),),
        )
        for policy in REGULATIONS
        if policy.name in known
    )
    return (*(bind_policy(policy, MILESTONES) for policy in HOUSE_POLICIES), *statutory)
