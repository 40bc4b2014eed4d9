"""What the training plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    DemoData,
    DictionaryList,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.records import MadeByProduct
from app.sdk.services import Scope
from plugins.training import access, collaboration, demo, initial_data
from plugins.training.cards import CARDS
from plugins.training.certificates.operations import CertificateOperations
from plugins.training.certificates.views import (
    CertificateApi,
    CertificateCheckView,
    CertificateView,
)
from plugins.training.courses.operations import (
    CourseOperations,
    MaterialOperations,
    PlanLineOperations,
    PlanOperations,
)
from plugins.training.courses.views import (
    CourseApi,
    CourseView,
    MaterialView,
    PlanLineView,
    PlanView,
)
from plugins.training.drills.operations import DrillOperations
from plugins.training.drills.views import DrillApi, DrillView
from plugins.training.duties.operations import DutyRuleOperations
from plugins.training.duties.services import gate_refusal
from plugins.training.duties.views import DutyRuleApi, DutyRuleView, TrainingMatrixView
from plugins.training.effect.views import TrainingEffectView
from plugins.training.exams import workflow as exam_workflow
from plugins.training.exams.attempts import AttemptOperations
from plugins.training.exams.bank import GUARDS as EXAM_GUARDS
from plugins.training.exams.operations import (
    ExamOperations,
    ExamPartOperations,
    QuestionOperations,
)
from plugins.training.exams.views import (
    AttemptView,
    ExamApi,
    ExamPartView,
    ExamView,
    QuestionApi,
    QuestionView,
)
from plugins.training.history.operations import EarlierResultOperations, TutoringOperations
from plugins.training.history.views import (
    EarlierResultView,
    OwnTrainingView,
    TrainingRecordView,
    TutoringApi,
    TutoringView,
)
from plugins.training.jobs import JOBS
from plugins.training.metrics import METRICS
from plugins.training.models import (
    MODELS,
    Attempt,
    Certificate,
    Course,
    Drill,
    DutyRule,
    EarlierResult,
    Enrolment,
    Exam,
    ExamPart,
    Material,
    Plan,
    PlanLine,
    Question,
    Session,
    Topic,
    Tutoring,
    TutoringRule,
)
from plugins.training.sessions import guards_and_effects
from plugins.training.sessions import workflow as session_workflow
from plugins.training.sessions.operations import SessionOperations
from plugins.training.sessions.views import EnrolmentView, SessionApi, SessionView
from plugins.training.settings import SETTINGS
from plugins.training.tutoring.booking import book_after_event
from plugins.training.tutoring.operations import TutoringRuleOperations
from plugins.training.tutoring.views import TutoringRuleApi, TutoringRuleView

READ = ("can_list", "can_show")
WRITE = ("can_add", "can_edit", "can_delete", "can_comment", "can_export")
# What HR keeps up for the whole organisation.
CATALOGUE = (access.COURSE, access.MATERIAL, access.PLAN, access.PLAN_LINE, access.QUESTION,
             access.EXAM, access.EXAM_PART, access.DUTY, access.TUTORING_RULE)
# What belongs to single people.
PERSONAL = (access.ENROLMENT, access.ATTEMPT, access.CERTIFICATE, access.EARLIER, access.TUTORING,
            access.DRILL)
# What supervisors and leaders read of it.
RULES = (access.PLAN, access.PLAN_LINE, access.DUTY, access.TUTORING_RULE)
EVERYBODY = ("agent", "supervisor", "leader", "hr")


def _type(model, operations, label, plural, view, screen, icon):
    return RecordType(model=model, operations=operations, label=label, label_plural=plural,
                      view=view, endpoint=f"{screen.__name__}.show", icon=icon)


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="training", label=N_("Training"), icon="school", order=40,
                     group="learning")]


@hookimpl
def register_record_types():
    """Courses and plans, sessions, exams, certificates, duties, records of people."""
    return [
        _type(Course, CourseOperations, N_("Course"), N_("Courses"), access.COURSE, CourseView,
              "school"),
        _type(Material, MaterialOperations, N_("Training material"), N_("Training materials"),
              access.MATERIAL, MaterialView, "books"),
        _type(Plan, PlanOperations, N_("Training plan"), N_("Training plans"), access.PLAN,
              PlanView, "calendar-stats"),
        _type(PlanLine, PlanLineOperations, N_("Line of a plan"), N_("Lines of plans"),
              access.PLAN_LINE, PlanLineView, "list-details"),
        _type(Session, SessionOperations, N_("Training session"), N_("Training sessions"),
              access.SESSION, SessionView, "calendar-event"),
        _type(Enrolment, MadeByProduct, N_("Enrolment"), N_("Enrolments"), access.ENROLMENT,
              EnrolmentView, "users"),
        _type(Question, QuestionOperations, N_("Question"), N_("Question bank"), access.QUESTION,
              QuestionView, "help-hexagon"),
        _type(Exam, ExamOperations, N_("Exam"), N_("Exams"), access.EXAM, ExamView,
              "certificate"),
        _type(ExamPart, ExamPartOperations, N_("Part of an exam"), N_("Parts of exams"),
              access.EXAM_PART, ExamPartView, "list-numbers"),
        _type(Attempt, AttemptOperations, N_("Attempt"), N_("Attempts"), access.ATTEMPT,
              AttemptView, "writing"),
        _type(Certificate, CertificateOperations, N_("Certificate"), N_("Certificates"),
              access.CERTIFICATE, CertificateView, "certificate"),
        _type(DutyRule, DutyRuleOperations, N_("Rule of compulsory training"),
              N_("Rules of compulsory training"), access.DUTY, DutyRuleView, "gavel"),
        _type(EarlierResult, EarlierResultOperations, N_("Earlier result"),
              N_("Earlier results"), access.EARLIER, EarlierResultView, "history"),
        _type(Tutoring, TutoringOperations, N_("Tutoring"), N_("Tutoring"), access.TUTORING,
              TutoringView, "user-heart"),
        _type(Drill, DrillOperations, N_("Drill"), N_("Drills"), access.DRILL, DrillView,
              "microphone"),
        _type(TutoringRule, TutoringRuleOperations, N_("Rule of tutoring"),
              N_("Rules of tutoring"), access.TUTORING_RULE, TutoringRuleView, "user-heart"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [Permissions(view=access.DUTY, names=("can_open_gate",),
                        words={"can_open_gate": N_("Assign in spite of a missing certificate")})]


@hookimpl
def register_screens():
    """One's own training first, then what is looked after."""
    def screen(view, label, icon, order, permission="can_list", *, administration=False):
        return Screen(view=view, label=label, category="training", icon=icon, order=order,
                      permission=permission, administration=administration)

    return [
        screen(OwnTrainingView, N_("My training"), "school", 10),
        screen(SessionView, N_("Training sessions"), "calendar-event", 20),
        screen(CourseView, N_("Courses"), "book", 30),
        Screen(view=MaterialView),
        screen(TrainingMatrixView, N_("Training matrix"), "table", 40),
        screen(TrainingEffectView, N_("Effect of training"), "chart-dots", 42),
        screen(TrainingRecordView, N_("Training records"), "id", 45),
        screen(CertificateView, N_("Certificates"), "certificate", 50),
        screen(CertificateCheckView, N_("Check a certificate"), "shield-check", 55, "can_check"),
        screen(TutoringView, N_("Tutoring"), "user-heart", 60),
        screen(DrillView, N_("Drills"), "microphone", 65),
        screen(PlanView, N_("Training plans"), "calendar-stats", 70),
        Screen(view=PlanLineView),
        screen(QuestionView, N_("Question bank"), "help-hexagon", 80),
        screen(ExamView, N_("Exams"), "clipboard-check", 90),
        Screen(view=ExamPartView),
        screen(AttemptView, N_("Attempts"), "writing", 100),
        screen(DutyRuleView, N_("Rules of compulsory training"), "gavel", 110,
               administration=True),
        screen(TutoringRuleView, N_("Rules of tutoring"), "user-heart", 115,
               administration=True),
        screen(EarlierResultView, N_("Earlier results"), "history", 120,
               administration=True),
        Screen(view=EnrolmentView),
    ]


@hookimpl
def register_dictionaries():
    """What questions are about."""
    return [DictionaryList(model=Topic, title=N_("Topics of questions"), view=access.TOPIC,
                           icon="tags", order=10)]


@hookimpl
def register_apis():
    """Training over REST."""
    return [Api(view=view) for view in (CourseApi, SessionApi, QuestionApi, ExamApi,
                                        CertificateApi, DutyRuleApi, TutoringApi,
                                        TutoringRuleApi, DrillApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with training."""
    def everyone(view, *names):
        return [RoleGrant(role=role, view=view, names=names) for role in EVERYBODY]

    return [
        *everyone(access.OWN, "can_list"), *everyone(access.COURSE, *READ),
        *everyone(access.MATERIAL, *READ), *everyone(access.SESSION, *READ),
        *everyone(access.EXAM, "can_take"), *everyone(access.ATTEMPT, *READ, "can_answer"),
        *everyone(access.ENROLMENT, *READ), *everyone(access.CERTIFICATE, *READ),
        *everyone(access.TUTORING, *READ), *everyone(access.DRILL, *READ),
        *everyone(access.EARLIER, *READ),
        # Colleagues do not read each other's results.
        *(RoleGrant(role="agent", view=view, names=(), reach=Scope.OWN) for view in PERSONAL),
        *(RoleGrant(role="hr", view=view, names=(), reach=Scope.ALL) for view in PERSONAL),
        *(RoleGrant(role="hr", view=view, names=(*READ, *WRITE, "can_import"))
          for view in CATALOGUE),
        *(RoleGrant(role="hr", view=view, names=WRITE)
          for view in (access.SESSION, access.TUTORING, access.DRILL)),
        RoleGrant(role="hr", view=access.EARLIER, names=(*WRITE, "can_import")),
        RoleGrant(role="hr", view=access.TOPIC, names=("can_list", "can_edit")),
        RoleGrant(role="supervisor", view=access.SESSION, names=WRITE),
        RoleGrant(role="supervisor", view=access.TUTORING, names=WRITE),
        *(RoleGrant(role=role, view=access.DRILL, names=WRITE)
          for role in ("supervisor", "leader")),
        *(RoleGrant(role="supervisor", view=view, names=READ)
          for view in RULES),
        *(RoleGrant(role="leader", view=view, names=READ) for view in RULES),
        *(RoleGrant(role=role, view=access.MATRIX, names=("can_list", "can_export"))
          for role in ("supervisor", "leader", "hr")),
        *(RoleGrant(role=role, view=access.EFFECT, names=("can_list",))
          for role in ("supervisor", "leader", "hr")),
        *(RoleGrant(role=role, view=access.ATTEMPT, names=("can_mark", "can_export"))
          for role in ("supervisor", "leader", "hr")),
        *(RoleGrant(role=role, view=access.CERTIFICATE, names=("can_check", "can_export"))
          for role in ("supervisor", "leader", "hr")),
        *(RoleGrant(role=role, view=access.ENROLMENT, names=("can_export",))
          for role in ("supervisor", "leader", "hr")),
        RoleGrant(role="hr", view=access.CERTIFICATE, names=("can_revoke",)),
        *(RoleGrant(role=role, view=access.DUTY, names=("can_open_gate",))
          for role in ("supervisor", "leader")),
    ]


@hookimpl
def register_workflows():
    """Holding a session, publishing an exam."""
    return [
        WorkflowBinding(model=Session, workflow=session_workflow.WORKFLOW,
                        guards=guards_and_effects.GUARDS, effects=guards_and_effects.EFFECTS),
        WorkflowBinding(model=Exam, workflow=exam_workflow.WORKFLOW, guards=EXAM_GUARDS),
    ]


@hookimpl
def register_abilities():
    """Booking tutoring or a drill out of whatever somebody works on."""
    return collaboration.ABILITIES


@hookimpl
def register_record_actions():
    """A script is practised from its page."""
    return collaboration.ACTIONS


@hookimpl
def register_settings():
    """When a certificate counts as due, and what has a gate."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Topics, a rule of tutoring and the checklist of drills to begin with."""
    return [ShippedData(name="training.topics", load=initial_data.load)]


@hookimpl
def register_demo_data():
    """A year of training."""
    return [DemoData(name="training.year", load=demo.load, order=40)]


@hookimpl
def register_metrics():
    """Scores of exams."""
    return METRICS


@hookimpl
def register_cards():
    """What to learn next, what to mark."""
    return CARDS


@hookimpl
def register_jobs():
    """Certificates end, attempts end."""
    return JOBS


@hookimpl
def check_assignment(session, actor, record, user_id):
    """Whoever lacks a compulsory certificate gets no new work where a rule says so."""
    return gate_refusal(session, actor, record, user_id)


@hookimpl
def on_event(session, payload):
    """An appraisal books tutoring or offers a course; so do findings and complaints."""
    book_after_event(session, payload)
