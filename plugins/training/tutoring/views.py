"""Screens of the rules by which events book tutoring."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordApi, RecordInterface, RecordView, Section, ShownWhen, drawn
from plugins.training.access import TUTORING_RULE
from plugins.training.choices import COUNTED, CYCLES, OCCASIONS
from plugins.training.tutoring.models import TutoringRule

_FIELDS = ("name", "occasion", "cycle", "cause", "times", "within_days", "course", "goal", "days",
           "active")


class TutoringRuleView(RecordView):
    """Rules by which events book tutoring."""

    datamodel = RecordInterface(TutoringRule)
    route_base = "/training/tutoring-rules"
    class_permission_name = TUTORING_RULE
    list_title = N_("Rules of tutoring")
    record_label = N_("Rule of tutoring")
    icon = "user-heart"
    list_columns = ["number", "name", "occasion", "cycle", "course", "days", "active"]
    list_choice = ["cause", "times", "within_days"]
    filter_columns = ["occasion", "course", "active"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "name"
    choices = {
        "occasion": drawn(OCCASIONS, {"appraisal_failed": ("bad", "alert-triangle"),
                                      "appraisal_excellent": ("good", "award"),
                                      "quality_finding": ("warn", "search"),
                                      "complaint_cause": ("bad", "message-report")}),
        "cycle": drawn(CYCLES),
    }
    label_columns = {
        "name": N_("Name"), "occasion": N_("Occasion"), "cycle": N_("Kind of appraisal"),
        "course": N_("Course"), "goal": N_("Goal"), "days": N_("Days"), "active": N_("In use"),
        "cause": N_("Cause"), "times": N_("From how many"), "within_days": N_("Within days"),
    }
    shown_when = {
        "cycle": ShownWhen("occasion", ("appraisal_failed", "appraisal_excellent")),
        "cause": ShownWhen("occasion", ("complaint_cause",)),
        "times": ShownWhen("occasion", tuple(sorted(COUNTED))),
        "within_days": ShownWhen("occasion", tuple(sorted(COUNTED))),
    }
    description_columns = {
        "cause": N_("Identifier of the cause in the list of complaints; left empty, every one."),
        "times": N_("So many of them within the days below book the tutoring."),
        "course": N_("The course to be taken; an excellent appraisal is offered this one."),
        "days": N_("Days until the tutoring should have reached its goal."),
    }
    form_sections = (Section(fields=_FIELDS, wide=("goal",)),)


class TutoringRuleApi(RecordApi):
    """Rules of tutoring over REST."""

    datamodel = RecordInterface(TutoringRule)
    resource_name = "training_tutoring_rules"
    class_permission_name = TUTORING_RULE
    list_columns = ["id", "number", "name", "occasion", "cycle", "course", "days", "active"]
    show_columns = [*list_columns, "goal", "version"]
    add_columns = list(_FIELDS)
    edit_columns = add_columns
