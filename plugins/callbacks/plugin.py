"""What the callbacks plugin contributes; hooks only."""

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
    only_for,
)
from app.sdk.customers import unfinished_work
from app.sdk.jobs import Schedule
from app.sdk.services import own_open, utcnow, write
from plugins.callbacks import collaboration, demo, generation, initial_data, sharing
from plugins.callbacks.cards import CARDS
from plugins.callbacks.corrections import articles
from plugins.callbacks.corrections.choices import CORRECTION_VIEW
from plugins.callbacks.corrections.operations import CorrectionOperations
from plugins.callbacks.corrections.views import CorrectionView
from plugins.callbacks.metrics import METRICS, SERVED
from plugins.callbacks.models import (
    CallbackPurpose,
    Correction,
    CorrectionReceiver,
    ForeignEvent,
    Outcome,
    OutcomeRule,
    Rule,
    Script,
    Silence,
    Task,
    UnreachableLine,
    UnreachableList,
)
from plugins.callbacks.operations import TaskOperations
from plugins.callbacks.rule_operations import RuleOperations
from plugins.callbacks.script_operations import OutcomeRuleOperations, ScriptOperations
from plugins.callbacks.services import SCRIPT_EFFECTS, TASK_EFFECTS, TASK_GUARDS
from plugins.callbacks.settings import SETTINGS
from plugins.callbacks.silence import watch
from plugins.callbacks.silence.choices import SILENCE_VIEW
from plugins.callbacks.silence.operations import SilenceOperations
from plugins.callbacks.silence.views import SilenceView
from plugins.callbacks.unreachable import answers_file, freezing
from plugins.callbacks.unreachable.choices import LINE_VIEW, LIST_VIEW
from plugins.callbacks.unreachable.operations import (
    UnreachableLineOperations,
    UnreachableListOperations,
)
from plugins.callbacks.unreachable.views import UnreachableLineView, UnreachableListView
from plugins.callbacks.views import OutcomeRuleView, RuleView, ScriptView, TaskApi, TaskView
from plugins.callbacks.workflow import (
    RULE_VIEW,
    SCRIPT_VIEW,
    SCRIPT_WORKFLOW,
    TASK_WORKFLOW,
    TRIGGER_VIEW,
    VIEW,
)

READ = ("can_list", "can_show")
WORK = ("can_add", "can_edit", "can_comment")
LISTS = ("callbacks.Purpose", "callbacks.Outcome")


@hookimpl
def register_models():
    """All tables."""
    return [CallbackPurpose, Outcome, OutcomeRule, Script, Rule, ForeignEvent, Correction,
            CorrectionReceiver, Task,
            UnreachableList, UnreachableLine, Silence]


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="callbacks", label=N_("Callbacks"), icon="phone-outgoing", order=20,
                     group="casework")]


@hookimpl
def register_record_types():
    """Callbacks, scripts, and the rules of outcomes."""
    return [
        RecordType(model=Task, operations=TaskOperations, label=N_("Callback"),
                   label_plural=N_("Callbacks"), view=VIEW, endpoint="TaskView.show",
                   icon="phone-outgoing"),
        RecordType(model=Script, operations=ScriptOperations, label=N_("Callback script"),
                   label_plural=N_("Callback scripts"), view=SCRIPT_VIEW,
                   endpoint="ScriptView.show", icon="script"),
        RecordType(model=OutcomeRule, operations=OutcomeRuleOperations,
                   label=N_("Rule of an outcome"), label_plural=N_("Rules of outcomes"),
                   view=RULE_VIEW, endpoint="OutcomeRuleView.show", icon="git-branch"),
        RecordType(model=Rule, operations=RuleOperations, label=N_("Callback rule"),
                   label_plural=N_("Callback rules"), view=TRIGGER_VIEW,
                   endpoint="RuleView.show", icon="bolt"),
        RecordType(model=Correction, operations=CorrectionOperations, label=N_("Correction"),
                   label_plural=N_("Corrections"), view=CORRECTION_VIEW,
                   endpoint="CorrectionView.show", icon="message-2-exclamation"),
        RecordType(model=Silence, operations=SilenceOperations,
                   label=N_("Customer without a planned contact"),
                   label_plural=N_("Customers without a planned contact"), view=SILENCE_VIEW,
                   endpoint="SilenceView.show", icon="calendar-off"),
        RecordType(model=UnreachableList, operations=UnreachableListOperations,
                   label=N_("List of unreachable customers"),
                   label_plural=N_("Monthly lists of unreachable customers"), view=LIST_VIEW,
                   endpoint="UnreachableListView.show", icon="phone-off"),
        RecordType(model=UnreachableLine, operations=UnreachableLineOperations,
                   label=N_("Unreachable customer"), label_plural=N_("Unreachable customers"),
                   view=LINE_VIEW, endpoint="UnreachableLineView.show", icon="phone-off"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [
        Permissions(view=VIEW, names=("can_reassign",), words={"can_reassign": N_("Reassign")}),
        Permissions(view=SCRIPT_VIEW, names=("can_approve",),
                    words={"can_approve": N_("Approve")}),
        Permissions(view=LIST_VIEW, names=("can_freeze",),
                    words={"can_freeze": N_("Freeze lists and note that they were sent")}),
        Permissions(view=LINE_VIEW, names=("can_answer",),
                    words={"can_answer": N_("Enter answers of the front desk")}),
        Permissions(view=CORRECTION_VIEW, names=("can_call_again",),
                    words={"can_call_again": N_("Make the correction calls")}),
    ]


@hookimpl
def register_screens():
    """Callbacks first; scripts and rules are beside them."""
    return [
        Screen(view=TaskView, label=N_("Callbacks"), category="callbacks",
               icon="phone-outgoing", order=10, waiting=own_open(Task)),
        Screen(view=ScriptView, label=N_("Callback scripts"), category="callbacks",
               icon="script", order=20, administration=True),
        Screen(view=OutcomeRuleView, label=N_("Rules of outcomes"), category="callbacks",
               icon="git-branch", order=30, administration=True),
        Screen(view=RuleView, label=N_("Callback rules"), category="callbacks",
               icon="bolt", order=40, administration=True),
        Screen(view=CorrectionView, label=N_("Correction calls"), category="callbacks",
               icon="message-2-exclamation", order=15),
        Screen(view=SilenceView, label=N_("Customers without a planned contact"),
               category="callbacks", icon="calendar-off", order=16),
        Screen(view=UnreachableListView, label=N_("Monthly lists of unreachable customers"),
               category="callbacks", icon="phone-off", order=50),
        Screen(view=UnreachableLineView, label=N_("Unreachable customers"), category="callbacks",
               icon="phone-off", order=51),
    ]


@hookimpl
def register_dictionaries():
    """What callbacks are for, and how contacts end."""
    return [
        DictionaryList(model=CallbackPurpose, title=N_("Purposes of callbacks"),
                       view="callbacks.Purpose", icon="target", order=10),
        DictionaryList(model=Outcome, title=N_("Outcomes of contacts"), view="callbacks.Outcome",
                       icon="list", order=20),
    ]


@hookimpl
def register_apis():
    """Callbacks over REST."""
    return [Api(view=TaskApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with callbacks."""
    return [
        RoleGrant(role="agent", view=VIEW, names=(*READ, *WORK)),
        RoleGrant(role="agent", view=SCRIPT_VIEW, names=READ),
        RoleGrant(role="agent", view=RULE_VIEW, names=READ),
        RoleGrant(role="agent", view=CORRECTION_VIEW, names=(*READ, "can_add", "can_comment")),
        RoleGrant(role="supervisor", view=CORRECTION_VIEW,
                  names=(*READ, *WORK, "can_delete", "can_call_again")),
        RoleGrant(role="leader", view=CORRECTION_VIEW, names=READ),
        RoleGrant(role="agent", view=SILENCE_VIEW, names=READ),
        *(RoleGrant(role=role, view=SILENCE_VIEW, names=(*READ, "can_export"))
          for role in ("supervisor", "leader")),
        RoleGrant(role="supervisor", view=VIEW,
                  names=(*READ, *WORK, "can_delete", "can_export", "can_reassign", "can_reveal")),
        RoleGrant(role="supervisor", view=SCRIPT_VIEW,
                  names=(*READ, *WORK, "can_delete", "can_approve")),
        RoleGrant(role="supervisor", view=RULE_VIEW, names=(*READ, *WORK, "can_delete")),
        RoleGrant(role="supervisor", view=TRIGGER_VIEW, names=(*READ, *WORK, "can_delete")),
        *(RoleGrant(role="supervisor", view=view, names=("can_list",)) for view in LISTS),
        RoleGrant(role="supervisor", view=LIST_VIEW, names=(*READ, "can_freeze")),
        RoleGrant(role="supervisor", view=LINE_VIEW,
                  names=(*READ, "can_answer", "can_export", "can_import", "can_reveal")),
        RoleGrant(role="leader", view=LIST_VIEW, names=READ),
        RoleGrant(role="leader", view=LINE_VIEW, names=(*READ, "can_export")),
        RoleGrant(role="leader", view=VIEW, names=(*READ, "can_export")),
        RoleGrant(role="leader", view=SCRIPT_VIEW, names=READ),
    ]


@hookimpl
def register_workflows():
    """Making a callback, approving a script."""
    return [
        WorkflowBinding(model=Task, workflow=TASK_WORKFLOW, guards=TASK_GUARDS,
                        effects=TASK_EFFECTS),
        WorkflowBinding(model=Script, workflow=SCRIPT_WORKFLOW, effects=SCRIPT_EFFECTS),
    ]


@hookimpl
def register_panels():
    """The callbacks of a customer and of a vehicle."""
    return [Panel(record_type=kind, title=N_("Callbacks"), view=VIEW, rows_of=Task, order=20)
            for kind in ("customers.customer", "customers.vehicle")]


@hookimpl
def register_abilities():
    """Planning a callback out of whatever somebody works on."""
    return collaboration.ABILITIES


@hookimpl
def register_events():
    """What customers have answered."""
    return collaboration.EVENTS


@hookimpl
def register_record_actions():
    """A callback is planned on the page of a customer or a vehicle."""
    return collaboration.ACTIONS


@hookimpl
def register_record_chips():
    """The service tier of a callback's customer."""
    return collaboration.CHIPS


@hookimpl
def register_record_columns():
    """The list of customers can show when each is called back next."""
    return collaboration.COLUMNS


@hookimpl
def register_record_facts():
    """When a customer is called back next."""
    return collaboration.FACTS


@hookimpl
def register_timeline():
    """Callbacks are on the timeline of their customer."""
    return collaboration.TIMELINE


@hookimpl
def register_shipped_data():
    """Purposes, outcomes with their rules, scripts."""
    return [ShippedData(name="callbacks.lists", load=initial_data.load)]


@hookimpl
def register_settings():
    """The quota of a day."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_served():
    """Customers who were called back."""
    return SERVED


@hookimpl
def register_metrics():
    """What is counted as callbacks change."""
    return METRICS


@hookimpl
def register_cards():
    """What to do next."""
    return CARDS


def _share_out(session, now):
    sharing.share_by_itself(session, now)


def _make_by_date(session, due, _now):
    with write(session):
        generation.before_dates(session, due)


def _freeze_last_month(session, due, _now):
    with write(session):
        freezing.freeze_last_month(session, due)


def _watch_silence(session, due, _now):
    with write(session):
        watch.go_round(session, due)


@hookimpl
def register_importers():
    """The answers of the front desk, from the list that it has filled in."""
    return [answers_file.IMPORTER]


@hookimpl
def register_jobs():
    """Every night callbacks before dates are made, and last month is frozen if it is not yet."""
    return [Schedule(name="callbacks.freeze", title=N_("Freeze the list of unreachable customers"),
                     at="00:30", run=_freeze_last_month),
            Schedule(name="callbacks.silence", title=N_("Remind of customers without a contact"),
                     at="05:00", run=_watch_silence),
            Schedule(name="callbacks.dates", title=N_("Make callbacks by date"), at="02:00",
                     run=_make_by_date),
            Schedule(name="callbacks.share", title=N_("Share out callbacks"), every_seconds=300,
                     run=_share_out)]


@hookimpl
def on_event(session, payload):
    """Make the callbacks that follow an event; offer to correct an old answer."""
    generation.after_event(session, payload)
    generation.after_occasion(session, payload)
    articles.after_event(session, payload)


@hookimpl
@only_for(generation.follows_saving, sharing.follows_saving, watch.follows_saving)
def on_record_saved(session, payload):
    """Make the callbacks that follow a registration; end a silence; correct the ledger."""
    generation.after_saving(session, payload)
    sharing.after_undo(session, payload)
    watch.after_saving(session, payload, utcnow())


@hookimpl
def register_demo_data():
    """Three months of callbacks and today's work."""
    return [DemoData(name="callbacks.callbacks", load=demo.load, order=30)]


@hookimpl
def check_delete(session, record):
    """A customer who is still to be called back is not deleted."""
    return unfinished_work(session, record, Task)
