"""All tables of the plugin."""

from __future__ import annotations

from plugins.training.certificates.models import Certificate
from plugins.training.courses.models import Course, Material, Plan, PlanLine
from plugins.training.drills.models import Drill
from plugins.training.duties.models import DutyEscalation, DutyRule
from plugins.training.exams.models import Attempt, AttemptItem, Exam, ExamPart, Question, Topic
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.tutoring.models import Finding, TutoringRule

MODELS = [Topic, Course, Material, Plan, PlanLine, Session, Enrolment, Question, Exam, ExamPart,
          Attempt, AttemptItem, Certificate, DutyRule, DutyEscalation, EarlierResult, TutoringRule,
          Tutoring, Finding, Drill]

__all__ = [
    "MODELS", "Attempt", "AttemptItem", "Certificate", "Course", "Drill", "DutyEscalation",
    "DutyRule", "EarlierResult", "Enrolment", "Exam", "ExamPart", "Finding", "Material", "Plan",
    "PlanLine", "Question", "Session", "Topic", "Tutoring", "TutoringRule",
]
