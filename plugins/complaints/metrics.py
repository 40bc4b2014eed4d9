"""The figures of complaints: what is counted as complaints change."""

from __future__ import annotations

from collections.abc import Mapping

from app.sdk import N_
from app.sdk.metrics import MINUTES, PERCENT, Measure, Metric, Served
from plugins.complaints.models import Complaint
from plugins.complaints.workflow import VIEW

ENDPOINT = "ComplaintView.list"
REGISTER = "cfpb"
_ORIGIN = {"origin": "source", "registers": (REGISTER,)}


def _received(
    name: str, dimensions: Mapping[str, str] | None = None, **where: str | tuple[str, ...]
) -> Measure:
    """Return a measure over the days on which complaints were received."""
    return Measure(name=f"complaints.{name}", model=Complaint, where=where, day="received_at",
                   dimensions=dimensions or {}, **_ORIGIN)


def _open(
    name: str, dimensions: Mapping[str, str] | None = None, **where: str | tuple[str, ...]
) -> Measure:
    """Return a measure of complaints that are open at present."""
    return Measure(name=f"complaints.{name}", model=Complaint, dimensions=dimensions or {},
                   where={"is_open__is": "true", **where}, **_ORIGIN)


RECEIVED = _received("received", {
    "product": "product", "issue": "issue", "region": "region", "channel": "channel_id",
    "category": "category_id", "cause": "cause_id", "state": "state", "severity": "severity",
    "satisfaction": "satisfaction", "responsible": "responsible_department_id",
    # True of every complaint: a list without any filter opens with those that are open.
}, received_at__filled="1")
CLOSED = _received("closed", is_open__is="false")
MAJOR = _received("major", is_major__is="true")
DISSATISFIED = _received("dissatisfied", satisfaction__in="dissatisfied")
RATED = _received("rated", satisfaction__in=("satisfied", "fair", "dissatisfied"))
SATISFIED = _received("satisfied", satisfaction__in="satisfied")
REOPENED = _received("reopened", round__at_least="2")
RESOLVED_OF_RECEIVED = _received("resolved_of_received", resolved_at__filled="1")
ANSWERED = _received("answered", first_response_result__filled="1")
ANSWERED_IN_TIME = _received("answered_in_time", first_response_result__in="kept")


def _resolved(
    name: str, amount: str | tuple[str, str] = "", **where: str | tuple[str, ...]
) -> Measure:
    """Return a measure over the days on which complaints were resolved."""
    return Measure(name=f"complaints.{name}", model=Complaint, day="resolved_at", amount=amount,
                   where={"resolved_at__filled": "1", **where}, **_ORIGIN)


RESOLVED = _resolved("resolved")
# The tab "closed this month" is counted by it.
CLOSED_IN_PERIOD = Measure(name="complaints.closed_in_period", model=Complaint, day="closed_at",
                           where={"is_open__is": "false"}, **_ORIGIN)
HANDLING_MINUTES = _resolved("handling_minutes", ("received_at", "resolved_at"))
DEADLINE_ENDED = _resolved("deadline_ended", resolution_result__filled="1")
DEADLINE_KEPT = _resolved("deadline_kept", resolution_result__in="kept")
_RESPONDED = {"first_response_at__filled": "1"}
RESPONDED = Measure(name="complaints.responded", model=Complaint, day="first_response_at",
                    where=_RESPONDED, **_ORIGIN)
RESPONSE_MINUTES = Measure(name="complaints.response_minutes", model=Complaint,
                           day="first_response_at", where=_RESPONDED,
                           amount=("received_at", "first_response_at"), **_ORIGIN)
OPEN = _open("open", {"state": "state"})
OPEN_MAJOR = _open("open_major", is_major__is="true")
UNOWNED = _open("without_owner", owner__empty="1")
PROPOSED = _open("to_approve", state__in="proposed")
# What is overdue is counted by it: the months before this one are held.
OPEN_DUE = Measure(name="complaints.open_due", model=Complaint, day="due_at",
                   where={"is_open__is": "true"}, **_ORIGIN)


def _count(measure: Measure, title: str, better: str = "") -> Metric:
    return Metric(name=measure.name, title=title, numerator=measure, better=better,
                  unit=N_("complaints"), endpoint=ENDPOINT, view=VIEW)


def _share(
    name: str, title: str, numerator: Measure, denominator: Measure, better: str = "higher"
) -> Metric:
    return Metric(name=f"complaints.{name}", title=title, numerator=numerator,
                  denominator=denominator, unit=PERCENT, better=better, endpoint=ENDPOINT,
                  view=VIEW)


METRICS = (
    _count(RECEIVED, N_("Received"), "lower"),
    Metric(name="complaints.complaint_rate", title=N_("Complaint rate"), numerator=RECEIVED,
           per_served=True, unit=PERCENT, better="lower", endpoint=ENDPOINT, view=VIEW),
    _count(CLOSED, N_("Closed"), "higher"),
    _share("closed_rate", N_("Closed of those received"), CLOSED, RECEIVED),
    _share("resolution_rate", N_("Resolved of those received"), RESOLVED_OF_RECEIVED, RECEIVED),
    _share("answered_in_time_rate", N_("First response in time"), ANSWERED_IN_TIME, ANSWERED),
    _count(MAJOR, N_("Major complaints"), "lower"),
    _share("reopened_rate", N_("Handled more than once"), REOPENED, RECEIVED, "lower"),
    _share("satisfied_rate", N_("Satisfied of those asked"), SATISFIED, RATED),
    _count(DISSATISFIED, N_("Dissatisfied"), "lower"),
    _share("dissatisfied_rate", N_("Dissatisfied of those asked"), DISSATISFIED, RATED, "lower"),
    _count(RESOLVED, N_("Resolved"), "higher"),
    _count(CLOSED_IN_PERIOD, N_("Closed in the period"), "higher"),
    Metric(name="complaints.handling_time", title=N_("Handling time"),
           numerator=HANDLING_MINUTES, denominator=RESOLVED, unit=MINUTES, better="lower",
           endpoint=ENDPOINT, view=VIEW),
    Metric(name="complaints.response_time", title=N_("Time to the first response"),
           numerator=RESPONSE_MINUTES, denominator=RESPONDED, unit=MINUTES, better="lower",
           endpoint=ENDPOINT, view=VIEW),
    _share("deadline_kept_rate", N_("Resolution deadline kept"), DEADLINE_KEPT, DEADLINE_ENDED),
    _count(OPEN, N_("Open"), "lower"),
    _count(OPEN_MAJOR, N_("Open major complaints"), "lower"),
    _count(UNOWNED, N_("Without owner"), "lower"),
    _count(PROPOSED, N_("Waiting for approval")),
    _count(OPEN_DUE, N_("Open, due in the period"), "lower"),
)
BY_NAME = {one.name: one for one in METRICS}
SERVED = (Served(name="complaints.received", title=N_("complaints received"), measure=RECEIVED),)
