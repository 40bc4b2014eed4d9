"""The page of a rule that makes callbacks: what its rehearsal has shown."""

from __future__ import annotations

from typing import Any

from app.sdk import N_
from app.sdk.screens import (
    RecordHeader,
    RecordPage,
    localised_label,
    page_language,
    register_label,
    translated,
)
from plugins.callbacks.generation import LeftOut
from plugins.callbacks.models import Rule

_REASONS = {
    LeftOut.OTHER_GRADE: N_("The customer is of another grade."),
    LeftOut.NO_NUMBER: N_("The customer has no number."),
    LeftOut.GONE: N_("The customer is in the recycle bin."),
    LeftOut.MADE_ALREADY: N_("The callback was made already."),
    LeftOut.SAME_OPEN: N_("A callback of this rule is open for the customer."),
    LeftOut.TOO_LATE: N_("The days to make it are over."),
}


class RuleHeader(RecordHeader):
    """The head of the page of a rule, in the language of the page."""

    def title(self, record: Rule) -> str:
        """Return the name of the rule."""
        return record.name if page_language() == "en" else record.title


class RulePage(RecordPage):
    """The page of a rule, with its last rehearsal."""

    def context(self, record: Rule) -> dict[str, Any]:
        """Return the rehearsal, with the reasons in the language of the page."""
        held = record.rehearsal or {}
        return {"rehearsal": held and {**held, "left_out": [
            (translated(_REASONS[LeftOut(code)]), number)
            for code, number in held["left_out"].items()]}}


register_label(Rule, lambda row: row.number + " " + localised_label(row))
