"""The figures of training: scores of exams, counted as attempts get their result."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.metrics import PERCENT, Measure, Metric
from plugins.training.access import ATTEMPT
from plugins.training.choices import FAILED, PASSED
from plugins.training.models import Attempt

_DONE = {"status__in": (PASSED, FAILED)}
SCORED = Measure(name="training.scored", model=Attempt, day="finished_at", where=_DONE,
                 dimensions={"exam": "exam_id"})
PERCENTS = Measure(name="training.percents", model=Attempt, day="finished_at", where=_DONE,
                   dimensions={"exam": "exam_id"}, amount="percent", places=1)

METRICS = (
    Metric(name="training.exam_score", title=N_("Score in exams"), numerator=PERCENTS,
           denominator=SCORED, unit=PERCENT, better="higher", endpoint="AttemptView.list",
           view=ATTEMPT),
)
