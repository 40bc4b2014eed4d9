"""What the complaints plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
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
    WorkflowBinding,
    hookimpl,
)
from app.sdk import Category as MenuCategory
from app.sdk.customers import unfinished_work
from app.sdk.services import own_open
from plugins.complaints import collaboration, deadlines, demo, guards_and_effects, initial_data
from plugins.complaints.cards import CARDS
from plugins.complaints.charts import ComplaintStatisticsApi, ComplaintStatisticsView
from plugins.complaints.commands import complaints_group
from plugins.complaints.importing import IMPORTER
from plugins.complaints.metrics import METRICS, SERVED
from plugins.complaints.models import (
    Category,
    Cause,
    Channel,
    Complaint,
    Incident,
    RegulatorReport,
)
from plugins.complaints.operations import ComplaintOperations, IncidentOperations
from plugins.complaints.settings import SETTINGS
from plugins.complaints.table.page import ComplaintTableView
from plugins.complaints.table.sending import JOBS
from plugins.complaints.views import ComplaintApi, ComplaintView, IncidentView
from plugins.complaints.workflow import VIEW, WORKFLOW

READ = ("can_list", "can_show", "can_export")
WRITE = ("can_add", "can_edit", "can_comment")
LEAD = ("can_delete", "can_import", "can_statistics", "can_correct", "can_reassign")
LISTS = ("complaints.Channel", "complaints.Category", "complaints.Cause")


@hookimpl
def register_models():
    """All tables."""
    return [Channel, Category, Cause, Incident, Complaint, RegulatorReport]


@hookimpl
def register_categories():
    """The heading that the screens stand under."""
    return [
        MenuCategory(name="complaints", label=N_("Complaints"), icon="message-report", order=10,
                     group="casework")
    ]


@hookimpl
def register_record_types():
    """Complaints and mass incidents."""
    return [
        RecordType(model=Complaint, operations=ComplaintOperations, label=N_("Complaint"),
                   label_plural=N_("Complaints"), view=VIEW, endpoint="ComplaintView.show",
                   icon="message-report"),
        RecordType(model=Incident, operations=IncidentOperations, label=N_("Mass complaint"),
                   label_plural=N_("Mass complaints"), view="complaints.Incident",
                   endpoint="IncidentView.show", icon="users-group"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    words = {"can_approve": N_("Approve"), "can_statistics": N_("See the statistics"),
             "can_correct": N_("Correct receipt and rule book"),
             "can_reassign": N_("Reassign")}
    return [Permissions(view=VIEW, names=("can_import", *words), words=words)]


@hookimpl
def register_screens():
    """Complaints first: everything else is beside them."""
    return [
        Screen(view=ComplaintView, label=N_("Complaints"), category="complaints",
               icon="message-report", order=10, waiting=own_open(Complaint)),
        Screen(view=IncidentView, label=N_("Mass complaints"), category="complaints",
               icon="users-group", order=20),
        Screen(view=ComplaintStatisticsView, label=N_("Complaint statistics"),
               category="figures", icon="chart-bar", order=10,
               permission="can_statistics"),
        Screen(view=ComplaintTableView, label=N_("Complaint summary table"), category="figures",
               icon="table", order=11, permission="can_statistics"),
    ]


@hookimpl
def register_dictionaries():
    """How complaints come in, what they are about, why they came about."""
    return [
        DictionaryList(model=Channel, title=N_("Complaint channels"), view="complaints.Channel",
                       icon="antenna", order=10),
        DictionaryList(model=Category, title=N_("Complaint categories"),
                       view="complaints.Category", icon="tags", order=20),
        DictionaryList(model=Cause, title=N_("Complaint causes"), view="complaints.Cause",
                       icon="zoom-question", order=30),
    ]


@hookimpl
def register_apis():
    """Complaints and figures over REST."""
    return [Api(view=ComplaintApi), Api(view=ComplaintStatisticsApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with complaints."""
    incident = "complaints.Incident"
    return [
        RoleGrant(role="agent", view=VIEW, names=("can_list", "can_show", *WRITE)),
        RoleGrant(role="agent", view=incident, names=("can_list", "can_show")),
        # Only the leader of the responsible department approves; a supervisor may be one.
        RoleGrant(role="supervisor", view=VIEW,
                  names=(*READ, *WRITE, *LEAD, "can_approve", "can_reveal")),
        RoleGrant(role="supervisor", view=incident, names=(*READ, *WRITE)),
        *(RoleGrant(role="supervisor", view=view, names=("can_list",)) for view in LISTS),
        RoleGrant(role="leader", view=VIEW,
                  names=(*READ, "can_comment", "can_approve", "can_statistics")),
        RoleGrant(role="leader", view=incident, names=READ),
    ]


@hookimpl
def register_panels():
    """Who calls again is seen together with what was complained about before."""
    return [Panel(record_type=kind, title=N_("Complaints"), view=VIEW, rows_of=Complaint, order=10)
            for kind in ("customers.customer", "customers.vehicle", "customers.loan")]


@hookimpl
def register_abilities():
    """Opening a complaint out of whatever somebody works on."""
    return collaboration.ABILITIES


@hookimpl
def register_events():
    """What the customer thought of the handling."""
    return collaboration.EVENTS


@hookimpl
def register_link_kinds():
    """Duplicates lead to the complaint that goes on."""
    return collaboration.LINK_KINDS


@hookimpl
def register_record_chips():
    """How many complaints of a customer are open; the tier of a complaint's customer."""
    return collaboration.CHIPS


@hookimpl
def register_record_columns():
    """The list of customers can show how many complaints of each are open."""
    return collaboration.COLUMNS


@hookimpl
def register_record_actions():
    """A complaint is opened on the page of a customer."""
    return collaboration.ACTIONS


@hookimpl
def register_timeline():
    """Complaints are on the timeline of their customer."""
    return collaboration.TIMELINE


@hookimpl
def register_workflows():
    """The handling of a complaint."""
    return [
        WorkflowBinding(
            model=Complaint, workflow=WORKFLOW, guards=guards_and_effects.GUARDS,
            effects=guards_and_effects.EFFECTS,
        )
    ]


@hookimpl
def register_deadline_policies():
    """House deadlines by severity, and the rule books."""
    return [Policies(record_type=Complaint.__record_type__, policies=deadlines.policies())]


@hookimpl
def register_shipped_data():
    """Channels, categories and causes to begin with."""
    return [ShippedData(name="complaints.lists", load=initial_data.load)]


@hookimpl
def register_demo_data():
    """Made-up complaints in every state."""
    return [DemoData(name="complaints.complaints", load=demo.load, order=20)]


@hookimpl
def register_importers():
    """Complaints from files."""
    return [IMPORTER]


@hookimpl
def register_settings():
    """When a complaint counts as without news, and what counts as a duplicate."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_jobs():
    """The table of a month goes to the leaders."""
    return JOBS


@hookimpl
def register_commands():
    """``flask complaints``."""
    return [complaints_group]


@hookimpl
def register_cards():
    """What to do next."""
    return CARDS


@hookimpl
def on_event(session, payload):
    """Reopen a complaint whose customer is dissatisfied when asked afterwards."""
    collaboration.reopen_after_answer(session, payload)


@hookimpl
def register_served():
    """Customers who complained."""
    return SERVED


@hookimpl
def register_metrics():
    """What is counted as complaints change."""
    return METRICS


@hookimpl
def check_delete(session, record):
    """A customer with an open complaint is not deleted."""
    return unfinished_work(session, record, Complaint)
