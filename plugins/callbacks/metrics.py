"""The figures of callbacks: what is counted as callbacks change."""

from __future__ import annotations

from app.sdk import N_, Served
from app.sdk.metrics import MINUTES, PERCENT, Measure, Metric
from plugins.callbacks.models import Task
from plugins.callbacks.workflow import VIEW

ENDPOINT = "TaskView.list"


def _closed(name: str, amount: str = "", **where: str | tuple[str, ...]) -> Measure:
    """Return a measure over the days on which callbacks were finished."""
    return Measure(name=f"callbacks.{name}", model=Task, day="closed_at", amount=amount,
                   where={"state__in": "closed", **where}, dimensions={"purpose": "purpose_id"})


FINISHED = _closed("finished")
TIMED = _closed("timed", minutes__at_least="1")
MINUTES_SPENT = _closed("minutes_spent", "minutes", minutes__at_least="1")
RATED = _closed("rated", satisfaction__filled="1")
SATISFIED = _closed("satisfied", satisfaction__in="satisfied")
TRIED = Measure(name="callbacks.tried", model=Task, day="last_tried_at",
                where={"last_tried_at__filled": "1"}, dimensions={"purpose": "purpose_id"})
REACHED = Measure(name="callbacks.reached", model=Task, day="last_tried_at",
                  where={"last_tried_at__filled": "1", "was_reached__is": "true"},
                  dimensions={"purpose": "purpose_id"})
FOLLOW_UP_DAYS = 3
NOT_CANCELLED = ("open", "working", "waiting", "closed", "unreachable")
_DUE = {"due_from__filled": "1", "state__in": NOT_CANCELLED}
DUE = Measure(name="callbacks.due", model=Task, day="due_from", where=_DUE,
              dimensions={"purpose": "purpose_id"})
# Two whole days and a part of the third are within three days.
FOLLOWED_UP = Measure(name="callbacks.followed_up", model=Task, day="due_from",
                      where={**_DUE, "days_to_first__at_most": str(FOLLOW_UP_DAYS - 1)},
                      dimensions={"purpose": "purpose_id"})
COVERED = Measure(name="callbacks.covered", model=Task, day="due_from",
                  where={**_DUE, "state__in": "closed"}, dimensions={"purpose": "purpose_id"})
OPEN = Measure(name="callbacks.open", model=Task, where={"is_open__is": "true"},
               dimensions={"purpose": "purpose_id"})


def _metric(
    name: str, title: str, numerator: Measure, denominator: Measure | None = None, *,
    unit: str = N_("callbacks"), better: str = "higher",
) -> Metric:
    return Metric(name=f"callbacks.{name}", title=title, numerator=numerator,
                  denominator=denominator, unit=unit, better=better, endpoint=ENDPOINT, view=VIEW)


METRICS = (
    _metric("tried", N_("Callbacks tried"), TRIED),
    _metric("finished", N_("Callbacks finished"), FINISHED),
    _metric("reached_rate", N_("Customers reached of those tried"), REACHED, TRIED, unit=PERCENT),
    _metric("coverage", N_("Coverage: finished of the callbacks due"), COVERED, DUE,
            unit=PERCENT),
    _metric("satisfied_rate", N_("Satisfied of customers who rated"), SATISFIED, RATED,
            unit=PERCENT),
    _metric("followed_up_rate", N_("Followed up within three days"), FOLLOWED_UP, DUE,
            unit=PERCENT),
    _metric("length", N_("Length of a call"), MINUTES_SPENT, TIMED, unit=MINUTES, better=""),
    _metric("open", N_("Open callbacks"), OPEN, better="lower"),
)
SERVED = (Served(name="callbacks.finished", title=N_("callbacks finished"), measure=FINISHED),)
