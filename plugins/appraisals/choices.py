"""Values that records of the plugin may hold, with their words."""

from __future__ import annotations

from app.sdk import N_
from plugins.appraisals.rules import grades, overdue, setup, year
from plugins.appraisals.rules.periods import MONTH, QUARTER, SPOT, YEAR

CYCLE_KINDS = ((MONTH, N_("Monthly")), (QUARTER, N_("Quarterly")), (YEAR, N_("Yearly")),
               (SPOT, N_("Spot check")))

PLANNED, OPEN, RELEASED = "planned", "open", "released"
CYCLE_STATUSES = ((PLANNED, N_("Planned")), (OPEN, N_("Under way")), (RELEASED, N_("Released")))
CYCLE_TONES = {PLANNED: ("still", "calendar"), OPEN: ("calm", "player-play"),
               RELEASED: ("good", "circle-check")}

FILLING, RATING, SIGNING, SIGNED = "filling", "rating", "signing", "signed"
ABSENT, SUPERSEDED = "absent", "superseded"
SHEET_STATUSES = (
    (FILLING, N_("Being filled in")), (RATING, N_("Being rated")), (SIGNING, N_("Being signed")),
    (SIGNED, N_("Signed by all")), (RELEASED, N_("Released")), (ABSENT, N_("Absent")),
    (SUPERSEDED, N_("Superseded")))
SHEET_TONES = {
    FILLING: ("calm", "pencil"), RATING: ("calm", "scale"), SIGNING: ("warn", "signature"),
    SIGNED: ("good", "checks"), RELEASED: ("good", "circle-check"),
    ABSENT: ("still", "user-off"), SUPERSEDED: ("still", "replace")}
FINISHED = frozenset({SIGNED, RELEASED, ABSENT, SUPERSEDED})

GRADE_WORDS = ((grades.EXCELLENT, N_("Excellent")), (grades.QUALIFIED, N_("Qualified")),
               (grades.ENCOURAGED, N_("To be encouraged")))
GRADE_TONES = {grades.EXCELLENT: ("good", "award"), grades.QUALIFIED: ("calm", "check"),
               grades.ENCOURAGED: ("warn", "heart-handshake")}

PARTS = {
    "subject": N_("The person appraised"), "appraiser": N_("Appraiser"),
    "department_manager": N_("Department manager"),
    "administration_manager": N_("Administration manager"),
    "marketing_director": N_("Marketing director"), "general_manager": N_("General manager"),
}

OVERDUE_WORDS = (
    (overdue.REMIND, N_("Remind of it only")), (overdue.PASS, N_("Pass over it")),
    (overdue.REFUSE, N_("Refuse it until HR allows it again")))

PROBLEMS = {
    setup.NO_POST: N_("Holds no post"),
    setup.NO_FORM: N_("No published form for the post"),
    setup.TWO_FORMS: N_("Holds posts with different forms"),
    setup.NO_APPRAISER: N_("Nobody leads this person"),
    setup.NOT_YET_HERE: N_("Came after the end of the period"),
    setup.OVERLAPS: N_("Has a sheet for this time"),
}

YEAR_STATES = {year.COUNTED: N_("Counts"), year.ABSENT: N_("Absent"),
               year.NO_SHEET: N_("Not released")}

OBJECTED, UPHELD, REJECTED = "open", "upheld", "rejected"
OBJECTION_WORDS = {OBJECTED: N_("Not answered yet"), UPHELD: N_("Upheld"),
                   REJECTED: N_("Rejected")}

ANNOUNCED, DECLARED, AGREED, RETURNED = "announced", "declared", "agreed", "returned"
TASK_WORDS = {ANNOUNCED: N_("Announced"), DECLARED: N_("Declared, not agreed yet"),
              AGREED: N_("Agreed"), RETURNED: N_("To be revised")}

CONSEQUENCE_KINDS = (
    ("training", N_("Training")), ("warning", N_("Warning")),
    ("criticism", N_("Public criticism")), ("held_back", N_("No raise or promotion")),
    ("dismissal", N_("Dismissal")), ("raise", N_("Eligible for a raise or promotion")),
    ("award", N_("Award")))

DRAFT, REVIEWED, APPROVED = "draft", "reviewed", "approved"
BONUS_STATUSES = ((DRAFT, N_("Compiled")), (REVIEWED, N_("Reviewed by Compensation")),
                  (APPROVED, N_("Approved")))
BONUS_TONES = {DRAFT: ("calm", "pencil"), REVIEWED: ("warn", "eye-check"),
               APPROVED: ("good", "circle-check")}
STEP_WORDS = {"signed": N_("Signed score"), "calibrated": N_("Calibration"),
              "quota": N_("Bonus quota"), "score": N_("Score"),
              "product": N_("Quota × score ÷ 100"), "cut": N_("Taken off (%)"),
              "rounded": N_("Rounded half up to two places"),
              "referral": N_("Referral rewards"), "total": N_("Total")}
