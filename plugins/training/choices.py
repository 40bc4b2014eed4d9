"""Values that columns of the plugin may hold, with their labels."""

from __future__ import annotations

from app.sdk import N_

KINDS = (
    ("onboarding", N_("Onboarding")), ("business", N_("Regular business training")),
    ("personal", N_("Personalised training")), ("cross", N_("Cross-department training")),
)
METHODS = (
    ("lecture", N_("Lecture")), ("case", N_("Case analysis")),
    ("simulation", N_("Simulated drill")), ("script", N_("Script drill")),
)
DRILL_METHODS = METHODS[2:]
PROOFS = (
    ("exam", N_("Exam passed")), ("attendance", N_("Session attended")),
    ("both", N_("Session attended and exam passed")),
)
LANGUAGES = (("zh", N_("Chinese")), ("en", N_("English")))
ENROLLED, WAITING, ATTENDED, ABSENT, CANCELLED = (
    "enrolled", "waiting", "attended", "absent", "cancelled")
ENROLMENTS = (
    (ENROLLED, N_("Enrolled")), (WAITING, N_("On the waiting list")), (ATTENDED, N_("Attended")),
    (ABSENT, N_("Did not come")), (CANCELLED, N_("Enrolment withdrawn")),
)
QUESTION_KINDS = (
    ("single", N_("Single choice")), ("multiple", N_("Several choice")),
    ("true_false", N_("True or false")), ("number", N_("Numeric")), ("ordering", N_("Ordering")),
    ("text", N_("Free text")),
)
DIFFICULTIES = (("easy", N_("Easy")), ("medium", N_("Medium")), ("hard", N_("Hard")))
RUNNING, MARKING, PASSED, FAILED = "running", "marking", "passed", "failed"
ATTEMPT_STATES = (
    (RUNNING, N_("Running")), (MARKING, N_("Being marked")), (PASSED, N_("Passed")),
    (FAILED, N_("Not passed")),
)
GATES = (
    ("", N_("Nothing")), ("second_person", N_("Needs a second person")),
    ("block", N_("Blocks assignment")),
)
RESULTS = (("passed", N_("Passed")), ("failed", N_("Not passed")), ("attended", N_("Attended")))
TUTORING_STATES = (
    ("open", N_("Under way")), ("reached", N_("Goal reached")), ("missed", N_("Goal not reached")),
)
TUTORING_REASONS = (
    ("appraisal", N_("Failed appraisal")), ("quality", N_("Quality findings")),
    ("complaint", N_("Complaints")), ("exam", N_("Exam not passed")),
    ("promising", N_("Promising: advanced training")), ("other", N_("Other")),
)
APPRAISAL_FAILED, APPRAISAL_EXCELLENT = "appraisal_failed", "appraisal_excellent"
QUALITY_FINDING, COMPLAINT_CAUSE = "quality_finding", "complaint_cause"
OCCASIONS = (
    (APPRAISAL_FAILED, N_("Failed appraisal: book tutoring")),
    (APPRAISAL_EXCELLENT, N_("Excellent appraisal: offer a course")),
    (QUALITY_FINDING, N_("Quality findings: book tutoring")),
    (COMPLAINT_CAUSE, N_("Complaints for which the person is responsible: book tutoring")),
)
# Of these a rule asks for a number within some days.
COUNTED = frozenset({QUALITY_FINDING, COMPLAINT_CAUSE})
CYCLES = (
    ("", N_("Every kind")), ("month", N_("Monthly appraisal")),
    ("quarter", N_("Quarterly appraisal")), ("year", N_("Yearly appraisal")),
    ("spot", N_("Spot check")),
)
