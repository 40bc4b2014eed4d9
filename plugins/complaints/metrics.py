"""The figures of complaints: what is counted as complaints change."""

from __future__ import annotations

from collections.abc import Mapping

from app.sdk import N_
from app.sdk.metrics import Measure, Metric
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
OPEN = _open("open", {"state": "state"})
OPEN_MAJOR = _open("open_major", is_major__is="true")
UNOWNED = _open("without_owner", owner__empty="1")
PROPOSED = _open("to_approve", state__in="proposed")


def _count(measure: Measure, title: str, better: str = "") -> Metric:
    return Metric(name=measure.name, title=title, numerator=measure, better=better,
                  unit=N_("complaints"), endpoint=ENDPOINT, view=VIEW)


METRICS = (
    _count(RECEIVED, N_("Received"), "lower"),
    _count(CLOSED, N_("Closed"), "higher"),
    _count(MAJOR, N_("Major complaints"), "lower"),
    _count(DISSATISFIED, N_("Dissatisfied"), "lower"),
    _count(OPEN, N_("Open"), "lower"),
    _count(OPEN_MAJOR, N_("Open major complaints"), "lower"),
    _count(UNOWNED, N_("Without owner"), "lower"),
    _count(PROPOSED, N_("Waiting for approval")),
    Metric(name="complaints.closed_rate", title=N_("Closed of those received"), numerator=CLOSED,
           denominator=RECEIVED, unit="%", better="higher", endpoint=ENDPOINT, view=VIEW),
    Metric(name="complaints.dissatisfied_rate", title=N_("Dissatisfied of those asked"),
           numerator=DISSATISFIED, denominator=RATED, unit="%", better="lower",
           endpoint=ENDPOINT, view=VIEW),
)
