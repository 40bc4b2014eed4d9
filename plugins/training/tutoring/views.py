"""Screens of the rules by which events book tutoring."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordApi, RecordInterface, RecordView, Section, drawn
from plugins.training.access import TUTORING_RULE
from plugins.training.choices import CYCLES, OCCASIONS
from plugins.training.tutoring.models import TutoringRule

_FIELDS = ("name", "occasion", "cycle", "course", "goal", "days", "active")


class TutoringRuleView(RecordView):
    """Rules by which events book tutoring."""

    datamodel = RecordInterface(TutoringRule)
    route_base = "/training/tutoring-rules"
    class_permission_name = TUTORING_RULE
    list_title = N_("Rules of tutoring")
    record_label = N_("Rule of tutoring")
    icon = "user-heart"
    list_columns = ["number", "name", "occasion", "cycle", "course", "days", "active"]
    filter_columns = ["occasion", "course", "active"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "name"
    choices = {
        "occasion": drawn(OCCASIONS, {"appraisal_failed": ("bad", "alert-triangle"),
                                      "appraisal_excellent": ("good", "award")}),
        "cycle": drawn(CYCLES),
    }
    label_columns = {
        "name": N_("Name"), "occasion": N_("Occasion"), "cycle": N_("Kind of appraisal"),
        "course": N_("Course"), "goal": N_("Goal"), "days": N_("Days"), "active": N_("In use"),
    }
    description_columns = {
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
