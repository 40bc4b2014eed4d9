"""The fixed lists of the plugin: what a value is called. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.sdk import N_

Pairs = tuple[tuple[str, str], ...]

ENQUIRY, COMPLAINT, GRUMBLE, SUGGESTION, REPAIR, RESCUE = (
    "enquiry", "complaint", "grumble", "suggestion", "repair", "rescue")
TRANSFER, MESSAGE, PITCH, REQUEST, OTHER = ("transfer", "message", "pitch", "request", "other")
# What somebody calls about (SPEC E1, E4).
KINDS: Pairs = (
    (ENQUIRY, N_("Enquiry")), (COMPLAINT, N_("Complaint")), (GRUMBLE, N_("Grumble")),
    (SUGGESTION, N_("Customer suggestion")), (REPAIR, N_("Repair report")),
    (RESCUE, N_("Rescue call")), (TRANSFER, N_("Transfer")),
    (MESSAGE, N_("Message for a colleague")), (PITCH, N_("Sales pitch")),
    (REQUEST, N_("Internal request")), (OTHER, N_("Other")),
)
KIND_TONES: Mapping[str, tuple[str, str]] = {
    ENQUIRY: ("calm", "help"), COMPLAINT: ("bad", "message-report"), GRUMBLE: ("warn", "mood-sad"),
    SUGGESTION: ("good", "bulb"), REPAIR: ("warn", "tool"), RESCUE: ("bad", "ambulance"),
    TRANSFER: ("still", "phone-outgoing"), MESSAGE: ("still", "message"),
    PITCH: ("still", "speakerphone"), REQUEST: ("calm", "building"), OTHER: ("still", "dots"),
}
# By which name other plugins know what is said on a call of a kind (SPEC E2).
OCCASIONS: Mapping[str, str] = {
    COMPLAINT: "complaint_call", GRUMBLE: "complaint_call", SUGGESTION: "suggestion_call",
    REPAIR: "repair_call", RESCUE: "repair_call", TRANSFER: "transfer_call",
    MESSAGE: "message_call", PITCH: "sales_pitch",
}
ANY_CALL = "enquiry_call"
SATISFIED, FAIR, DISSATISFIED = "satisfied", "fair", "dissatisfied"
SATISFACTIONS: Pairs = (
    (SATISFIED, N_("Satisfied")), (FAIR, N_("Fair")), (DISSATISFIED, N_("Dissatisfied")),
)
SATISFACTION_TONES: Mapping[str, tuple[str, str]] = {
    SATISFIED: ("good", "mood-smile"), FAIR: ("calm", "mood-neutral"),
    DISSATISFIED: ("bad", "mood-sad"),
}
TAKEN, NOT_TAKEN = "taken", "not_taken"
TRANSFER_RESULTS: Pairs = ((TAKEN, N_("Taken by the colleague")), (NOT_TAKEN, N_("Not taken")))
ANSWERED, SILENT, PASSED_ON, SETTLED = "answered", "silent", "passed_on", "settled"
ENDINGS: Pairs = (
    (ANSWERED, N_("Answered")), (SILENT, N_("Customer left silent")),
    (PASSED_ON, N_("Passed on")), (SETTLED, N_("Nothing to answer")),
)
DEADLINE_RESULTS: Pairs = (("kept", N_("In time")), ("missed", N_("Too late")))
REPAIR_KINDS: Pairs = ((REPAIR, N_("Repair report")), (RESCUE, N_("Rescue call")))
DECISIONS: Pairs = (
    ("adopted", N_("Adopted")), ("partly", N_("Adopted in part")), ("declined", N_("Not adopted")),
)


def label_of(pairs: Pairs, value: str) -> str:
    """Return the message id of a value, or the value itself when it is not in the list."""
    return dict(pairs).get(value, value)
