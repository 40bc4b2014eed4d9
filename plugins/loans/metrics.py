"""The figures of loan applications: what is counted as they change."""

from __future__ import annotations

from app.sdk import N_, Served
from app.sdk.metrics import MINUTES, PERCENT, Measure, Metric
from plugins.loans.access import APPLICATION
from plugins.loans.applications.models import LoanApplication
from plugins.loans.choices import APPROVED, NOT_ELIGIBLE, REFUSED

ENDPOINT = "ApplicationView.list"
_BY = {"product": "product_id", "source": "source", "reason": "refusal_reason_id"}


def _received(name: str, amount: str = "", **where: str | tuple[str, ...]) -> Measure:
    """Return a measure over the days on which applications were received."""
    return Measure(name=f"loans.{name}", model=LoanApplication, day="received_at", amount=amount,
                   where={"received_at__filled": "1", **where}, dimensions=_BY)


def _decided(name: str, **where: str | tuple[str, ...]) -> Measure:
    """Return a measure over the days on which applications were decided."""
    return Measure(name=f"loans.{name}", model=LoanApplication, day="decided_at",
                   where={"decided_at__filled": "1", **where}, dimensions=_BY)


RECEIVED = _received("received")
DECIDED = _decided("decided", result__in=(APPROVED, REFUSED, NOT_ELIGIBLE))
GRANTED = _decided("approved", result__in=APPROVED)
DENIED = _decided("refused", result__in=(REFUSED, NOT_ELIGIBLE))
TAKEN_UP = _decided("taken_up", result__in=APPROVED, loan__filled="1")
OPEN = Measure(name="loans.open", model=LoanApplication, where={"is_open__is": "true"},
               dimensions={"state": "state"})
LACKING = Measure(name="loans.lacking", model=LoanApplication,
                  where={"is_open__is": "true", "to_bring__at_least": "1"})
TO_TELL = Measure(name="loans.to_tell", model=LoanApplication,
                  where={"state__in": ("approved", "not_eligible", "refused")})

STAYS = (
    ("received", N_("Application received")), ("missing", N_("Documents missing")),
    ("review", N_("Under first review")), ("not_eligible", N_("Not eligible, to be told")),
    ("handed_over", N_("Handed over for approval")), ("approval", N_("In approval")),
    ("approved", N_("Approved, to be told")), ("refused", N_("Refused, to be told")),
)
"""Ends of the names of ``minutes_…`` with the title of the mean stay."""


def _count(measure: Measure, title: str, better: str = "") -> Metric:
    return Metric(name=measure.name, title=title, numerator=measure, better=better,
                  unit=N_("applications"), endpoint=ENDPOINT, view=APPLICATION)


def _share(name: str, title: str, part: Measure, whole: Measure, better: str = "") -> Metric:
    return Metric(name=f"loans.{name}", title=title, numerator=part, denominator=whole,
                  unit=PERCENT, better=better, endpoint=ENDPOINT, view=APPLICATION)


def _stay(name: str, title: str) -> Metric:
    column = f"minutes_{name}"
    return Metric(
        name=f"loans.stay_{name}", title=title, unit=MINUTES, better="lower",
        numerator=_received(f"minutes_{name}", column, **{f"{column}__filled": "1"}),
        denominator=_received(f"stayed_{name}", **{f"{column}__filled": "1"}),
        endpoint=ENDPOINT, view=APPLICATION)


COUNTS = (
    _count(RECEIVED, N_("Applications received"), "higher"),
    _count(DECIDED, N_("Applications decided"), "higher"),
    _share("approved_rate", N_("Approved of those decided"), GRANTED, DECIDED, "higher"),
    _share("refused_rate", N_("Refused or not eligible of those decided"), DENIED, DECIDED,
           "lower"),
    _share("taken_up_rate", N_("Taken up of those approved"), TAKEN_UP, GRANTED, "higher"),
)
STAY_METRICS = tuple(_stay(name, title) for name, title in STAYS)
REASONS = _count(DENIED, N_("Refused or not eligible"), "lower")
METRICS = (*COUNTS, *STAY_METRICS, REASONS,
           _count(GRANTED, N_("Applications approved"), "higher"),
           _count(OPEN, N_("Open applications"), "lower"),
           _count(LACKING, N_("With documents to bring"), "lower"),
           _count(TO_TELL, N_("Results to be told"), "lower"))
BY_NAME = {one.name: one for one in METRICS}
SERVED = (Served(name="loans.received", title=N_("loan applications received"), measure=RECEIVED),)
