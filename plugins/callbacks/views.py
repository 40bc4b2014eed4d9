"""Screens and REST API of callbacks, scripts and rules of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.sdk import N_
from app.sdk.screens import (
    Choice,
    RecordApi,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    WorkflowView,
)
from plugins.callbacks.call_page import CallPage, GovernedReveal
from plugins.callbacks.choices import (
    CHANNELS,
    CONTACT_PURPOSES,
    GRADES,
    LANGUAGES,
    PRIORITIES,
    SATISFACTIONS,
)
from plugins.callbacks.coverage_page import CoveragePage
from plugins.callbacks.figures_page import FiguresPage
from plugins.callbacks.models import OutcomeRule, Rule, Script, Task
from plugins.callbacks.rule_page import RuleHeader, RulePage
from plugins.callbacks.script_page import ScriptPage
from plugins.callbacks.share_page import SharePage, TaskPage
from plugins.callbacks.triggers import TriggerChoices
from plugins.callbacks.workflow import (
    RULE_VIEW,
    SCRIPT_VIEW,
    TRIGGER_VIEW,
    VIEW,
)

_PRIORITY_TONES = {"urgent": ("bad", "chevrons-up"), "normal": ("calm", "equal"),
                   "low": ("still", "chevron-down")}
_SATISFACTION_TONES = {"satisfied": ("good", "mood-smile"), "fair": ("calm", "mood-neutral"),
                       "dissatisfied": ("bad", "mood-sad")}
_SCRIPT_HELP = N_(
    "Each question begins with its name and kind in brackets, e.g. [service: level] and what is "
    "said. Kinds: level (three levels), choice with its answers between semicolons "
    "[colour: choice: red; blue], text, date, say. A line below it branches, e.g. "
    "fair, dissatisfied -> reason; -> end ends the script."
)
_WRONG_HELP = N_("Only where it has to be corrected: everybody who was called with that version is "
                 "called again when this one is put in force.")


def _choices(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]


class TaskView(WorkflowView):
    """Callbacks: list, form, record page, every contact."""

    datamodel = RecordInterface(Task)
    route_base = "/callbacks"
    class_permission_name = VIEW
    list_title = N_("Callbacks")
    record_label = N_("Callback")
    icon = "phone-outgoing"
    list_columns = ["number", "subject", "customer_name", "purpose", "state", "priority", "owner",
                    "next_contact_at", "due_until", "tries", "outcome"]
    list_choice = ["channel", "contact", "vehicle", "due_from", "last_tried_at", "satisfaction",
                   "script", "team", "department", "minutes", "closed_at", "identity_checked",
                   "contact_purpose", "inbound", "correction", "days_to_first", "was_reached"]
    filter_columns = ["state", "is_open", "owner", "team", "department", "purpose", "outcome",
                      "channel", "priority", "satisfaction", "customer", "vehicle", "script",
                      "due_from", "due_until", "next_contact_at", "last_tried_at", "closed_at",
                      "tries", "minutes", "correction", "days_to_first", "was_reached"]
    plain_title = N_("Open callbacks")
    saved_views = (
        SavedList(name="mine", title=N_("Mine"), sort="next_contact_at",
                  filters={"is_open__is": ["true"], "owner__in": ["me"]}),
        SavedList(name="my_team", title=N_("My team"),
                  filters={"is_open__is": ["true"], "team__in": ["my_team"]}),
        SavedList(name="unreachable", title=N_("Unreachable customers"), sort="-last_tried_at",
                  filters={"state__in": ["unreachable"]}),
        SavedList(name="dissatisfied", title=N_("Dissatisfied this month"), sort="-closed_at",
                  filters={"satisfaction__in": ["dissatisfied"],
                           "closed_at__period": ["this_month"]}),
    )
    calendar_column = "due_until"
    # The owner is changed by an action of its own, which asks who may work on callbacks.
    assignable = False
    default_sort = "due_until"
    default_filters = {"is_open__is": ["true"]}
    choices = {
        "channel": _choices(CHANNELS), "priority": _choices(PRIORITIES, _PRIORITY_TONES),
        "satisfaction": _choices(SATISFACTIONS, _SATISFACTION_TONES),
        "contact_purpose": _choices(CONTACT_PURPOSES),
    }
    label_columns = {
        "subject": N_("Subject"), "customer": N_("Customer"), "customer_name": N_("Customer name"),
        "contact": N_("Phone"), "vehicle": N_("Vehicle"), "purpose": N_("Callback purpose"),
        "channel": N_("Contact channel"), "priority": N_("Priority"), "due_from": N_("Due from"),
        "contact_purpose": N_("Counts as"), "skill": N_("Code of the skill needed"),
        "started_at": N_("Contact began"), "inbound": N_("The customer called"),
        "due_until": N_("Due until"), "script": N_("Script"), "rule": N_("Made by the rule"),
        "correction": N_("Correction"),
        "tries": N_("Contacts made"),
        "days_to_first": N_("Days to the first contact"),
        "was_reached": N_("Customer reached"),
        "last_tried_at": N_("Last contact"), "next_contact_at": N_("Next contact"),
        "outcome": N_("Outcome"), "identity_checked": N_("Identity checked"),
        "minutes": N_("Length in minutes"), "satisfaction": N_("Satisfaction"),
        "suggestion": N_("Suggestion of the customer"), "summary": N_("What was said"),
        "closed_at": N_("Finished at"), "is_open": N_("Open"), "answers": N_("Answers"),
        "assigned_because": N_("Why this person"), "origin_key": N_("Made from"),
        "source_type": N_("Follows from"), "source_id": N_("Follows from"),
    }
    description_columns = {
        "contact": N_("Left empty, the customer's phone is taken."),
        "subject": N_("Left empty, it is the purpose."),
        "contact_purpose": N_("What the rules of contact take it for; left empty, the purpose "
                              "decides."),
    }
    form_sections = (
        Section(fields=("customer", "vehicle", "purpose", "script", "channel", "priority",
                        "due_from", "due_until")),
        Section(title=N_("More, if known"), fields=("subject", "customer_name", "contact",
                                                       "contact_purpose", "skill")),
    )
    prefill_columns = ["customer", "vehicle", "purpose", "channel"]
    narrowed_by = {"vehicle": "customer"}
    suggests_from = ("summary", "suggestion")
    show_sections = (
        Section(fields=("customer", "customer_name", "contact", "vehicle", "purpose",
                        "contact_purpose", "channel", "priority", "due_from", "due_until",
                        "script", "rule", "correction", "owner", "team", "department")),
        Section(title=N_("Contacts"),
                fields=("outcome", "tries", "started_at", "inbound", "last_tried_at",
                        "next_contact_at",
                        "identity_checked", "minutes", "satisfaction", "closed_at", "summary",
                        "suggestion"), wide=("summary", "suggestion")),
    )
    show_template = "callbacks/record.html"
    list_template = "callbacks/list.html"
    call_page = CallPage
    reveal_page = GovernedReveal
    share_page = SharePage
    figures_page = FiguresPage
    coverage_page = CoveragePage
    record_page = TaskPage


class TaskApi(RecordApi):
    """Callbacks over REST; contacts through ``POST …/<id>/actions/record_contact``."""

    datamodel = RecordInterface(Task)
    resource_name = "callbacks"
    class_permission_name = VIEW
    list_columns = ["id", "number", "subject", "customer_name", "state", "priority", "owner",
                    "purpose", "due_until", "next_contact_at", "tries", "outcome"]
    show_columns = [*list_columns, "customer", "contact", "vehicle", "channel", "due_from",
                    "script", "satisfaction", "summary", "suggestion", "minutes", "closed_at",
                    "version"]
    add_columns = ["customer", "customer_name", "contact", "vehicle", "purpose", "channel",
                   "priority", "due_from", "due_until", "script", "subject"]
    edit_columns = ["subject", "customer_name", "contact", "vehicle", "purpose", "channel",
                    "priority", "due_from", "due_until", "script"]


class ScriptView(WorkflowView):
    """Scripts: drafted, approved by somebody else, in force, retired."""

    datamodel = RecordInterface(Script)
    route_base = "/callbacks/scripts"
    class_permission_name = SCRIPT_VIEW
    list_title = N_("Callback scripts")
    record_label = N_("Callback script")
    icon = "script"
    list_columns = ["number", "name", "code", "language", "edition", "purpose", "state",
                    "approver"]
    list_choice = ["most_minutes", "most_questions", "approved_at"]
    filter_columns = ["state", "language", "purpose", "is_open"]
    saved_views = ()
    assignable = False
    calendar_column = ""
    default_sort = "name"
    choices = {"language": _choices(LANGUAGES)}
    label_columns = {
        "name": N_("Name"), "code": N_("Code"), "language": N_("Language"),
        "edition": N_("Version"), "purpose": N_("Callback purpose"), "text": N_("Text"),
        "most_minutes": N_("Most minutes"), "most_questions": N_("Most questions in one call"),
        "approver": N_("Approved by"), "approved_at": N_("Approved at"), "is_open": N_("Open"),
        "wrong_answer": N_("What the version before says wrong"),
        "right_answer": N_("What is right instead"),
    }
    description_columns = {"text": _SCRIPT_HELP, "wrong_answer": _WRONG_HELP,
                           "code": N_("The same for all versions and languages.")}
    form_sections = (
        Section(fields=("name", "code", "language", "purpose", "most_minutes", "most_questions",
                        "text"), wide=("text",)),
        Section(title=N_("Correction calls"), fields=("wrong_answer", "right_answer")),
    )
    show_sections = (
        Section(fields=("name", "code", "language", "edition", "purpose", "most_minutes",
                        "most_questions", "approver", "approved_at", "text", "wrong_answer",
                        "right_answer"), wide=("text", "wrong_answer", "right_answer")),
    )
    show_template = "callbacks/script.html"
    record_page = ScriptPage


class OutcomeRuleView(RecordView):
    """What each outcome means, and when the customer is contacted again."""

    datamodel = RecordInterface(OutcomeRule)
    route_base = "/callbacks/outcome-rules"
    class_permission_name = RULE_VIEW
    list_title = N_("Rules of outcomes")
    record_label = N_("Rule of an outcome")
    icon = "git-branch"
    list_columns = ["number", "outcome", "reached", "human", "do_not_call", "unworkable",
                    "call_again", "finished", "delay_minutes", "most_tries"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    label_columns = {
        "outcome": N_("Outcome"), "reached": N_("Customer reached"),
        "human": N_("Answered by a person"), "do_not_call": N_("Do not call"),
        "unworkable": N_("Contact data of no use"), "call_again": N_("Contact again"),
        "finished": N_("Finished"), "delay_minutes": N_("Minutes until the next contact"),
        "most_tries": N_("Contacts at most"),
    }
    form_sections = (
        Section(fields=("outcome", "reached", "human", "finished", "do_not_call", "unworkable",
                        "call_again", "delay_minutes", "most_tries")),
    )


class RuleView(RecordView):
    """Rules that make callbacks after an event or before a date."""

    datamodel = RecordInterface(Rule)
    route_base = "/callbacks/rules"
    class_permission_name = TRIGGER_VIEW
    list_title = N_("Callback rules")
    record_label = N_("Callback rule")
    icon = "bolt"
    list_columns = ["number", "name", "name_zh", "trigger", "days", "window_days", "grade",
                    "channel", "priority", "active", "department", "team"]
    list_choice = ["contact_purpose", "purpose", "script_code", "skill", "rehearsed_at"]
    filter_columns = ["trigger", "active", "department", "team"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    show_template = "callbacks/rule.html"
    choices = {"trigger": TriggerChoices(), "channel": _choices(CHANNELS),
               "priority": _choices(PRIORITIES, _PRIORITY_TONES), "grade": _choices(GRADES),
               "language": _choices(LANGUAGES),
               "contact_purpose": _choices(CONTACT_PURPOSES)}
    label_columns = {
        "name": N_("Name"), "name_zh": N_("Name in Chinese"),
        "language": N_("Language of the script"), "trigger": N_("Trigger"),
        "active": N_("Active"), "days": N_("Days"),
        "window_days": N_("Days to make it"), "grade": N_("Only for grade"),
        "purpose": N_("Callback purpose"), "script_code": N_("Code of the script"),
        "channel": N_("Contact channel"), "priority": N_("Priority"),
        "department": N_("Department"), "team": N_("Team"), "contact_purpose": N_("Counts as"),
        "skill": N_("Code of the skill needed"), "rehearsed_at": N_("Rehearsed at"),
        "rehearsal": N_("Rehearsal"), "code": N_("Code"),
    }
    description_columns = {
        "days": N_("Days after the event or the registration, or before the date."),
        "grade": N_("Left empty, customers of every grade."),
        "contact_purpose": N_("What the rules of contact take it for."),
    }
    form_sections = (
        Section(fields=("name", "name_zh", "trigger", "days", "window_days", "grade", "purpose",
                        "contact_purpose", "script_code", "language", "channel", "priority",
                        "skill", "department", "team")),
    )
    show_sections = (
        Section(fields=("name", "name_zh", "active", "trigger", "days", "window_days", "grade",
                        "purpose", "contact_purpose", "script_code", "language", "channel",
                        "priority", "skill", "department", "team", "rehearsed_at")),
    )
    record_page = RulePage
    record_header = RuleHeader
