"""What the work plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    DemoData,
    DictionaryList,
    Panel,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.services import own_open
from plugins.work import access, demo, initial_data
from plugins.work.cards import CARDS
from plugins.work.group_care.operations import GroupEntryOperations
from plugins.work.group_care.views import GroupEntryApi, GroupEntryView
from plugins.work.jobs import JOBS
from plugins.work.metrics import METRICS
from plugins.work.models import MODELS, CustomerGroup, GroupEntry, Proposal, WeeklyReport
from plugins.work.proposals import operations as proposals
from plugins.work.proposals.views import ProposalApi, ProposalView
from plugins.work.proposals.workflow import WORKFLOW as PROPOSAL_WORKFLOW
from plugins.work.reports import operations as reports
from plugins.work.reports.views import WeeklyReportApi, WeeklyReportView
from plugins.work.reports.workflow import WORKFLOW as REPORT_WORKFLOW
from plugins.work.settings import SETTINGS

READ = ("can_list", "can_show", "can_comment")
WRITE = ("can_add", "can_edit")
KEEPS = ("can_delete", "can_export")


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="work", label=N_("Work"), icon="notes", order=42, group="people")]


@hookimpl
def register_record_types():
    """Weekly reports, staff proposals, the log of group care."""
    return [
        RecordType(model=WeeklyReport, operations=reports.WeeklyReportOperations,
                   label=N_("Weekly report"), label_plural=N_("Weekly reports"),
                   view=access.REPORT, endpoint="WeeklyReportView.show", icon="notes"),
        RecordType(model=Proposal, operations=proposals.ProposalOperations,
                   label=N_("Staff proposal"), label_plural=N_("Staff proposals"),
                   view=access.PROPOSAL, endpoint="ProposalView.show", icon="bulb"),
        RecordType(model=GroupEntry, operations=GroupEntryOperations,
                   label=N_("Line of group care"), label_plural=N_("Group care"),
                   view=access.MEMBER, endpoint="GroupEntryView.show", icon="users-group"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [
        Permissions(view=access.REPORT, names=("can_read",),
                    words={"can_read": N_("Read and comment on reports of others")}),
        Permissions(view=access.PROPOSAL, names=("can_decide",),
                    words={"can_decide": N_("Decide about proposals")}),
    ]


@hookimpl
def register_screens():
    """Reports first, then proposals and group care."""
    return [
        Screen(view=WeeklyReportView, label=N_("Weekly reports"), category="work", icon="notes",
               order=10, waiting=own_open(WeeklyReport)),
        Screen(view=ProposalView, label=N_("Staff proposals"), category="work", icon="bulb",
               order=20, waiting=own_open(Proposal)),
        Screen(view=GroupEntryView, label=N_("Group care"), category="work",
               icon="users-group", order=30),
    ]


@hookimpl
def register_dictionaries():
    """Groups of customers."""
    return [DictionaryList(model=CustomerGroup, title=N_("Customer groups"), view=access.GROUP,
                           icon="users-group", order=10)]


@hookimpl
def register_apis():
    """Reports, proposals and group care over REST."""
    return [Api(view=WeeklyReportApi), Api(view=ProposalApi), Api(view=GroupEntryApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do."""
    return [
        *(RoleGrant(role=role, view=view, names=(*READ, *WRITE))
          for role in ("agent", "supervisor") for view in (
              access.REPORT, access.PROPOSAL, access.MEMBER)),
        *(RoleGrant(role=role, view=access.PROPOSAL, names=(*READ, *WRITE))
          for role in ("leader", "hr")),
        *(RoleGrant(role=role, view=access.REPORT, names=READ) for role in ("leader", "hr")),
        *(RoleGrant(role=role, view=access.REPORT, names=("can_read", "can_export"))
          for role in ("supervisor", "leader")),
        *(RoleGrant(role=role, view=access.PROPOSAL, names=("can_decide", "can_export"))
          for role in ("supervisor", "leader")),
        RoleGrant(role="supervisor", view=access.MEMBER,
                  names=(*KEEPS, "can_import", "can_reveal")),
        RoleGrant(role="leader", view=access.MEMBER, names=(*READ, "can_export")),
        RoleGrant(role="supervisor", view=access.GROUP, names=("can_list", "can_edit")),
    ]


@hookimpl
def register_workflows():
    """The way of a report, and of a proposal."""
    return [
        WorkflowBinding(model=WeeklyReport, workflow=REPORT_WORKFLOW, guards=reports.GUARDS,
                        effects=reports.EFFECTS),
        WorkflowBinding(model=Proposal, workflow=PROPOSAL_WORKFLOW, effects=proposals.EFFECTS),
    ]


@hookimpl
def register_panels():
    """In which groups a customer is."""
    return [Panel(record_type="customers.customer", title=N_("Group care"), view=access.MEMBER,
                  rows_of=GroupEntry)]


@hookimpl
def register_settings():
    """Who writes reports, when they are due, which figures they show."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Groups of customers to begin with."""
    return [ShippedData(name="work.groups", load=initial_data.load)]


@hookimpl
def register_demo_data():
    """Some weeks of reports, proposals in every state, a log of group care."""
    return [DemoData(name="work.weeks", load=demo.load, order=48)]


@hookimpl
def register_cards():
    """What to write, to read and to decide."""
    return CARDS


@hookimpl
def register_metrics():
    """What is counted as records change."""
    return METRICS


@hookimpl
def register_jobs():
    """Drafts of the week, reminders, reports that were not handed in."""
    return JOBS
