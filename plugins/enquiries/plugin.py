"""What the enquiries plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
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
    WorkflowBinding,
    hookimpl,
)
from app.sdk.customers import unfinished_work
from app.sdk.services import own_open
from plugins.enquiries import access, collaboration, demo, department_reply, initial_data, models
from plugins.enquiries.calls.operations import CallOperations
from plugins.enquiries.calls.views import CallView
from plugins.enquiries.cards import CARDS
from plugins.enquiries.enquiries import guards_and_effects
from plugins.enquiries.enquiries import workflow as enquiry_workflow
from plugins.enquiries.enquiries.operations import EnquiryOperations
from plugins.enquiries.enquiries.views import EnquiryApi, EnquiryView
from plugins.enquiries.jobs import JOBS
from plugins.enquiries.messages import operations as message_operations
from plugins.enquiries.messages import workflow as message_workflow
from plugins.enquiries.messages.views import MessageView
from plugins.enquiries.metrics import METRICS, SERVED
from plugins.enquiries.monthly.page import MonthlyView
from plugins.enquiries.repairs import operations as repair_operations
from plugins.enquiries.repairs import workflow as repair_workflow
from plugins.enquiries.repairs.views import RepairApi, RepairView
from plugins.enquiries.requests import workflow as request_workflow
from plugins.enquiries.requests.operations import RequestOperations
from plugins.enquiries.requests.views import RequestView
from plugins.enquiries.settings import SETTINGS
from plugins.enquiries.statistics_page import EnquiryStatisticsView
from plugins.enquiries.suggestions import workflow as suggestion_workflow
from plugins.enquiries.suggestions.operations import SuggestionOperations
from plugins.enquiries.suggestions.views import SuggestionApi, SuggestionView
from plugins.enquiries.summaries.operations import SummaryOperations
from plugins.enquiries.summaries.views import SummaryView

READ = ("can_list", "can_show")
WORK = ("can_add", "can_edit", "can_comment")
LEAD = ("can_delete", "can_export", "can_import")
# What agents, supervisors and departments work on.
WORKED_ON = (access.ENQUIRY, access.REPAIR, access.SUGGESTION, access.REQUEST, access.MESSAGE)


@hookimpl
def register_models():
    """All tables."""
    return models.MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="enquiries", label=N_("Enquiries"), icon="headset", order=5,
                     group="casework")]


@hookimpl
def register_record_types():
    """Enquiries and what they become, calls, weekly summaries."""
    def kind(model, operations, label, plural, view, screen, icon):
        return RecordType(model=model, operations=operations, label=label, label_plural=plural,
                          view=view, endpoint=f"{screen.__name__}.show", icon=icon)

    return [
        kind(models.Enquiry, EnquiryOperations, N_("Enquiry"), N_("Enquiries"), access.ENQUIRY,
             EnquiryView, "headset"),
        kind(models.Repair, repair_operations.RepairOperations, N_("Repair report"),
             N_("Repair reports and rescue calls"), access.REPAIR, RepairView, "tool"),
        kind(models.Suggestion, SuggestionOperations, N_("Customer suggestion"),
             N_("Suggestions of customers"), access.SUGGESTION, SuggestionView, "bulb"),
        kind(models.Request, RequestOperations, N_("Internal request"), N_("Internal requests"),
             access.REQUEST, RequestView, "building"),
        kind(models.Message, message_operations.MessageOperations, N_("Message for a colleague"),
             N_("Messages for colleagues"), access.MESSAGE, MessageView, "message"),
        kind(models.Call, CallOperations, N_("Incoming call"), N_("Calls of the telephone system"),
             access.CALL, CallView, "phone-incoming"),
        kind(models.Summary, SummaryOperations, N_("Weekly summary of questions"),
             N_("Weekly summaries of questions"), access.SUMMARY, SummaryView, "report"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    words = {"can_statistics": N_("See the statistics"), "can_reassign": N_("Reassign"),
             "can_share_callers": N_("Share callers out to sales")}
    return [
        Permissions(view=access.ENQUIRY, names=tuple(words), words=words),
        Permissions(view=access.MESSAGE, names=("can_reassign",),
                    words={"can_reassign": N_("Reassign")}),
    ]


@hookimpl
def register_screens():
    """The desk and its table first; what calls become is below."""
    def screen(view, label, icon, order, permission="can_list", **place):
        return Screen(view=view, label=label, icon=icon, order=order, permission=permission,
                      **{"category": "enquiries", **place})

    return [
        screen(EnquiryView, N_("Enquiries"), "headset", 10, waiting=own_open(models.Enquiry)),
        screen(RepairView, N_("Repairs and rescue"), "tool", 20),
        screen(SuggestionView, N_("Suggestions"), "bulb", 30),
        screen(RequestView, N_("Internal requests"), "building", 40),
        screen(MessageView, N_("Messages left"), "message", 50,
               waiting=own_open(models.Message)),
        screen(SummaryView, N_("Weekly summaries"), "report", 60),
        screen(EnquiryStatisticsView, N_("Statistics of enquiries"), "chart-bar", 70,
               "can_statistics", category="figures"),
        screen(MonthlyView, N_("Monthly lists"), "calendar-stats", 80, "can_statistics"),
        screen(CallView, N_("Phone system calls"), "phone-incoming", 90),
    ]


@hookimpl
def register_dictionaries():
    """How enquiries come in, and what they are about."""
    return [
        DictionaryList(model=models.EnquiryChannel, title=N_("Channels of enquiries"),
                       view=access.CHANNEL, icon="antenna", order=10),
        DictionaryList(model=models.EnquiryCategory, title=N_("Categories of enquiries"),
                       view=access.CATEGORY, icon="tags", order=20),
    ]


@hookimpl
def register_apis():
    """Enquiries, repair reports and suggestions over REST."""
    return [Api(view=EnquiryApi), Api(view=RepairApi), Api(view=SuggestionApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do at the desk."""
    return [
        *(RoleGrant(role="agent", view=view, names=(*READ, *WORK)) for view in WORKED_ON),
        *(RoleGrant(role="supervisor", view=view, names=(*READ, *WORK, *LEAD))
          for view in WORKED_ON),
        *(RoleGrant(role="supervisor", view=view, names=("can_reveal",))
          for view in WORKED_ON if view != access.REQUEST),
        RoleGrant(role="supervisor", view=access.ENQUIRY,
                  names=("can_statistics", "can_reassign", "can_share_callers")),
        RoleGrant(role="supervisor", view=access.MESSAGE, names=("can_reassign",)),
        # The leader of the department that was asked answers or passes it on.
        *(RoleGrant(role="leader", view=view, names=(*READ, "can_comment", "can_export"))
          for view in WORKED_ON),
        RoleGrant(role="leader", view=access.ENQUIRY, names=("can_statistics",)),
        RoleGrant(role="supervisor", view=access.CALL,
                  names=(*READ, *WORK, "can_delete", "can_export", "can_import", "can_reveal")),
        RoleGrant(role="leader", view=access.CALL, names=(*READ, "can_export")),
        RoleGrant(role="agent", view=access.SUMMARY, names=READ),
        *(RoleGrant(role=role, view=access.SUMMARY, names=(*READ, "can_export"))
          for role in ("supervisor", "leader")),
        *(RoleGrant(role="supervisor", view=view, names=("can_list",))
          for view in (access.CHANNEL, access.CATEGORY)),
    ]


@hookimpl
def register_workflows():
    """How each kind of record goes."""
    reply = department_reply.EFFECTS
    return [
        WorkflowBinding(model=models.Enquiry, workflow=enquiry_workflow.WORKFLOW,
                        guards=guards_and_effects.GUARDS, effects=guards_and_effects.EFFECTS),
        WorkflowBinding(model=models.Repair, workflow=repair_workflow.WORKFLOW,
                        effects=repair_operations.EFFECTS),
        WorkflowBinding(model=models.Suggestion, workflow=suggestion_workflow.WORKFLOW,
                        effects=reply),
        WorkflowBinding(model=models.Request, workflow=request_workflow.WORKFLOW, effects=reply),
        WorkflowBinding(model=models.Message, workflow=message_workflow.WORKFLOW,
                        effects=message_operations.EFFECTS),
    ]


@hookimpl
def register_deadline_policies():
    """By when a customer, a department, a colleague has an answer."""
    return [
        Policies(record_type=model.__record_type__, policies=source.POLICIES)
        for model, source in (
            (models.Enquiry, enquiry_workflow), (models.Repair, repair_workflow),
            (models.Suggestion, suggestion_workflow), (models.Request, request_workflow),
            (models.Message, message_workflow))
    ]


@hookimpl
def register_panels():
    """What a customer asked, reported and suggested."""
    return [
        Panel(record_type="customers.customer", title=title, view=view, rows_of=model, order=order)
        for title, view, model, order in (
            (N_("Enquiries"), access.ENQUIRY, models.Enquiry, 5),
            (N_("Repair reports"), access.REPAIR, models.Repair, 15),
            (N_("Suggestions"), access.SUGGESTION, models.Suggestion, 16))
    ]


@hookimpl
def register_abilities():
    """Opening an enquiry, reporting a repair out of whatever somebody works on."""
    return collaboration.ABILITIES


@hookimpl
def register_events():
    """What customers think of the answers."""
    return collaboration.EVENTS


@hookimpl
def register_record_actions():
    """A call is taken on the page of a customer, a repair reported on that of a vehicle."""
    return collaboration.ACTIONS


@hookimpl
def register_record_chips():
    """How many enquiries of a customer are open; the tier of an enquiry's customer."""
    return collaboration.CHIPS


@hookimpl
def register_timeline():
    """What customers asked, reported and suggested is on their timeline."""
    return collaboration.TIMELINE


@hookimpl
def register_settings():
    """Silent customers, workshop and sales, how long contact data are kept."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Channels and categories to begin with."""
    return [ShippedData(name="enquiries.lists", load=initial_data.load)]


@hookimpl
def register_demo_data():
    """Two weeks at the desk."""
    return [DemoData(name="enquiries.desk", load=demo.load, order=32)]


@hookimpl
def register_served():
    """Customers who asked something."""
    return SERVED


@hookimpl
def register_metrics():
    """What is counted as enquiries, repair reports and calls change."""
    return METRICS


@hookimpl
def register_cards():
    """What to answer next, and the day at the desk."""
    return CARDS


@hookimpl
def register_jobs():
    """Silent customers, the week's questions, contact data kept too long."""
    return JOBS


@hookimpl
def check_delete(session, record):
    """A customer who waits for an answer is not deleted."""
    return unfinished_work(
        session, record, models.Enquiry, models.Repair, models.Suggestion, models.Message)
