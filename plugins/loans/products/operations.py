"""By which rules products and the documents that they ask for are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations
from app.sdk.services import Actor, is_present
from app.sdk.workflow import Message
from plugins.loans.products.models import LoanProduct, Requirement
from plugins.loans.products.rules import MOST_MONTHS, read_months, written_months

_MOST_PERCENT = Decimal(100)


class ProductOperations(RecordOperations):
    """Operations on loan products; applications keep the rate that they were taken in with."""

    required = ("code", "name", "rate", "terms", "amount_from", "amount_to",
                "down_payment_share", "first_post_id")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write terms in their order."""
        return {**values, "terms": _in_order(values.get("terms") or "")}

    def validate(
        self, session: Session, actor: Actor, record: LoanProduct | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse terms that are no months, bounds the wrong way round, odd percentages."""
        errors = super().validate(session, actor, record, values)

        def held(name: str) -> Any:
            return values[name] if name in values else getattr(record, name, None)

        if "terms" in values and _read(values["terms"] or "") is None:
            errors["terms"] = Message(
                N_("Write months between commas, such as 12, 24, 36; at most %(most)s."),
                {"most": MOST_MONTHS})
        for name in ("rate", "down_payment_share"):
            value = values.get(name)
            if value is not None and not 0 <= value <= _MOST_PERCENT:
                errors[name] = Message(N_("Enter a percentage from 0 to 100."))
        low, high = held("amount_from"), held("amount_to")
        if low is not None and high is not None and not 0 < low <= high:
            errors["amount_to"] = Message(N_("The largest amount is at least the smallest one."))
        begins, ends = held("valid_from"), held("valid_until")
        if begins is not None and ends is not None and ends < begins:
            errors["valid_until"] = Message(N_("It cannot end before it begins."))
        if held("second_post_id") is not None and (
                held("second_post_id") == held("first_post_id")):
            errors["second_post_id"] = Message(N_("Choose another post than the first one."))
        return errors

    def store(
        self, session: Session, actor: Actor, record: LoanProduct, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Any:
        """Write columns; terms in their order."""
        if "terms" in values:
            values = {**values, "terms": _in_order(values["terms"])}
        return super().store(session, actor, record, values, reason=reason)


def _read(text: str) -> tuple[int, ...] | None:
    try:
        return read_months(text)
    except ValueError:
        return None


def _in_order(text: str) -> str:
    months = _read(text)
    return text if months is None else written_months(months)


class RequirementOperations(RecordOperations):
    """Operations on what products ask for; applications follow at their next change."""

    required = ("product_id", "kind_id")

    def validate(
        self, session: Session, actor: Actor, record: Requirement | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse the same document of the same customers twice, and no days of validity."""
        errors = super().validate(session, actor, record, values)

        def held(name: str) -> Any:
            return values[name] if name in values else getattr(record, name, None)

        days = values.get("valid_days")
        if days is not None and days < 1:
            errors["valid_days"] = Message(N_("Leave it empty, or enter at least 1 day."))
        twice = session.scalar(select(Requirement.id).where(
            Requirement.product_id == held("product_id"), Requirement.kind_id == held("kind_id"),
            Requirement.condition == (held("condition") or ""), is_present(Requirement),
            Requirement.id != (0 if record is None else record.id)).limit(1))
        if twice is not None:
            errors["kind_id"] = Message(N_("The product asks for this document already."))
        return errors
