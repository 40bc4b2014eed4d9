"""How a document of an application stands on a day. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from app.sdk import N_
from plugins.loans.choices import ACCEPTED, REJECTED


class Status(enum.StrEnum):
    """How a document stands."""

    MISSING = "missing"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UNCHECKED = "unchecked"
    ACCEPTED = "accepted"

    @property
    def is_there(self) -> bool:
        """Whether the customer need not bring it again."""
        return self in (Status.UNCHECKED, Status.ACCEPTED)


STATUSES = (
    (Status.MISSING, N_("Not handed in")), (Status.EXPIRED, N_("Expired")),
    (Status.REJECTED, N_("Rejected")), (Status.UNCHECKED, N_("Not checked yet")),
    (Status.ACCEPTED, N_("Accepted")),
)
TONES = {Status.MISSING: ("bad", "file-off"), Status.EXPIRED: ("bad", "calendar-x"),
         Status.REJECTED: ("bad", "file-x"), Status.UNCHECKED: ("warn", "file-search"),
         Status.ACCEPTED: ("good", "file-check")}


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a document.

    Attributes:
        is_present: whether it has been handed in as a file.
        expires_on: last day on which it is valid; ``None`` for no end.
        judgement: ``accepted``, ``rejected`` or empty.
    """

    is_present: bool
    expires_on: dt.date | None = None
    judgement: str = ""

    def status(self, day: dt.date) -> Status:
        """Return how it stands on a local date."""
        if not self.is_present:
            return Status.MISSING
        if self.judgement == REJECTED:
            return Status.REJECTED
        if self.expires_on is not None and self.expires_on < day:
            return Status.EXPIRED
        return Status.ACCEPTED if self.judgement == ACCEPTED else Status.UNCHECKED


def expiry(
    issued_on: dt.date | None, valid_days: int | None, printed: dt.date | None
) -> dt.date | None:
    """Return the last valid day of a document: the earlier of what is printed and what is asked.

    Args:
        issued_on: day of issue.
        valid_days: days for which the product takes it, the day of issue not counted.
        printed: last day that the document itself names.
    """
    asked = None
    if issued_on is not None and valid_days is not None:
        asked = issued_on + dt.timedelta(days=valid_days)
    known = [day for day in (asked, printed) if day is not None]
    return min(known, default=None)
