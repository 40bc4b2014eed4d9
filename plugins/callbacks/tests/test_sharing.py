"""Callbacks are shared out fairly, within the quota of the day, and each says why."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import select

from app.customers.models import ServiceTier
from app.jobs.models import OutboxRow
from app.people.models import ShareOutEntry
from app.records.undo import undo
from app.sdk.models import Team
from app.sdk.people import last_served
from app.sdk.services import SYSTEM, Place, act, create, update, utcnow, write
from app.settings.services import save_settings
from plugins.callbacks import sharing
from plugins.callbacks.models import Task
from plugins.callbacks.services import due_tasks
from plugins.callbacks.settings import SETTINGS
from plugins.callbacks.tests.helpers import customer, planned

DAY = dt.timedelta(days=1)


def team_of(house):
    """Return the team of the agent."""
    return house.session.get(Team, house.actor("agent").team_id)


def unowned(house, number: int = 1, **values) -> list[Task]:
    """Return callbacks of the agent's team that belong to nobody."""
    values.setdefault("customer_id", customer(house).id)
    team = team_of(house)
    return [create(house.session, SYSTEM, Task, {"subject": f"回访{place}", **values},
                   place=Place(department_id=team.department_id, team_id=team.id))
            for place in range(number)]


def shared(house, name: str | None = None) -> int:
    """Share out; return how many were given."""
    actor = house.actor(name) if name else SYSTEM
    return sharing.give(house.session, actor, sharing.plan(house.session, actor)).number


def test_they_are_spread_evenly_and_say_why(house):
    tasks = unowned(house, 8)
    assert shared(house) == 8
    numbers = Counter(one.owner_id for one in tasks)
    assert None not in numbers and len(numbers) > 1
    assert max(numbers.values()) - min(numbers.values()) <= 1
    page = house.client("supervisor").get(f"/callbacks/show/{tasks[0].id}").text
    assert "Why this person" in page or "分派理由" in page


def test_the_ledger_has_what_was_given_and_nothing_is_given_twice(house):
    tasks = unowned(house, 3)
    assert [shared(house), shared(house)] == [3, 0]
    rows = house.session.scalars(select(ShareOutEntry).where(
        ShareOutEntry.record_type == "callbacks.task")).all()
    assert sum(row.number for row in rows) == 3
    owners = {one.owner_id for one in tasks}
    assert set(last_served(house.session, "callbacks.task", list(owners))) == owners


def test_the_customers_own_agent_goes_first(house):
    agent = house.actor("agent").user_id
    found = customer(house)
    update(house.session, SYSTEM, found, {"owner_id": agent})
    tasks = unowned(house, 4, customer_id=found.id)
    shared(house)
    assert {one.owner_id for one in tasks} == {agent}
    assert tasks[0].assigned_because["text"] == "The customer's own agent"


def tier(house, code: str) -> int:
    """Return the key of a service tier that comes with the product."""
    return house.session.scalar(select(ServiceTier.id).where(ServiceTier.code == code))


def test_a_tier_without_an_own_agent_is_spread_like_the_others(house):
    agent = house.actor("agent").user_id
    found = customer(house, owner_id=agent, tier_id=tier(house, "standard"))
    other = customer(house, owner_id=agent, tier_id=tier(house, "preferred"))
    spread = unowned(house, 8, customer_id=found.id)
    kept = unowned(house, 2, customer_id=other.id)
    shared(house)
    assert len({one.owner_id for one in spread}) > 1
    assert {one.owner_id for one in kept} == {agent}


def test_customers_of_a_higher_tier_come_first(house):
    low, high = (customer(house, tier_id=tier(house, code)) for code in ("preferred", "exclusive"))
    unowned(house, customer_id=customer(house).id, due_until=utcnow() + DAY)
    unowned(house, customer_id=low.id)
    unowned(house, customer_id=high.id)
    [group] = sharing.plan(house.session, SYSTEM)
    assert [one.customer_id for one in group.tasks][:2] == [high.id, low.id]
    agent = house.actor("agent")
    for one in (low, high):
        planned(house, customer_id=one.id)
    [portion] = due_tasks(house.session, agent, utcnow(), Task.owner_id == agent.user_id)
    assert [one.customer_id for one in portion] == [high.id, low.id]


def test_the_page_of_a_callback_shows_the_tier(house):
    task = planned(house, customer_id=customer(house, tier_id=tier(house, "exclusive")).id)
    page = house.client("agent").get(f"/callbacks/show/{task.id}").text
    assert "Exclusive service" in page or "专属服务" in page


def test_the_quota_of_the_day_is_the_limit(house):
    save_settings(house.session, SYSTEM, SETTINGS, {"daily_quota": 1}, 0)
    tasks = unowned(house, 40)
    given = shared(house)
    owners = [one.owner_id for one in tasks if one.owner_id is not None]
    assert 0 < given < 40 and len(set(owners)) == len(owners) == given
    [group] = sharing.plan(house.session, SYSTEM)
    assert {str(one.message) for one in group.choices} == {
        "The quota of everybody who fits is used up."}


def test_what_somebody_has_today_counts_against_the_quota(house):
    save_settings(house.session, SYSTEM, SETTINGS, {"daily_quota": 2}, 0)
    for _ in range(2):
        planned(house)
    unowned(house, 40)
    shared(house)
    agent = house.actor("agent").user_id
    assert len(house.session.scalars(select(Task).where(Task.owner_id == agent)).all()) == 2


@pytest.mark.parametrize("values", [{"due_from": utcnow() + 2 * DAY}, {"skill": "juggling"}])
def test_what_is_not_due_or_nobody_can_do_is_left(house, values):
    [task] = unowned(house, 1, **values)
    assert shared(house) == 0
    assert task.owner_id is None


def test_it_runs_in_working_time_only(house, monkeypatch):
    [task] = unowned(house)
    monkeypatch.setattr(sharing, "default_calendar", lambda _session: type(
        "Closed", (), {"is_working": staticmethod(lambda _now: False)}))
    sharing.share_by_itself(house.session, utcnow())
    assert task.owner_id is None
    monkeypatch.setattr(sharing, "default_calendar", lambda _session: type(
        "Open", (), {"is_working": staticmethod(lambda _now: True)}))
    sharing.share_by_itself(house.session, utcnow())
    assert task.owner_id is not None


def test_the_supervisor_sees_it_beforehand_and_does_it(house):
    [task] = unowned(house)
    client = house.client("supervisor")
    page = client.get("/callbacks/share-out")
    assert page.status_code == 200 and task.number in page.text
    assert task.owner_id is None
    token = page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    assert client.post("/callbacks/share-out/do", data={"csrf_token": token}).status_code == 302
    house.session.expire_all()
    assert task.owner_id is not None
    page = client.get("/callbacks/share-out").text
    assert "data-undo" in page and "data-undo" not in client.get("/callbacks/share-out").text
    key = page.split('name="set" value="', 1)[1].split('"', 1)[0]
    undone = client.post("/callbacks/undo", data={
        "csrf_token": token, "set": key, "next": "/callbacks/share-out"})
    assert undone.location.endswith("/callbacks/share-out")
    house.session.rollback()
    house.session.expire_all()
    assert task.owner_id is None
    assert task.number in client.get("/callbacks/share-out").text


def test_what_is_taken_back_is_taken_out_of_the_ledger(house):
    tasks, boss = unowned(house, 4), house.actor("supervisor")
    given = sharing.give(house.session, boss, sharing.plan(house.session, boss))
    kept = tasks[0]
    act(house.session, boss, kept, "reassign",
        {"owner_id": next(one.owner_id for one in tasks if one.owner_id != kept.owner_id),
         "reason": "请假"})
    undone = undo(house.session, boss, Task, given.change_set)
    assert (undone.count, len(undone.kept)) == (3, 1)
    with write(house.session):
        for row in house.session.scalars(select(OutboxRow).where(
                OutboxRow.subscriber == "callbacks", OutboxRow.event == "on_record_saved")).all():
            sharing.after_undo(house.session, row.payload)
    left = house.session.scalars(select(ShareOutEntry).where(
        ShareOutEntry.record_type == "callbacks.task")).all()
    # What was given and then passed on was given all the same.
    assert sum(row.number for row in left) == 1
    assert last_served(house.session, "callbacks.task", [one.user_id for one in left]).keys() == {
        one.user_id for one in left}


def test_a_callback_given_by_hand_was_never_in_the_ledger(house):
    [task] = unowned(house)
    boss = house.actor("supervisor")
    act(house.session, boss, task, "reassign",
        {"owner_id": house.actor("linna").user_id, "reason": "请假"})
    task.owner_id = None
    payload = {"record_type": "callbacks.task", "record_id": task.id, "fields": ["owner_id"],
               "undoes": {"change_set": "x", "at": utcnow().isoformat()}}
    assert not sharing.after_undo(house.session, payload)
    assert not sharing.after_undo(house.session, {**payload, "undoes": None})
    house.session.rollback()


def test_an_agent_does_not_share_out(house):
    assert house.client("agent").get("/callbacks/share-out").status_code == 403


def test_whoever_gets_it_by_hand_sees_by_whom(house):
    task, other = planned(house), house.actor("linna").user_id
    act(house.session, house.actor("supervisor"), task, "reassign",
        {"owner_id": other, "reason": "请假"})
    assert task.assigned_because["owner"] == other
    assert task.assigned_because["values"]["reason"] == "请假"
    page = house.client("supervisor").get(f"/callbacks/call/task/{task.id}").text
    assert "请假" in page
