"""Migrations bring an empty database to exactly what the models say."""

from __future__ import annotations

import dataclasses

import pytest
from alembic import command
from huey import MemoryHuey
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

import app.models
from app.database import Base, utcnow
from app.host import migrations
from app.host.database_state import database_faults
from app.host.manifest import Manifest, read_manifest
from app.jobs import schedules
from app.jobs.queue import JobQueue
from app.jobs.recovery import recover
from config import ROOT
from plugins.complaints.models import Complaint
from tests.integration.host.written_plugins import write

pytestmark = pytest.mark.both_databases


def test_upgrade_from_nothing_leaves_no_difference_to_the_models(empty_engine):
    assert migrations.upgrade(empty_engine, ROOT, []) == ["core"]
    assert migrations.differences(empty_engine, None) == []
    assert inspect(empty_engine).has_table("records_search")
    assert app.models


def test_a_second_upgrade_does_nothing(empty_engine):
    migrations.upgrade(empty_engine, ROOT, [])
    assert migrations.upgrade(empty_engine, ROOT, []) == []


def test_jobs_and_schedules_of_the_version_before_are_carried_over(empty_engine):
    """What was running when the version changed is found again: nobody renews its lease."""
    with empty_engine.connect() as connection:
        command.upgrade(migrations._config(ROOT, None, connection), "core_0001")
        connection.commit()
    with empty_engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO jobs_job (kind, title, title_values, args, state, done, error_values,"
            " attempt, crashes, created_at, sent_at, worker_id) VALUES ('k', 't', '{}', '{}',"
            " 'running', 0, '{}', 1, 0, '2026-01-01', '2026-01-01', 'gone')"))
        connection.execute(text(
            "INSERT INTO jobs_schedule (name, next_run_at, worker_id)"
            " VALUES ('s', '2026-01-01', 'gone')"))
    migrations.upgrade(empty_engine, ROOT, [])
    with Session(empty_engine) as session:
        assert schedules.due(session, utcnow()) == {"s"}
        assert recover(session, JobQueue(MemoryHuey), utcnow()).requeued == 1


def test_what_is_pending_says_whether_processes_may_run_on(empty_engine):
    # Nothing runs on an empty database.
    assert {why for _, why in migrations.pending(empty_engine, ROOT, [])} == {""}
    with empty_engine.connect() as connection:
        command.upgrade(migrations._config(ROOT, None, connection), "core_0007")
        connection.commit()
    found = migrations.pending(empty_engine, ROOT, [])
    assert found[:2] == [
        ("core_0008", "The post of a person becomes a record of its own."), ("core_0009", "")]
    migrations.upgrade(empty_engine, ROOT, [])
    assert migrations.pending(empty_engine, ROOT, []) == []


@pytest.fixture
def complaints() -> Manifest:
    """The manifest of a plugin whose models are known."""
    assert Complaint.__tablename__
    return read_manifest(ROOT / "plugins" / "complaints", "plugins.complaints")


def lacks(engine, manifest) -> list[str]:
    return [fault.values["missing"] for fault in database_faults(engine, [manifest])]


def test_before_the_first_deployment_no_plugin_is_behind(empty_engine, complaints):
    assert lacks(empty_engine, complaints) == []


def test_a_plugin_is_behind_until_its_tables_are_there(empty_engine, complaints):
    migrations.upgrade(empty_engine, ROOT, [])
    assert lacks(empty_engine, complaints) == ["complaints_category"]
    migrations.upgrade(empty_engine, ROOT, [complaints])
    assert lacks(empty_engine, complaints) == []


@pytest.mark.parametrize(("statement", "missing"), [
    ("ALTER TABLE complaints_category DROP COLUMN colour", "complaints_category.colour"),
    ("UPDATE complaints_alembic_version SET version_num = 'newer_than_this'", None),
    ("DROP TABLE complaints_alembic_version", None),
    ("DELETE FROM complaints_alembic_version", "the newest migration"),
], ids=["column", "newer", "made without a history", "no version"])
def test_what_the_database_lacks_is_named(empty_engine, complaints, statement, missing):
    migrations.upgrade(empty_engine, ROOT, [complaints])
    with empty_engine.begin() as connection:
        connection.execute(text(statement))
    if missing == "the newest migration":
        newest = max(path.stem for path in (complaints.path / "migrations").glob("complaints_*.py"))
        missing = "_".join(newest.split("_")[:2])
    assert lacks(empty_engine, complaints) == ([missing] if missing else [])


def test_a_migration_that_fails_is_taken_back_and_stops_nobody(
    empty_engine, complaints, tmp_path
):
    broken = write(tmp_path / "failing_plugins", "failing", migration='raise ValueError("half")')
    failing = read_manifest(broken, "failing_plugins.failing")
    needs = dataclasses.replace(failing, name="needs", requires=("failing",))
    faults = []
    moved = migrations.upgrade(empty_engine, ROOT, [failing, needs, complaints], faults.append)
    assert moved == ["core", "complaints"]
    assert [(fault.plugin, fault.stage) for fault in faults] == [
        ("failing", "migration"), ("needs", "requirement"),
    ]
    assert faults[0].detail.endswith("half (migrations/failing_0001_first.py, line 15)")
    assert not inspect(empty_engine).has_table("failing_thing")
    if empty_engine.dialect.name == "sqlite":
        # The connection went back to the pool with its references enforced.
        with empty_engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(ValueError, match="half"):
        migrations.upgrade(empty_engine, ROOT, [failing])


def test_every_table_of_the_core_belongs_to_the_history_of_the_core():
    # Tables that no history owns are in no comparison: they are missed on a new machine only.
    folders = {mapper.class_.__module__.partition(".models")[0]: mapper.local_table.name
               for mapper in Base.registry.mappers
               if mapper.class_.__module__.startswith("app.")}
    assert "app.settings" in folders
    assert {name for name in folders.values() if not migrations.owns(name, None)} == set()


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_references_are_enforced_again_after_an_upgrade(empty_engine):
    for moved in (["core"], []):
        assert migrations.upgrade(empty_engine, ROOT, []) == moved
        with empty_engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 0
