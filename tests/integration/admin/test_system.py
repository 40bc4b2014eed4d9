"""The page of system health: it says what is wrong, and only to administrators."""

from __future__ import annotations

import datetime as dt

from flask_babel import force_locale
from sqlalchemy import delete

from app.access import versioned_cache
from app.access.services import invalidate_rights
from app.admin import system
from app.admin.schedules import timing_text
from app.admin.system import health_checks
from app.database import utcnow, write
from app.host.faults import PluginFault
from app.host.host import current_host
from app.jobs.hidden_rows import HELD_FROM
from app.jobs.kinds import Schedule
from app.jobs.models import OutboxRow, ScheduleRow, WorkerRow
from app.web.formats import write_datetime


def states(house) -> dict[str, str]:
    with house.app.test_request_context():
        return {check.label: check.state.value for check in health_checks(utcnow())}


def test_every_part_turns_from_broken_to_well_and_back(house, desk):
    now = utcnow()
    with write(house.session):
        # The template of the database may have been filled an hour ago, with events of its own.
        house.session.execute(delete(OutboxRow))
    found = states(house)
    labels = list(found)
    assert len(labels) == 10
    _database, worker, queue, outbox, sweep, schedules, _disk, plugins, places, decisions = labels
    assert (found[places], found[decisions]) == ("good", "good")
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


def event(number: int, **values) -> OutboxRow:
    return OutboxRow(event_id=f"e{number}", event="on_x", payload={}, subscriber="s", **values)


def outbox(house) -> str:
    """Return what is said of the events."""
    with house.app.test_request_context(), force_locale("en"):
        [check] = [one for one in health_checks(utcnow()) if one.label == "Outbox"]
    return check.text


def test_events_are_counted_no_further_than_matters(house, monkeypatch):
    monkeypatch.setattr(system, "_MOST_EVENTS", 2)
    now = utcnow()
    with write(house.session):
        house.session.execute(delete(OutboxRow))
        house.session.add_all([
            event(0, next_try_at=now), event(1, next_try_at=now), event(2, done_at=now),
            event(3), event(4, next_try_at=HELD_FROM)])
    assert outbox(house) == "2 waiting, 1 given up"
    with write(house.session):
        house.session.add_all([
            event(5, next_try_at=now), event(6), event(7), event(8, next_try_at=now)])
    assert outbox(house) == "2+ waiting, 2+ given up"


def test_home_counts_over_all_records_once_a_minute(house, desk, monkeypatch):
    counted = []
    monkeypatch.setattr(system, "stuck_records", lambda session: counted.append(1) or [])
    client, now = desk("admin"), utcnow()
    later = iter([now + dt.timedelta(seconds=59), now + dt.timedelta(seconds=61)])
    for wanted in (1, 1, 2):
        client.get("/?cards=all")
        assert len(counted) == wanted
        moment = next(later, now)
        monkeypatch.setattr(versioned_cache, "utcnow", lambda moment=moment: moment)
    # The page itself says how it is now.
    client.get("/system/")
    assert len(counted) == 3
    with write(house.session):
        invalidate_rights(house.session)
    client.get("/?cards=all")
    assert len(counted) == 4


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


def test_the_page_of_schedules_says_when_each_runs_next_and_ran_last(house, desk):
    now = utcnow()
    due = dt.datetime(2026, 3, 1, 19, 20, tzinfo=dt.UTC)
    with write(house.session):
        house.session.add_all([
            ScheduleRow(name="jobs.outbox", next_run_at=now, last_started_at=now,
                        last_finished_at=now),
            ScheduleRow(name="notices.forget", next_run_at=due + dt.timedelta(days=4000),
                        due_at=due + dt.timedelta(days=4000), last_started_at=due,
                        last_finished_at=due, last_due_at=due, last_error="Out of order."),
        ])
    admin = desk("admin")
    page = admin.get("/system/schedules").text
    assert "Delete old notices" in page and "daily at 03:20" in page and "Out of order." in page
    with house.app.test_request_context(), force_locale("en"):
        moment = write_datetime(due)
    assert "every 5 seconds" in page and f"for {moment}" in page and "03:20" in moment
    assert 'href="/system/schedules"' in admin.get("/system/").text
    assert desk("agent").get("/system/schedules").status_code in (302, 403, 404)


def test_schedules_are_described_in_words(house):
    def timing(**declared: object) -> str:
        return timing_text(Schedule(name="x", run=print, **declared))

    with house.app.test_request_context(), force_locale("en"):
        assert timing(every_seconds=60) == "every minute"
        assert timing(every_seconds=7200) == "every 2 hours"
        assert timing(at="02:00", days="working") == "on working days at 02:00"
        assert timing(at="02:00", days="mon-wed") == "Mon, Tue, Wed at 02:00"
        assert timing(at="02:00", days="1,31") == (
            "on day 1 of the month, on the last day of the month at 02:00")
