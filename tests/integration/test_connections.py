"""How a connection to each database is set up."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

pytestmark = pytest.mark.both_databases


SETTINGS = {
    "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": 1, "PRAGMA synchronous": 2},
    # One plan for all values of a prepared statement compared every row with a list of numbers.
    "postgresql": {"SHOW plan_cache_mode": "force_custom_plan"},
}


@pytest.mark.parametrize("rolled_back", [False, True])
def test_a_connection_has_its_settings(engine: Engine, rolled_back: bool) -> None:
    with engine.connect() as connection:
        if rolled_back:
            connection.rollback()
        for question, answer in SETTINGS[engine.dialect.name].items():
            assert connection.scalar(text(question)) == answer, question


def test_of_several_connections_the_one_used_last_is_taken(engine: Engine) -> None:
    """Each holds pages of the database, which it reads anew when another one has written."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect(), engine.connect():
        pass
    used = set()
    for _ in range(4):
        with engine.connect() as connection:
            used.add(id(connection.connection.dbapi_connection))
    assert len(used) == 1
