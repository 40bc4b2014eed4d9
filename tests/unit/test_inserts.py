"""Rows that are inserted together are stored as SQLAlchemy stores each of them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.dialects.postgresql import psycopg

from app.database import Json, UTCDateTime
from app.inserts import _built, insert_rows

TABLE = Table(
    "sample", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)),
    Column("at", UTCDateTime), Column("facts", Json), Column("kind", String(9), default="plain"))
ROWS = [
    {"name": "王小明", "at": dt.datetime(2026, 5, 6, 7, tzinfo=dt.timezone(dt.timedelta(hours=8))),
     "facts": {"x": ["一", None]}, "kind": "a"},
    {"name": None, "at": None, "facts": None, "kind": "b"},
]


def stored(write):
    engine = create_engine("sqlite://")
    TABLE.create(engine)
    with engine.begin() as connection:
        write(connection)
        return (connection.execute(select(TABLE)).all(),
                connection.exec_driver_sql("SELECT * FROM sample").all())


def test_they_are_stored_as_by_a_statement_with_parameters():
    together = stored(lambda connection: insert_rows(connection, TABLE, ROWS))
    assert together == stored(lambda connection: connection.execute(insert(TABLE), ROWS))
    assert [row[0] for row in together[1]] == [1, 2]
    # The order of a row's columns says nothing.
    turned = [ROWS[0], dict(reversed(ROWS[1].items()))]
    assert stored(lambda connection: insert_rows(connection, TABLE, turned)) == together


def test_what_all_rows_share_is_made_once():
    made = []

    class Counted(UTCDateTime):
        cache_ok = True

        def process_bind_param(self, value, dialect):
            made.append(value)
            return super().process_bind_param(value, dialect)

    table = Table("sample", MetaData(), Column("id", Integer, primary_key=True),
                  Column("at", Counted), Column("by", Counted))
    now = dt.datetime(2026, 5, 6, 7, tzinfo=dt.UTC)
    others = [now + dt.timedelta(days=number) for number in range(3)]

    def read(write):
        engine = create_engine("sqlite://")
        table.create(engine)
        with engine.begin() as connection:
            write(connection)
            return connection.exec_driver_sql("SELECT at, by FROM sample ORDER BY id").all()

    rows = [{"at": now, "by": other} for other in others]
    together = read(lambda connection: insert_rows(connection, table, rows))
    assert made == [now, *others]
    assert together == read(lambda connection: connection.execute(insert(table), rows))


def test_no_rows_are_no_statement():
    assert stored(lambda connection: insert_rows(connection, TABLE, []))[0] == []


def test_a_default_that_python_works_out_has_to_be_told():
    rows = [{"name": "x"}]
    with pytest.raises(ValueError, match="sample: a row needs a value for kind"):
        stored(lambda connection: insert_rows(connection, TABLE, rows))


def test_postgresql_takes_its_parameters_by_name():
    statement = _built(TABLE, ("name", "kind"), psycopg.dialect())
    assert statement.sql == (
        "INSERT INTO sample (name, kind) VALUES (%(name)s::VARCHAR, %(kind)s::VARCHAR)")
    assert statement.parameters([{"kind": "a", "name": "x"}]) == [{"name": "x", "kind": "a"}]
