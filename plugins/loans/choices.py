"""The fixed lists of loan applications: what a value is called. Pure."""

from __future__ import annotations

from app.sdk import N_

EMPLOYED, SELF_EMPLOYED, RETIRED, OTHERWISE = "employed", "self_employed", "retired", "other"
EMPLOYMENTS = (
    (EMPLOYED, N_("Employed")), (SELF_EMPLOYED, N_("Self-employed")), (RETIRED, N_("Retired")),
    (OTHERWISE, N_("Other livelihood")),
)
SOURCES = (
    ("enquiry", N_("Enquiry")), ("callback", N_("By callback")), ("showroom", N_("Showroom")),
    ("dealer", N_("Dealer")), ("online", N_("Online")), ("other", N_("Other source")),
)

# What came of an application.
APPROVED, REFUSED, NOT_ELIGIBLE, WITHDRAWN = "approved", "refused", "not_eligible", "withdrawn"
RESULTS = (
    (APPROVED, N_("Loan approved")), (REFUSED, N_("Loan refused")),
    (NOT_ELIGIBLE, N_("Not eligible")), (WITHDRAWN, N_("Application withdrawn")),
)
RESULT_TONES = {APPROVED: ("good", "circle-check"), REFUSED: ("bad", "circle-x"),
                NOT_ELIGIBLE: ("warn", "circle-minus"), WITHDRAWN: ("still", "arrow-back-up")}

# What the first review (初审) finds.
COMPLETE, TRUE, VALID = "complete", "true", "valid"
FINDINGS = ((COMPLETE, N_("Complete")), (TRUE, N_("Truthful")), (VALID, N_("Valid")))

# How somebody judged a document.
ACCEPTED, REJECTED = "accepted", "rejected"
JUDGEMENTS = ((ACCEPTED, N_("Accepted")), (REJECTED, N_("Rejected")))


def label_of(pairs: tuple[tuple[str, str], ...], value: str) -> str:
    """Return the message id of a value, or the value itself when it is not in the list."""
    return dict(pairs).get(value, value)
