"""Screens and REST API of the question bank, exams and attempts."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordView,
    SavedList,
    Section,
    WorkflowView,
    drawn,
)
from plugins.training.access import ATTEMPT, EXAM, EXAM_PART, QUESTION
from plugins.training.choices import (
    ATTEMPT_STATES,
    DIFFICULTIES,
    LANGUAGES,
    QUESTION_KINDS,
)
from plugins.training.exams.analysis_page import AnalysisPage
from plugins.training.exams.gift_page import GiftPage
from plugins.training.exams.models import Attempt, Exam, ExamPart, Question
from plugins.training.exams.taking import AttemptPage, MarkingPage, TakePage

_DIFFICULTY_TONES = {"easy": ("good", "chevron-down"), "medium": ("calm", "equal"),
                     "hard": ("warn", "chevron-up")}
ATTEMPT_TONES = {"running": ("calm", "player-play"), "marking": ("warn", "pencil"),
                  "passed": ("good", "circle-check"), "failed": ("bad", "circle-x")}
_ANSWERS_HELP = N_(
    "Choices: one option on each line, * in front of the right ones. True or false: true or "
    "false. Number: 42, 42 ± 0.5 or 1..5. Ordering: the items in the right order, one on each "
    "line. Free text: what a good answer holds."
)


class QuestionView(RecordView):
    """The question bank."""

    datamodel = RecordInterface(Question)
    route_base = "/training/questions"
    class_permission_name = QUESTION
    list_title = N_("Question bank")
    record_label = N_("Question")
    icon = "help-hexagon"
    list_columns = ["number", "text", "topic", "kind", "difficulty", "language", "active"]
    filter_columns = ["topic", "kind", "difficulty", "language", "active"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    import_key = ("text", "language")
    choices = {"kind": drawn(QUESTION_KINDS),
               "difficulty": drawn(DIFFICULTIES, _DIFFICULTY_TONES), "language": drawn(LANGUAGES)}
    label_columns = {
        "text": N_("Question"), "topic": N_("Topic"), "kind": N_("Kind"),
        "difficulty": N_("Difficulty"), "language": N_("Language"), "answers": N_("Answer key"),
        "explanation": N_("Explanation"), "active": N_("In use"),
    }
    description_columns = {"answers": _ANSWERS_HELP,
                           "explanation": N_("Shown after the end of an attempt.")}
    form_sections = (
        Section(fields=("topic", "kind", "difficulty", "language", "active", "text", "answers",
                        "explanation"), wide=("text", "answers", "explanation")),
    )
    list_template = "training/questions.html"
    gift_page = GiftPage
    analysis_page = AnalysisPage


class QuestionApi(RecordApi):
    """The question bank over REST."""

    datamodel = RecordInterface(Question)
    resource_name = "training_questions"
    class_permission_name = QUESTION
    list_columns = ["id", "number", "text", "topic", "kind", "difficulty", "language", "active"]
    show_columns = [*list_columns, "answers", "explanation", "version"]
    add_columns = ["topic", "kind", "difficulty", "language", "text", "answers", "explanation"]
    edit_columns = [*add_columns, "active"]


class ExamPartView(RecordView):
    """The blueprints of exams."""

    datamodel = RecordInterface(ExamPart)
    route_base = "/training/exam-parts"
    class_permission_name = EXAM_PART
    list_title = N_("Parts of exams")
    record_label = N_("Part of an exam")
    icon = "list-numbers"
    list_columns = ["number", "exam", "topic", "difficulty", "number_of", "points"]
    filter_columns = ["exam", "topic", "difficulty"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    choices = {"difficulty": drawn((("", N_("Any")), *DIFFICULTIES))}
    label_columns = {"exam": N_("Exam"), "topic": N_("Topic"), "difficulty": N_("Difficulty"),
                     "number_of": N_("Number of questions"), "points": N_("Points each")}
    form_sections = (Section(fields=("exam", "topic", "difficulty", "number_of", "points")),)
    prefill_columns = ["exam"]


class ExamView(WorkflowView):
    """Exams: drafted, published, taken, retired."""

    datamodel = RecordInterface(Exam)
    route_base = "/training/exams"
    class_permission_name = EXAM
    list_title = N_("Exams")
    record_label = N_("Exam")
    icon = "certificate"
    list_columns = ["number", "name", "course", "language", "state", "minutes", "pass_mark",
                    "most_attempts"]
    filter_columns = ["state", "course", "language"]
    saved_views = ()
    assignable = False
    calendar_column = ""
    default_sort = "name"
    choices = {"language": drawn(LANGUAGES)}
    label_columns = {
        "name": N_("Name"), "course": N_("Course"), "language": N_("Language"),
        "minutes": N_("Minutes"), "pass_mark": N_("Pass mark in percent"),
        "cooling_hours": N_("Hours until the next attempt"),
        "most_attempts": N_("Attempts at most"), "explains": N_("Explanations after the end"),
    }
    description_columns = {"most_attempts": N_("0: as many as one likes.")}
    form_sections = (
        Section(fields=("name", "course", "language", "minutes", "pass_mark", "cooling_hours",
                        "most_attempts", "explains")),
    )
    prefill_columns = ["course"]
    show_template = "training/exam.html"
    related_views = [ExamPartView]
    take_page = TakePage


class ExamApi(RecordApi):
    """Exams over REST; publishing through ``POST …/<id>/actions/publish``."""

    datamodel = RecordInterface(Exam)
    resource_name = "training_exams"
    class_permission_name = EXAM
    list_columns = ["id", "number", "name", "course", "language", "state", "minutes", "pass_mark"]
    show_columns = [*list_columns, "cooling_hours", "most_attempts", "explains", "version"]
    add_columns = ["name", "course", "language", "minutes", "pass_mark", "cooling_hours",
                   "most_attempts", "explains"]
    edit_columns = add_columns


class AttemptView(RecordView):
    """Attempts at exams."""

    datamodel = RecordInterface(Attempt)
    route_base = "/training/attempts"
    class_permission_name = ATTEMPT
    base_permissions = ["can_list", "can_show", "can_export", "can_answer", "can_mark"]
    list_title = N_("Attempts")
    record_label = N_("Attempt")
    icon = "writing"
    list_columns = ["number", "exam", "owner", "status", "started_at", "finished_at", "percent"]
    filter_columns = ["exam", "owner", "status", "team", "department", "finished_at"]
    saved_views = (
        SavedList(name="marking", title=N_("To be marked"), sort="finished_at",
                  filters={"status__in": ["marking"]}),
        SavedList(name="failed", title=N_("Not passed"), sort="-finished_at",
                  filters={"status__in": ["failed"]}),
    )
    plain_title = N_("All")
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-started_at"
    choices = {"status": drawn(ATTEMPT_STATES, ATTEMPT_TONES)}
    label_columns = {
        "exam": N_("Exam"), "owner": N_("Learner"), "status": N_("Outcome"),
        "started_at": N_("Begun at"), "ends_at": N_("Time is up at"),
        "finished_at": N_("Handed in at"), "pass_mark": N_("Pass mark in percent"),
        "points": N_("Points"), "most_points": N_("Points in all"), "percent": N_("Percent"),
        "team": N_("Team"), "department": N_("Department"),
    }
    form_sections = (Section(fields=("exam", "owner", "status")),)
    show_sections = (Section(fields=(
        "exam", "owner", "status", "started_at", "ends_at", "finished_at", "points",
        "most_points", "percent", "pass_mark", "team", "department")),)
    show_template = "training/attempt.html"
    attempt_page = AttemptPage
    marking_page = MarkingPage
