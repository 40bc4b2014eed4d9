"""Names under which rights of the plugin are granted."""

from __future__ import annotations

REPORT = "work.WeeklyReport"
PROPOSAL = "work.Proposal"
GROUP = "work.CustomerGroup"
MEMBER = "work.GroupEntry"

MAY_READ_REPORTS = ("can_read", REPORT)
MAY_DECIDE = ("can_decide", PROPOSAL)
