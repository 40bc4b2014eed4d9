"""Values of the customers' lists that come with the product; an admin edits them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Membership, ServiceTier
from app.customers.verification_models import DocumentKind

DOCUMENT_KINDS = (
    ("id_card", "Identity card", "身份证"),
    ("household_register", "Household register", "户口本"),
    ("passport", "Passport", "护照"),
    ("driving_licence", "Driving licence", "驾驶证"),
    ("vehicle_licence", "Vehicle licence", "行驶证"),
    ("contract", "Contract", "合同"),
    ("proof_of_address", "Proof of address", "居住证明"),
    ("call", "Confirmed by the customer on the phone", "电话核实"),
)

MEMBERSHIPS = (
    ("regular", "Regular member", "普通会员"), ("silver", "Silver member", "银卡会员"),
    ("gold", "Gold member", "金卡会员"),
)
# Code, names, own agent, priority, by how many percent the time is shorter, colour.
TIERS = (
    ("standard", "Standard service", "标准服务", False, 0, 0, ""),
    ("preferred", "Preferred service", "优先服务", True, 10, 20, "calm"),
    ("exclusive", "Exclusive service", "专属服务", True, 20, 40, "warn"),
)


def load(session: Session) -> None:
    """Add values that are not there; what an admin renamed or retired stays as it is.

    Args:
        session: session with a running write.
    """
    _add(session, DocumentKind, DOCUMENT_KINDS)
    _add(session, Membership, MEMBERSHIPS)
    _add(session, ServiceTier, TIERS, "own_agent", "priority", "tighter_percent", "colour")
    session.flush()


def _add(
    session: Session, model: type[Any], values: Sequence[tuple[Any, ...]], *further: str
) -> None:
    known = {text for row in session.execute(select(model.code, model.name)) for text in row}
    for position, (code, name, name_zh, *rest) in enumerate(values, start=1):
        if not known & {code, name}:
            session.add(model(code=code, name=name, name_zh=name_zh, position=position * 10,
                              **dict(zip(further, rest, strict=True))))
