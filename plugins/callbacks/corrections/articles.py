"""A source of answers was changed: whoever it has answered before is called again (更正回拨)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.records import create, get, link, links_of
from app.sdk.services import SYSTEM, Place
from plugins.callbacks.corrections.choices import ARTICLE
from plugins.callbacks.corrections.operations import begin_by_itself
from plugins.callbacks.models import Correction, CorrectionReceiver

CHANGED = "knowledge.article_changed"
_ORIGIN = "core.origin"


def after_event(session: Session, payload: Mapping[str, Any]) -> int:
    """Enter a correction for each department whose customers an earlier version answered.

    They are called by themselves, or when whoever leads the department says so: see
    ``begin_by_itself``. An event that comes twice enters nothing more.

    Args:
        session: session with a running write.
        payload: of ``on_event``.

    Returns:
        How many corrections were entered.
    """
    if payload["event"] != CHANGED:
        return 0
    article = get(session, SYSTEM, payload["record_type"], payload["record_id"])
    if article is None or _is_entered(session, article):
        return 0
    answered = _answered(session, payload["data"]["answered"])
    for department_id, records in answered.items():
        _enter(session, article, payload["data"], department_id, records.values())
    return len(answered)


def _is_entered(session: Session, article: Any) -> bool:
    return any(one.summary is not None
               and one.summary.record_type == Correction.__record_type__
               for one in links_of(session, SYSTEM, article))


def _answered(
    session: Session, pairs: Iterable[tuple[str, int]]
) -> dict[int, dict[int, Any]]:
    """Return the records of customers by department and customer, of each the latest."""
    found: dict[int, dict[int, Any]] = {}
    for record_type, record_id in pairs:
        record = get(session, SYSTEM, record_type, record_id)
        customer_id = getattr(record, "customer_id", None)
        if record is not None and customer_id and record.department_id:
            found.setdefault(record.department_id, {}).setdefault(customer_id, record)
    return found


def _enter(
    session: Session, article: Any, data: Mapping[str, Any], department_id: int,
    records: Iterable[Any],
) -> None:
    correction = create(session, SYSTEM, Correction, {
        "subject": data["title"], "found_by": ARTICLE,
        "wrong_answer": data["before"] or data["title"],
        "right_answer": data["after"] or data["title"],
    }, place=Place(department_id=department_id))
    session.add_all(
        CorrectionReceiver(correction_id=correction.id, customer_id=one.customer_id,
                           record_type=one.__record_type__, record_id=one.id)
        for one in records)
    session.flush()
    link(session, SYSTEM, article, correction, _ORIGIN)
    begin_by_itself(session, SYSTEM, correction)
