"""Tabs above the list and columns of the board are counted from what is held."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from sqlalchemy import func, or_, select

from app.access.scope import scope_filter
from app.metrics import rebuilding
from app.metrics.counted_lists import OF_PERSON, ListCondition, counted_list
from app.metrics.folding import fold
from app.metrics.list_counts import list_counts
from app.metrics.people import sees_alone
from app.people.clock import local_today, local_zone
from app.records.services import update
from app.sdk.services import write
from plugins.complaints.choices import SEVERITIES
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import (
    assessed,
    assigned,
    department,
    fed_back,
    proposed,
    put,
    registered,
    step,
)

LIST, COUNTS = "/complaints/list/", "/complaints/views/counts"
PEOPLE = ("admin", "supervisor", "agent", "mengdie", "fengtao", "leader")
OPEN, CLOSED = (ListCondition("is_open", "is", frozenset({one})) for one in ("true", "false"))


@pytest.fixture
def work(house):
    """Complaints of every kind: of groups, of people outside their groups, in the bin."""
    for make in (registered, assessed, assigned, proposed, fed_back):
        make(house)
    withdrawn = step(house, assigned(house, product="车贷"), "mengdie", "withdraw",
                     withdrawal_reason="已自行解决")
    stray = registered(house)
    for one, owner in ((withdrawn, "supervisor"), (stray, "fengtao")):
        put(house, one, owner_id=house.actor(owner).user_id, team_id=None, department_id=None,
            handler_id=None, responsible_department_id=None)
    alone = {"owner_id": house.actor("supervisor").user_id, "team_id": None, "department_id": None,
             "handler_id": None, "responsible_department_id": None}
    for place in ({}, alone):
        old = step(house, assigned(house), "mengdie", "withdraw", withdrawal_reason="已自行解决")
        put(house, old, received_at=old.received_at - dt.timedelta(days=31),
            closed_at=old.closed_at - dt.timedelta(days=31), **place)
    with write(house.session):
        registered(house).deleted_at = func.now()
    rebuilding.rebuild(house.session)
    return house


def lists(house, actor) -> list[list[ListCondition]]:
    """Return filters as tabs, boards and people have them."""
    collect = str(department(house, "COLLECT"))
    own = str(house.actor("agent").user_id)
    mine = ListCondition("", OF_PERSON, frozenset({str(actor.user_id)}))
    narrowed = [
        ListCondition("state", "in", frozenset({"registered"})),
        ListCondition("state", "in", frozenset({"proposed", "assigned"})),
        ListCondition("responsible_department_id", "in", frozenset({collect})),
        ListCondition("department_id", "in", frozenset()),
        ListCondition("owner_id", "in", frozenset({own})),
        ListCondition("owner_id", "empty"),
        ListCondition("product", "in", frozenset({"车贷"})),
    ] + [ListCondition("severity", "in", frozenset({name})) for name, _ in SEVERITIES]
    today = local_today()
    begin = today.replace(day=1)
    end = (begin + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    before = begin - dt.timedelta(days=1)
    this_month = frozenset({begin.isoformat(), end.isoformat()})
    since_last = frozenset({before.replace(day=1).isoformat(), end.isoformat()})
    last_month = frozenset({before.replace(day=1).isoformat(), before.isoformat()})
    by_month = [ListCondition(column, "months", months)
                for column in ("received_at", "closed_at", "resolved_at", "due_at")
                for months in (this_month, last_month, since_last)]
    led = ListCondition("responsible_department_id", "in", frozenset({collect}))
    return [[], [OPEN], [CLOSED], [mine], [OPEN, mine], [narrowed[1], led],
            [OPEN, narrowed[0], led], *([one] for one in by_month),
            *([flag, one, led] for one in by_month for flag in (OPEN, CLOSED)),
            *([OPEN, one] for one in by_month[-3:]), [by_month[0], narrowed[0]],
            [CLOSED, by_month[3]], [CLOSED, by_month[5], narrowed[3]], [mine, by_month[0]],
            [by_month[0], by_month[3]], [ListCondition("received_at", "filled"), by_month[2]],
            *([*flag, one] for flag, one in itertools.product(
                ([], [OPEN], [CLOSED]), narrowed))]


def counted(house, actor, conditions: list[ListCondition]) -> int:
    """Count from the records what a list has."""
    clauses = [scope_filter(actor, Complaint), Complaint.deleted_at.is_(None)]
    for one in conditions:
        if one.operator == OF_PERSON:
            [key] = one.values
            clauses.append(or_(Complaint.owner_id == int(key), Complaint.handler_id == int(key)))
            continue
        column = getattr(Complaint, one.column)
        if one.operator == "months":
            first, last = map(dt.date.fromisoformat, sorted(one.values))
            low, high = (dt.datetime.combine(day, dt.time(), local_zone())
                         for day in (first, last + dt.timedelta(days=1)))
            clauses += [column >= low, column < high]
            continue
        kind = column.type.python_type
        values = [kind(value) if kind is not bool else value == "true" for value in one.values]
        clauses.append(column.is_(None) if one.operator == "empty"
                       else column.is_not(None) if one.operator == "filled"
                       else column.in_(values))
    return house.session.scalar(select(func.count()).select_from(Complaint).where(*clauses))


@pytest.mark.both_databases
def test_what_is_held_is_what_the_records_say(work):
    for name, cap in itertools.product(PEOPLE, (None, 1, 3)):
        actor = work.actor(name)
        every = lists(work, actor)
        found = list_counts(work.session, actor, Complaint, every, cap)
        for conditions, number in zip(every, found, strict=True):
            right = counted(work, actor, conditions)
            if number is None:
                continue
            if cap is None or right <= cap:
                assert number == right, (name, cap, conditions)
            else:
                assert number > cap, (name, cap, conditions)
    admin = work.actor("admin")
    every = lists(work, admin)
    held = [number for number in list_counts(work.session, admin, Complaint, every, None)
            if number is not None]
    assert len(held) > len(every) / 2 and any(held)
    everybody = list_counts(work.session, work.actor("mengdie"), Complaint, [
        [OPEN, ListCondition("", OF_PERSON, frozenset({str(admin.user_id)}))]], None)
    # What others work on may be out of sight.
    assert everybody == [None]


@pytest.mark.both_databases
def test_changes_that_nobody_has_added_up_count(work):
    actor = work.actor("supervisor")
    before = list_counts(work.session, actor, Complaint, [[OPEN]], None)
    registered(work)
    [after] = list_counts(work.session, actor, Complaint, [[OPEN]], None)
    assert [after] == [number + 1 for number in before]
    fold(work.session)
    assert list_counts(work.session, actor, Complaint, [[OPEN]], None) == [after]


@pytest.mark.both_databases
def test_who_sees_nothing_alone_reads_no_records(house):
    mine = registered(house, "supervisor")
    rebuilding.rebuild(house.session)
    actor = house.actor("supervisor")

    def asked() -> tuple[int | None, bool]:
        house.session.rollback()
        found: list[int | None] = []
        sqls = house.statements_of(lambda: found.extend(
            list_counts(house.session, actor, Complaint, [[OPEN]], None)))
        return found[0], any("FROM complaints_complaint" in sql for sql, _ in sqls)

    assert sees_alone(house.session, actor, Complaint) is False and asked() == (1, False)
    # Its owner keeps it, and no group of theirs does.
    update(house.session, house.actor("admin"), mine, {"team_id": None, "department_id": None},
           mine.version)
    assert asked() == (1, True)
    fold(house.session)
    assert asked() == (1, True)


def test_a_list_that_no_measure_counts_is_not_held(work):
    late = ListCondition("proposer_id", "filled")
    both = [OPEN, ListCondition("product", "in", frozenset({"车贷"})),
            ListCondition("severity", "in", frozenset({"serious"}))]
    assert counted_list(Complaint, [OPEN, late], None) is None
    assert counted_list(Complaint, both, None) is None
    [nothing] = list_counts(work.session, work.actor("admin"), Complaint, [both], 1000)
    assert nothing is None


def test_columns_of_the_board_count_no_records(work):
    """Only what a person alone sees is counted from them."""
    for name, address in itertools.product(("admin", "supervisor"), (
            f"{LIST}?mode=board", f"{LIST}?mode=board&all=1")):
        counting = counted_from_records(work, name, address)
        people = [sql for sql in counting if "UNION ALL" in sql]
        assert counting == people and len(people) == (0 if name == "admin" else 1), name


def test_of_the_tabs_only_what_moves_with_the_clock_is_counted_from_records(house):
    registered(house)
    rebuilding.rebuild(house.session)
    for name in ("admin", "supervisor", "agent"):
        [sql] = counted_from_records(house, name, f"{COUNTS}?is_open__is=true")
        # Overdue: no record changes when its time has come.
        assert sql.count("SELECT count(*)") == 1 and "due_at <" in sql, name


@pytest.mark.parametrize(("days", "is_held"), [
    ("received_at__period=last_month", True),
    ("received_at__between=2026-09-01&received_at__between=2026-10-31", True),
    ("received_at__between=2026-10-31&received_at__between=2026-10-01", True),
    ("received_at__between=2026-10-02&received_at__between=2026-10-31", False),
    ("received_at__between=2026-10-01&received_at__between=2026-10-30", False),
    ("received_at__on=2026-10-01", False),
    ("received_at__period=overdue", False),
    ("received_at__after=2026-10-31", False),
    # No measure counts by this day.
    ("due_at__period=last_month", False),
])
def test_whole_months_are_held_and_single_days_are_not(house, days, is_held):
    registered(house)
    rebuilding.rebuild(house.session)
    counting = counted_from_records(house, "admin", f"{LIST}?{days}&exact=1")
    assert bool(counting) is not is_held


def counted_from_records(house, name: str, address: str) -> list[str]:
    """Return the statements by which a page counts complaints, when it is opened again."""
    client = house.client(name)
    client.get(address)
    return [sql for sql, _ in house.statements_of(lambda: client.get(address))
            if re.search(r"count\(\*\).*FROM complaints_complaint", sql, re.DOTALL)]
