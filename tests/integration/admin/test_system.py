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
    assert len(labels) == 7
    _database, worker, queue, outbox, sweep, _disk, plugins = labels
    assert (found[worker], found[sweep], found[outbox], found[plugins]) == (
        "bad", "bad", "good", "good")
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


def test_for_administrators_only(desk):
    assert desk("supervisor").get("/system/").status_code == 403
