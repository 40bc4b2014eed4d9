"""A database from before imports could be taken back comes over with its jobs."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, func, inspect, select
from sqlalchemy.orm import Session

from app.jobs.models import Job
from app.records.importing.models import ImportedRecords, ImportMapping, WrittenImport
from app.records.importing.withdrawals import import_of_job

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)
TABLES = {"records_written_import", "records_imported"}


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with an import that was done."""
    move("core_0011")
    tables = MetaData()
    with empty_engine.begin() as connection:
        tables.reflect(connection)
        jobs = tables.tables["jobs_job"]
        values = {"id": 7, "kind": "records.import", "state": "done", "created_at": NOW,
                  "sent_at": NOW,
                  "title": "x", "args": {}, "title_values": {}, "attempt": 1, "crashes": 0,
                  "error_values": {}, "done": 0, "result": {"created": 3}}
        connection.execute(jobs.insert().values(
            {name: value for name, value in values.items() if name in jobs.c}))
        connection.execute(tables.tables["records_import_mapping"].insert().values(
            id=1, importer="x", name="branch", columns={"name": "Name"}, saved_at=NOW))
    return empty_engine


def test_an_import_of_before_is_there_and_nothing_is_known_of_its_rows(engine, move):
    move("core_0012")
    with Session(engine) as session:
        assert session.scalars(select(Job.id)).all() == [7]
        assert import_of_job(session, 7) is None
        mapping = session.scalars(select(ImportMapping)).one()
        assert (mapping.columns, mapping.options) == ({"name": "Name"}, {})
        written = WrittenImport(importer="x", job_id=8, change_set="c", written_at=NOW.replace(
            tzinfo=dt.UTC))
        session.add(written)
        session.flush()
        session.add(ImportedRecords(
            import_id=written.id, record_type="x.x", first_id=1, last_id=2))
        session.commit()
        session.delete(written)
        session.commit()
        assert session.scalar(select(func.count()).select_from(ImportedRecords)) == 0


def test_the_way_back_leaves_the_jobs(engine, move):
    move("core_0012")
    move("core_0011", down=True)
    assert not TABLES.intersection(inspect(engine).get_table_names())
    with Session(engine) as session:
        assert session.scalars(select(Job.id)).all() == [7]
