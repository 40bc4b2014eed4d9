"""The figures of customers' information: what is counted as items are verified."""

from __future__ import annotations

from app.customers.items import VERIFIED
from app.customers.verification_models import Verification
from app.host.measures import HIGHER, Measure, Metric
from app.i18n import N_

VIEW, ENDPOINT = "core.Verification", "VerificationView.list"


def _verified(name: str, title: str, **where: str) -> Metric:
    """Return the number of items that were verified, for the day and the person of each."""
    return Metric(
        name=f"customers.{name}", title=title, unit=N_("items"), better=HIGHER, view=VIEW,
        endpoint=ENDPOINT, numerator=Measure(
            name=f"customers.{name}", model=Verification, day="at", person="by_id",
            where={"state__in": VERIFIED, **where}))


METRICS = (
    _verified("items_verified", N_("Items of customer information verified")),
    # SPEC K2: what the monthly form gives points for.
    _verified("items_verified_in_contact",
              N_("Items of customer information verified in one's own contact"),
              contact__filled="1"),
)
