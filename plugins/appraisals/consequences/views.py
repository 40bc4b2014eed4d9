"""Screens of consequences and of rules on streaks."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, SavedList, Section, WorkflowView, drawn
from plugins.appraisals.access import CONSEQUENCE, RULES
from plugins.appraisals.choices import CONSEQUENCE_KINDS, GRADE_TONES, GRADE_WORDS
from plugins.appraisals.consequences.models import Consequence, StreakRuleRow


class ConsequenceView(WorkflowView):
    """Consequences, until they are done; a serious incident has one without a low score."""

    datamodel = RecordInterface(Consequence)
    route_base = "/appraisals/consequences"
    class_permission_name = CONSEQUENCE
    list_title = N_("Consequences")
    record_label = N_("Consequence")
    icon = "gavel"
    list_columns = ["number", "subject", "kind", "state", "owner", "due_on", "reason"]
    filter_columns = ["subject", "kind", "state", "is_open", "owner", "due_on"]
    saved_views = (
        SavedList(name="open", title=N_("To be seen to"), sort="due_on",
                  filters={"is_open__is": ["true"]}),)
    plain_title = N_("All")
    is_importable = False
    calendar_column = "due_on"
    default_sort = "-due_on"
    choices = {"kind": drawn(CONSEQUENCE_KINDS)}
    label_columns = {
        "subject": N_("Person concerned"), "kind": N_("Kind"), "due_on": N_("Due on"),
        "reason": N_("Reason"), "result": N_("Outcome"), "sheet": N_("Appraisal sheet"),
        "owner": N_("Who sees to it"), "bonus_cut": N_("Off the year-end bonus (%)"),
        "is_open": N_("Open"), "rule": N_("Rule of streaks")}
    form_sections = (Section(fields=("subject", "kind", "due_on", "owner", "reason"),
                             wide=("reason",)),)
    show_sections = (Section(fields=("subject", "kind", "due_on", "owner", "sheet", "bonus_cut",
                                     "reason", "result"), wide=("reason", "result")),)


class StreakRuleView(RecordView):
    """What follows from grades in a row."""

    datamodel = RecordInterface(StreakRuleRow)
    route_base = "/appraisals/rules"
    class_permission_name = RULES
    list_title = N_("Rules of streaks")
    record_label = N_("Rule of streaks")
    icon = "flame"
    list_columns = ["number", "grade", "months", "kind", "repeats", "is_reward", "bars_months",
                    "bonus_cut", "active"]
    filter_columns = ["grade", "kind", "active"]
    saved_views = ()
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    choices = {"grade": drawn(GRADE_WORDS, GRADE_TONES), "kind": drawn(CONSEQUENCE_KINDS)}
    label_columns = {
        "code": N_("Identifier"), "grade": N_("Grade of the appraisal"),
        "months": N_("Months in a row"),
        "kind": N_("Consequence"), "repeats": N_("Again after as many months"),
        "is_reward": N_("A reward"), "bars_months": N_("Months without rewards afterwards"),
        "bonus_cut": N_("Off the year-end bonus (%)"), "due_days": N_("Days to see to it"),
        "active": N_("In force")}
    form_sections = (Section(fields=("code", "grade", "months", "kind", "repeats", "is_reward",
                                     "bars_months", "bonus_cut", "due_days", "active")),)
    show_sections = form_sections
