"""All tables of the plugin."""

from __future__ import annotations

from plugins.work.group_care.models import CustomerGroup, GroupEntry
from plugins.work.proposals.models import Proposal
from plugins.work.reports.models import WeeklyReport

MODELS = [WeeklyReport, Proposal, CustomerGroup, GroupEntry]

__all__ = ["MODELS", "CustomerGroup", "GroupEntry", "Proposal", "WeeklyReport"]
