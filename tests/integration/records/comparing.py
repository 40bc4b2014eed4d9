"""All that a database holds, to compare two ways of writing of which nothing stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.access.sensitive.values import SensitiveValue
from app.database import write
from app.records.mixin import Record
from app.records.models import FTS_TABLE
from app.records.purging import tables_of

# Chosen at random where a row is written.
_RANDOM = {"event_id", "change_set"}
_PENDING = "careline_audit"


def plain(value: Any) -> Any:
    if isinstance(value, SensitiveValue):
        return value.kind, value.reveal()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in _RANDOM}
    return value


def everything(session) -> dict[str, list[Any]]:
    """Return the rows of all tables with the entries of the audit trail that wait for the end."""
    found: dict[str, list[Any]] = {}
    # Other tests of the same process may have brought tables of plugins that are not here.
    for table in tables_of(session):
        if table.name == "metrics_change":
            # Changes of a count are added up; how many rows tell of them does not matter.
            sums: Counter[Any] = Counter()
            for row in session.execute(select(table)).mappings():
                cell = tuple((name, row[name]) for name in row if name not in ("id", "amount"))
                sums[cell] += row["amount"]
            found[table.name] = sorted(map(repr, sums.items()))
            continue
        rows = session.execute(select(table).order_by(*table.primary_key)).mappings()
        found[table.name] = [
            {name: plain(value) for name, value in row.items() if name not in _RANDOM}
            for row in rows]
    if session.get_bind().dialect.name == "sqlite":
        found["search words"] = session.execute(text(
            f"SELECT rowid, words FROM {FTS_TABLE} ORDER BY rowid")).all()
    found["audit trail"] = [plain(entry) for entry in session.info.get(_PENDING, ())]
    return found


@pytest.fixture(autouse=True)
def numbers_given_back(monkeypatch):
    """Let PostgreSQL give the numbers of rows that are taken back once more, as SQLite does."""
    monkeypatch.setattr(Record, "__number_gapless__", True)


def give_keys_back(session) -> None:
    """Let PostgreSQL give the keys of rows that were taken back once more, as SQLite does."""
    if session.get_bind().dialect.name != "postgresql":
        return
    with write(session):
        for table in tables_of(session):
            if (key := table.autoincrement_column) is not None:
                last = session.scalar(select(func.max(key))) or 0
                sequence = func.pg_get_serial_sequence(table.name, key.name)
                session.execute(select(func.setval(sequence, last + 1, False)))
