"""Which measures have been counted from their records, and by which definition."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.database import AnySelect
from app.metrics.models import MetricState
from app.statements import built_once

_KNOWN = "metrics.definitions"


@built_once
def _states() -> AnySelect:
    return select(MetricState.measure, MetricState.definition)


def definitions(session: Session | Connection) -> dict[str, str]:
    """Return by which definition each measure has been counted, by its name."""
    return dict(session.execute(_states()).all())


def known_definitions(session: Session) -> dict[str, str]:
    """Return ``definitions``, asked once in a transaction: each card of a page asks anew."""
    transaction = session.connection().get_transaction()
    kept = session.info.get(_KNOWN)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_KNOWN] = (transaction, definitions(session))
    return kept[1]
