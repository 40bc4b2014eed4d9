"""Schedules with a time of day: one run for each due moment, missed ones as declared."""

from __future__ import annotations

import datetime as dt
import threading
import zoneinfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import write
from app.deadlines.calendar_store import ensure_default_calendar, office_days, set_day
from app.jobs import schedules
from app.jobs.due_moments import OfficeDays
from app.jobs.kinds import Schedule
from app.jobs.models import ScheduleRow, WorkerRow

pytestmark = pytest.mark.both_databases


DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
# Thursday, 1 October 2026 is a holiday in China; 02:00 in Shanghai is 18:00 UTC of the day before.
START = dt.datetime(2026, 9, 28, 12, 0, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 9, 28, 18, 0, tzinfo=dt.UTC)
OFFICE = OfficeDays(zoneinfo.ZoneInfo("Asia/Shanghai"))


class _Work:
    """Remembers the moments it was run for; fails as often as asked."""

    def __init__(self, failures: int = 0, **declared: object) -> None:
        self.due: list[dt.datetime] = []
        self.failures = failures
        self.schedule = Schedule(name="test.due", at="02:00", run=self, **declared)

    def __call__(self, _session: Session, due: dt.datetime, now: dt.datetime) -> None:
        assert due <= now
        if self.failures:
            self.failures -= 1
            raise ValueError("not now")
        self.due.append(due)


def _row(session: Session) -> ScheduleRow:
    return session.scalars(select(ScheduleRow).execution_options(populate_existing=True)).one()


def _run_until(
    session: Session, work: _Work, now: dt.datetime, office: OfficeDays = OFFICE
) -> None:
    while schedules.due(session, now):
        schedules.run_schedule(session, work.schedule, "w1", now, office)


def test_it_waits_for_its_time(session: Session) -> None:
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    assert schedules.due(session, FIRST - MINUTE) == set()
    _run_until(session, work, FIRST)
    assert work.due == [FIRST]
    assert schedules.due(session, FIRST + DAY - MINUTE) == set()
    assert _row(session).last_due_at == FIRST and _row(session).next_run_at == FIRST + DAY


def test_each_missed_moment_gets_its_run(session: Session) -> None:
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    _run_until(session, work, FIRST + 3 * DAY + 5 * MINUTE)
    assert work.due == [FIRST + number * DAY for number in range(4)]


def test_only_the_latest_missed_moment_is_run_where_declared(session: Session) -> None:
    work = _Work(catch_up=False)
    schedules.prepare(session, [work.schedule], START, OFFICE)
    _run_until(session, work, FIRST + 3 * DAY + 5 * MINUTE)
    assert work.due == [FIRST + 3 * DAY]
    assert _row(session).next_run_at == FIRST + 4 * DAY


def test_working_days_follow_the_default_calendar_as_it_is_on_the_day(session: Session) -> None:
    ensure_default_calendar(session)
    work = _Work(days="working")
    schedules.prepare(session, [work.schedule], START, office_days(session, "Asia/Shanghai"))
    # Made known after the row was prepared: the 29th is closed, the holiday of the 1st is worked.
    set_day(session, "china", dt.date(2026, 9, 29), [])
    set_day(session, "china", dt.date(2026, 10, 1), ["09:00-12:00"])
    end = dt.datetime(2026, 10, 3, 0, 0, tzinfo=dt.UTC)
    _run_until(session, work, end, office_days(session, "Asia/Shanghai"))
    assert [(due + dt.timedelta(hours=8)).date().isoformat() for due in work.due] == [
        "2026-09-30", "2026-10-01"]


def test_without_a_calendar_monday_to_friday_are_working_days(session: Session) -> None:
    office = office_days(session, "Asia/Shanghai")
    assert [office.is_working_day(dt.date(2026, 10, day)) for day in (1, 2, 3, 4)] == [
        True, True, False, False]


def test_a_failed_run_is_tried_again_for_the_same_moment(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    work = _Work(failures=2)
    schedules.prepare(session, [work.schedule], START, OFFICE)
    schedules.run_schedule(session, work.schedule, "w1", FIRST, OFFICE)
    row = _row(session)
    assert row.last_error == "ValueError: not now" and row.due_at == FIRST
    assert row.next_run_at > FIRST
    with write(session):
        row.next_run_at = FIRST
    schedules.run_schedule(session, work.schedule, "w1", FIRST + 5 * MINUTE, OFFICE)
    with write(session):
        _row(session).next_run_at = FIRST
    schedules.run_schedule(session, work.schedule, "w1", FIRST + 20 * MINUTE, OFFICE)
    assert work.due == [FIRST]
    assert _row(session).attempts == 0 and _row(session).last_error is None


def test_a_moment_that_always_fails_is_given_up(session: Session) -> None:
    work = _Work(failures=99)
    schedules.prepare(session, [work.schedule], START, OFFICE)
    for _attempt in range(len(schedules.PAUSES) + 1):
        with write(session):
            _row(session).next_run_at = FIRST
        schedules.run_schedule(session, work.schedule, "w1", FIRST, OFFICE)
    row = _row(session)
    assert row.due_at == FIRST + DAY and row.last_due_at == FIRST
    assert work.failures == 99 - len(schedules.PAUSES) - 1


def test_several_workers_run_each_moment_once(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    now, barrier = FIRST + 3 * DAY, threading.Barrier(4)
    with write(session):
        session.add_all(WorkerRow(id=f"w{n}", host="", pid=n, seen_at=now) for n in range(4))

    def run(worker: str) -> None:
        with sessions() as own:
            for _turn in range(8):
                barrier.wait()
                schedules.run_schedule(own, work.schedule, worker, now, OFFICE)

    threads = [threading.Thread(target=run, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.due == [FIRST + number * DAY for number in range(4)]


def test_another_time_of_day_is_followed_at_the_next_start(session: Session) -> None:
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    later = Schedule(name="test.due", at="03:00", run=work)
    schedules.prepare(session, [later], START + MINUTE, OFFICE)
    assert _row(session).next_run_at == FIRST + dt.timedelta(hours=1)


def test_a_moment_missed_before_the_time_was_changed_keeps_its_run(session: Session) -> None:
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    later = Schedule(name="test.due", at="01:00", run=work)
    schedules.prepare(session, [later], FIRST + MINUTE, OFFICE)
    assert schedules.due(session, FIRST + MINUTE) == {"test.due"}


def test_what_ran_at_an_interval_may_turn_to_a_time_of_day(session: Session) -> None:
    schedules.prepare(
        session, [Schedule(name="test.due", every_seconds=60, run=print)], START, OFFICE)
    work = _Work()
    schedules.prepare(session, [work.schedule], START, OFFICE)
    _run_until(session, work, FIRST)
    assert work.due == [FIRST]


@pytest.mark.parametrize("declared", [
    {}, {"every_seconds": 60, "at": "02:00"}, {"every_seconds": 0}, {"at": "2 o'clock"},
    {"at": "02:00", "days": "someday"},
])
def test_a_malformed_declaration_is_refused(declared: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Schedule(name="test.due", run=print, **declared)
