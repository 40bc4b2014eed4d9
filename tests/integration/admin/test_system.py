"""The page of system health: it says what is wrong, and only to administrators."""

from __future__ import annotations

import datetime as dt

from app.admin.system import health_checks
from app.database import utcnow, write
from app.host.faults import PluginFault
from app.host.host import current_host
from app.jobs.models import OutboxRow, ScheduleRow, WorkerRow


def states(house) -> dict[str, str]:
    with house.app.test_request_context():
        return {check.label: check.state.value for check in health_checks(utcnow())}


def test_every_part_turns_from_broken_to_well_and_back(house, desk):
    now = utcnow()
    found = states(house)
    labels = list(found)
    assert len(labels) == 9
    _database, worker, queue, outbox, sweep, schedules, _disk, plugins, places = labels
    assert found[places] == "good"
    assert (found[worker], found[sweep], found[outbox], found[plugins], found[schedules]) == (
        "bad", "bad", "good", "good", "good")
    with write(house.session):
        house.session.add_all([
            WorkerRow(id="w", host="h", pid=1, seen_at=now),
            ScheduleRow(name="deadlines.sweep", next_run_at=now, last_finished_at=now),
            OutboxRow(event_id="e", event="on_x", payload={}, subscriber="s",
                      created_at=now - dt.timedelta(hours=1), next_try_at=now),
        ])
    current_host().faults.append(PluginFault("lost", "import", "Gone."))
    found = states(house)
    assert (found[worker], found[sweep], found[outbox], found[plugins], found[queue]) == (
        "good", "good", "warn", "bad", "good")
    page = desk("admin").get("/system/").text
    assert "In quarantine: lost" in page and ("SQLite" in page or "PostgreSQL" in page)


def test_a_schedule_that_should_have_run_long_ago_is_named(house, desk):
    now = utcnow()
    with write(house.session):
        house.session.add_all([
            ScheduleRow(name="jobs.recover", next_run_at=now - dt.timedelta(minutes=6)),
            # Of a plugin that was removed: nothing will ever run it.
            ScheduleRow(name="gone.sweep", next_run_at=now - dt.timedelta(days=6)),
            # Once a day: ten minutes are not late.
            ScheduleRow(name="jobs.purge", next_run_at=now - dt.timedelta(minutes=10)),
        ])
    page = desk("admin").get("/system/").text
    assert "Overdue: jobs.recover" in page
    assert "gone.sweep" not in page and "jobs.purge" not in page
    with write(house.session):
        house.session.get(ScheduleRow, "jobs.recover").next_run_at = now
    assert "All of them run in time." in desk("admin").get("/system/").text


def test_for_administrators_only(desk):
    assert desk("supervisor").get("/system/").status_code == 403
