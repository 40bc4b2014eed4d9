"""The figures of the plugin: what is counted as records change."""

from __future__ import annotations

from collections.abc import Mapping

from app.sdk import N_, Served
from app.sdk.metrics import PERCENT, Measure, Metric
from plugins.enquiries import access
from plugins.enquiries.choices import DISSATISFIED, GRUMBLE, SATISFIED, TAKEN, TRANSFER
from plugins.enquiries.models import Call, Enquiry, Repair, Suggestion

THREE_RINGS = 3
LISTS = {"enquiry": "EnquiryView.list", "call": "CallView.list", "repair": "RepairView.list",
         "suggestion": "SuggestionView.list"}
_BY = {"kind": "kind", "category": "category_id", "channel": "channel_id"}
# True of every record: a list without any filter opens with its default filters.
_EVERY = {"received_at__filled": "1"}


def _received(
    name: str, by: Mapping[str, str] | None = None, **where: str | tuple[str, ...]
) -> Measure:
    """Return a measure over the days on which enquiries were received."""
    return Measure(name=f"enquiries.{name}", model=Enquiry, day="received_at", where=where,
                   dimensions=by or {})


RECEIVED = _received("received", _BY, **_EVERY)
AT_ONCE = _received("answered_at_once", _BY, answered_at_once__is="true")
ANSWERED = _received("answered", answered_at__filled="1")
PROMISED = _received("promised", promised_at__filled="1", reply_result__filled="1")
PROMISE_KEPT = _received("promise_kept", promised_at__filled="1", reply_result__in="kept")
RATED = _received("rated", satisfaction__filled="1")
SATISFIED_ONES = _received("satisfied", satisfaction__in=SATISFIED)
DISSATISFIED_ONES = _received("dissatisfied", satisfaction__in=DISSATISFIED)
UNANSWERED = _received("unanswered", is_open__is="true", answered_at__empty="1")
TRANSFERS = _received("transfers", kind__in=TRANSFER, transfer_result__filled="1")
TRANSFERS_TAKEN = _received("transfers_taken", kind__in=TRANSFER, transfer_result__in=TAKEN)
GRUMBLES = _received("grumbles", _BY, kind__in=GRUMBLE)
OPEN = Measure(name="enquiries.open", model=Enquiry, where={"is_open__is": "true"})
CALLS = Measure(name="enquiries.calls", model=Call, day="called_at",
                where={"called_at__filled": "1"})
IN_THREE_RINGS = Measure(
    name="enquiries.in_three_rings", model=Call, day="called_at",
    where={"answered__is": "true", "rings__at_most": str(THREE_RINGS)})
REPAIRS = Measure(name="enquiries.repairs", model=Repair, day="reported_at",
                  where={"reported_at__filled": "1"}, dimensions={"kind": "kind"})
REPAIRS_DUE = Measure(name="enquiries.repairs_due", model=Repair, day="reported_at",
                      where={"taking_result__filled": "1"})
REPAIRS_IN_TIME = Measure(name="enquiries.repairs_in_time", model=Repair, day="reported_at",
                          where={"taking_result__in": "kept"})
SUGGESTIONS = Measure(name="enquiries.suggestions", model=Suggestion, day="received_at",
                      where=_EVERY)


def _count(
    measure: Measure, title: str, of: str = "enquiry", unit: str = N_("enquiries"),
    better: str = "",
) -> Metric:
    return Metric(name=measure.name, title=title, numerator=measure, unit=unit, better=better,
                  endpoint=LISTS[of], view=_VIEWS[of])


def _share(
    name: str, title: str, numerator: Measure, denominator: Measure, of: str = "enquiry",
    better: str = "higher",
) -> Metric:
    return Metric(name=f"enquiries.{name}", title=title, numerator=numerator,
                  denominator=denominator, unit=PERCENT, better=better, endpoint=LISTS[of],
                  view=_VIEWS[of])


_VIEWS = {"enquiry": access.ENQUIRY, "call": access.CALL, "repair": access.REPAIR,
          "suggestion": access.SUGGESTION}
METRICS = (
    _count(RECEIVED, N_("Enquiries received")),
    _share("at_once_rate", N_("Answered at once"), AT_ONCE, RECEIVED),
    _share("promise_kept_rate", N_("Promised reply kept"), PROMISE_KEPT, PROMISED),
    _count(UNANSWERED, N_("Not answered yet"), better="lower"),
    _share("satisfied_rate", N_("Satisfied with the answer"), SATISFIED_ONES, RATED),
    _count(DISSATISFIED_ONES, N_("Dissatisfied with the answer"), better="lower"),
    _share("transfers_taken_rate", N_("Calls routed right"), TRANSFERS_TAKEN, TRANSFERS),
    _count(GRUMBLES, N_("Grumbles"), better="lower"),
    _count(OPEN, N_("Open enquiries"), better="lower"),
    _share("three_rings_rate", N_("Answered within three rings"), IN_THREE_RINGS, CALLS, "call"),
    _count(REPAIRS, N_("Repair reports and rescue calls"), "repair", N_("repair reports")),
    _share("repairs_in_time_rate", N_("Taken by the workshop in time"), REPAIRS_IN_TIME,
           REPAIRS_DUE, "repair"),
    _count(SUGGESTIONS, N_("Suggestions"), "suggestion", N_("suggestions")),
)
SHOWN = tuple(one for one in METRICS if one.numerator.day)
BY_NAME = {one.name: one for one in METRICS}
SERVED = (
    Served(name="enquiries.received", title=N_("enquiries received"), measure=RECEIVED),
)
