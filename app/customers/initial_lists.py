"""Values of the customers' lists that come with the product; an admin edits them afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def load(session: Session) -> None:
    """Add values that are not there; what an admin renamed or retired stays as it is.

    Args:
        session: session with a running write.
    """
    _add(session, DocumentKind, DOCUMENT_KINDS)
    session.flush()


def _add(session: Session, model: type[Any], values: tuple[tuple[str, str, str], ...]) -> None:
    known = {text for row in session.execute(select(model.code, model.name)) for text in row}
    for position, (code, name, name_zh) in enumerate(values, start=1):
        if not known & {code, name}:
            session.add(model(code=code, name=name, name_zh=name_zh, position=position * 10))
