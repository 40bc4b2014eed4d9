"""Records of one kind by their number, for fields that lead to a record."""

from __future__ import annotations

from flask import url_for

from app.database import db
from app.records.custom_fields.references import record_numbered
from app.records.mixin import named
from app.screens.query.record_search import cleaned, readable_screens
from app.web.request import actor

NUMBERED = "number/"
"""What the address of a choice begins with, before the kind of record."""


def numbered_choices_url(record_type: str) -> str:
    """Return the address that offers the records of a kind by number."""
    return url_for("pick", what=f"{NUMBERED}{record_type}")


def numbered_choices(record_type: str, text: str, most: int) -> list[tuple[str, str]] | None:
    """Return numbers and names of records that the caller may see, as a person types.

    Args:
        record_type: kind of record.
        text: what was typed.
        most: how many at most.

    Returns:
        Pairs of number and label; ``None`` where the caller sees no record of the kind.
    """
    for model, screen in readable_screens():
        if model.__record_type__ == record_type:
            hits = screen.datamodel.search(cleaned(text), most) if text else (
                screen.datamodel.find(model.number != "", most))
            return [(hit.number, named(hit.number, hit.title)) for hit in hits]
    return None


def name_of_numbered(record_type: str, number: str) -> str:
    """Return how the record with a number is called; the number alone where it is out of sight."""
    found = record_numbered(db.session, actor(), record_type, number)
    return number if found is None else str(found)
