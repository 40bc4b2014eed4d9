"""``flask jobs list``: what waits, what runs, and whether anybody does the work."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.access.actor import SYSTEM
from app.database import db, write
from app.jobs.models import WorkerRow
from app.jobs.services import cancel, enqueue


@pytest.fixture
def job_id(app: Flask) -> int:
    with app.app_context():
        return enqueue(
            db.session, SYSTEM, "test.kind", {}, title="Import of %(file)s",
            title_values={"file": "a.csv"},
        ).id


def test_jobs_are_listed(app: Flask, job_id: int) -> None:
    shown = app.test_cli_runner().invoke(args=["jobs", "list"])
    assert shown.exit_code == 0, shown.output
    assert "queued" in shown.output
    assert "Import of a.csv" in shown.output
    assert "No worker is alive" in shown.output


def test_a_living_worker_is_told(app: Flask) -> None:
    with app.app_context(), write(db.session):
        db.session.add(WorkerRow(id="w1", host="", pid=1))
    assert "A worker is alive." in app.test_cli_runner().invoke(args=["jobs", "list"]).output


def test_one_object_a_line_for_programs(app: Flask, job_id: int) -> None:
    with app.app_context():
        cancel(db.session, SYSTEM, job_id)
    runner = app.test_cli_runner()
    shown = runner.invoke(args=["jobs", "list", "--json", "--state", "cancelled"])
    assert [json.loads(line)["id"] for line in shown.output.splitlines()] == [job_id]
    assert runner.invoke(args=["jobs", "list", "--json", "--state", "queued"]).output == ""
