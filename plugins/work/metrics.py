"""The figures of the plugin: what is counted as records change."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.metrics import PERCENT, Measure, Metric
from plugins.work import access
from plugins.work.choices import ADDED, ADOPTED, NOT_HANDED_IN, ON_TIME, REMOVED
from plugins.work.models import GroupEntry, Proposal, WeeklyReport

REPORTS = "WeeklyReportView.list"
PROPOSALS = "ProposalView.list"
MEMBERS = "GroupEntryView.list"


def _reports(name: str, **where: str | tuple[str, ...]) -> Measure:
    """Return a measure over the days on which reports were due."""
    return Measure(name=f"work.{name}", model=WeeklyReport, day="hand_in_by", where=where)


DUE = _reports("reports_due", timeliness__filled="1")
IN_TIME = _reports("reports_on_time", timeliness__in=ON_TIME)
MISSING = _reports("reports_missing", timeliness__in=NOT_HANDED_IN)
PROPOSED = Measure(name="work.proposals", model=Proposal, day="submitted_at",
                   person="proposer_id", where={"submitted_at__filled": "1"})
TAKEN_UP = Measure(name="work.proposals_adopted", model=Proposal, day="decided_at",
                   person="proposer_id", where={"decision__in": ADOPTED})
MEMBERS_ADDED = Measure(name="work.members_added", model=GroupEntry, day="happened_at",
                        where={"act__in": ADDED}, dimensions={"group": "group_id"})
ADVERTISERS = Measure(name="work.advertisers_removed", model=GroupEntry, day="happened_at",
                      where={"act__in": REMOVED}, dimensions={"group": "group_id"})

METRICS = (
    Metric(name="work.reports_on_time_rate", title=N_("Weekly reports handed in on time"),
           numerator=IN_TIME, denominator=DUE, unit=PERCENT, better="higher", endpoint=REPORTS,
           view=access.REPORT),
    Metric(name="work.reports_missing", title=N_("Weekly reports not handed in"),
           numerator=MISSING, unit=N_("reports"), better="lower", endpoint=REPORTS,
           view=access.REPORT),
    Metric(name="work.proposals", title=N_("Proposals handed in"), numerator=PROPOSED,
           unit=N_("proposals"), better="higher", endpoint=PROPOSALS, view=access.PROPOSAL),
    Metric(name="work.proposals_adopted", title=N_("Proposals adopted"), numerator=TAKEN_UP,
           unit=N_("proposals"), better="higher", endpoint=PROPOSALS, view=access.PROPOSAL),
    Metric(name="work.members_added", title=N_("Members added to customer groups"),
           numerator=MEMBERS_ADDED, unit=N_("members"), better="higher", endpoint=MEMBERS,
           view=access.MEMBER),
    Metric(name="work.advertisers_removed", title=N_("Advertisers removed from customer groups"),
           numerator=ADVERTISERS, unit=N_("advertisers"), endpoint=MEMBERS, view=access.MEMBER),
)
