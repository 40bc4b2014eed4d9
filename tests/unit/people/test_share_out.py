"""Sharing out: laws that hold for every input, and the speed that a day's work needs."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.share_out import Choice, Reason, Task, Worker, received, share_out

SKILLS = st.frozensets(st.sampled_from(["major", "english"]), max_size=2)
MOMENTS = st.none() | st.datetimes(
    dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 3), timezones=st.just(dt.UTC))
WEIGHTS = st.sampled_from([0.5, 1.0, 2.0, 3.0])
TASKS = st.lists(
    st.builds(dict, skills=SKILLS, language=st.sampled_from(["", "", "en"]),
              own_agent=st.none() | st.integers(1, 8), weight=WEIGHTS), max_size=40,
).map(lambda rows: [Task(key=key, **row) for key, row in enumerate(rows)])
WORKERS = st.lists(
    st.builds(dict, load=st.integers(0, 10).map(float),
              quota=st.none() | st.integers(0, 15).map(float),
              presence=st.sampled_from([0.0, 0.25, 0.5, 1.0]), skills=SKILLS,
              languages=st.sampled_from([frozenset(), frozenset({"en"})]), last_served=MOMENTS),
    max_size=6,
).map(lambda rows: [Worker(user_id=key, **row) for key, row in enumerate(rows, start=1)])


def loads(choices: list[Choice], tasks: list[Task], workers: list[Worker]) -> dict[int, float]:
    got = received(choices, {task.key: task.weight for task in tasks})
    return {one.user_id: one.load + got.get(one.user_id, 0) for one in workers}


@settings(deadline=None)
@given(TASKS, WORKERS)
def test_each_task_gets_one_choice_in_its_order(tasks, workers) -> None:
    assert [choice.task for choice in share_out(tasks, workers)] == [task.key for task in tasks]


@settings(deadline=None)
@given(TASKS, WORKERS)
def test_nobody_gets_what_they_cannot_do_and_no_quota_is_exceeded(tasks, workers) -> None:
    choices, people = share_out(tasks, workers), {one.user_id: one for one in workers}
    for task, choice in zip(tasks, choices, strict=True):
        if choice.user_id is not None:
            person = people[choice.user_id]
            assert person.presence > 0 and person.can_do(task.skills, task.language)
    after = loads(choices, tasks, workers)
    for person in workers:
        if person.room is not None and after[person.user_id] > person.load:
            assert after[person.user_id] <= person.room + 1e-6


@settings(deadline=None)
@given(TASKS, WORKERS)
def test_what_is_left_could_be_given_to_nobody(tasks, workers) -> None:
    choices = share_out(tasks, workers)
    after = loads(choices, tasks, workers)
    for task, choice in zip(tasks, choices, strict=True):
        if choice.user_id is not None:
            continue
        fitting = [one for one in workers
                   if one.presence > 0 and one.can_do(task.skills, task.language)]
        expected = (
            Reason.NOBODY_PRESENT if not any(one.presence > 0 for one in workers)
            else Reason.QUOTA_USED if fitting else Reason.NOBODY_FITS)
        assert choice.reason is expected
        assert all(one.room is not None and after[one.user_id] + task.weight > one.room - 1e-6
                   for one in fitting)


@settings(deadline=None)
@given(TASKS, WORKERS)
def test_the_own_agent_goes_before_everybody_else(tasks, workers) -> None:
    choices, people = share_out(tasks, workers), {one.user_id: one for one in workers}
    given_own = dict.fromkeys(people, 0.0)
    for task, choice in zip(tasks, choices, strict=True):
        agent = people.get(task.own_agent)
        if choice.reason is Reason.OWN_AGENT:
            assert choice.user_id == task.own_agent
            given_own[choice.user_id] += task.weight
        elif agent is not None and agent.presence and agent.can_do(task.skills, task.language):
            # Then the tasks of the agent's own customers have used up the quota.
            assert agent.room is not None
            assert agent.load + given_own[agent.user_id] + task.weight > agent.room - 1e-6


@settings(deadline=None)
@given(TASKS, WORKERS, st.randoms())
def test_the_order_of_the_people_does_not_matter(tasks, workers, random) -> None:
    shuffled = list(workers)
    random.shuffle(shuffled)
    assert share_out(tasks, shuffled) == share_out(tasks, workers)


@settings(deadline=None)
@given(TASKS, WORKERS)
def test_each_choice_is_the_one_that_a_scan_of_everybody_makes(tasks, workers) -> None:
    assert [choice.user_id for choice in share_out(tasks, workers)] == _by_scanning(tasks, workers)


def _by_scanning(tasks: list[Task], workers: list[Worker]) -> list[int | None]:
    """The rules as they are written, without heaps."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    load = {one.user_id: one.load for one in workers}
    moments = sorted({one.last_served or never for one in workers})
    turn = {one.user_id: moments.index(one.last_served or never) - 1000 for one in workers}
    given: dict[object, int | None] = {}
    clock = 0

    def able(task: Task) -> list[Worker]:
        return [one for one in workers
                if one.presence > 0 and one.can_do(task.skills, task.language)
                and (one.room is None or load[one.user_id] + task.weight <= one.room + 1e-9)]

    def take(task: Task, person: Worker) -> None:
        nonlocal clock
        given[task.key] = person.user_id
        load[person.user_id] += task.weight
        turn[person.user_id] = clock = clock + 1

    for task in tasks:
        own = [one for one in able(task) if one.user_id == task.own_agent]
        if own:
            take(task, own[0])
    for task in tasks:
        if task.key in given:
            continue
        found = able(task)
        if not found:
            given[task.key] = None
            continue
        take(task, min(found, key=lambda one: (
            round((load[one.user_id] + task.weight)
                  / (one.presence if one.room is None else one.room), 9),
            turn[one.user_id], one.user_id)))
    return [given[task.key] for task in tasks]


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 6), st.integers(2, 20))
def test_equal_people_differ_by_one_task_at_most(number, people, quota) -> None:
    workers = [Worker(user_id=key, quota=float(quota)) for key in range(people)]
    tasks = [Task(key=key) for key in range(number)]
    after = loads(share_out(tasks, workers), tasks, workers)
    assert max(after.values()) - min(after.values()) <= 1
    assert sum(after.values()) == min(number, people * quota)


def test_half_a_day_gets_half_as_much() -> None:
    workers = [Worker(user_id=1, quota=10.0), Worker(user_id=2, quota=10.0, presence=0.5)]
    tasks = [Task(key=key) for key in range(20)]
    choices = share_out(tasks, workers)
    assert loads(choices, tasks, workers) == {1: 10.0, 2: 5.0}
    assert [choice.reason for choice in choices[15:]] == [Reason.QUOTA_USED] * 5


def test_among_equals_who_was_served_least_recently_goes_first() -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    workers = [Worker(user_id=1, last_served=now), Worker(user_id=2),
               Worker(user_id=3, last_served=now - dt.timedelta(days=1))]
    found = share_out([Task(key=key) for key in range(3)], workers)
    assert [choice.user_id for choice in found] == [2, 3, 1]


@pytest.mark.parametrize("workers, reason, sentence", [
    ([Worker(user_id=1, load=3, quota=15)], Reason.ONLY_ONE,
     "The only one who is present and fits: load 3 of 15"),
    ([Worker(user_id=1, load=3), Worker(user_id=2, load=4)], Reason.LEAST_LOAD, "Least load: 3"),
    ([Worker(user_id=1), Worker(user_id=2)], Reason.LONGEST_WAIT,
     "Load 0 like others, and waited longest"),
    ([Worker(user_id=1, presence=0)], Reason.NOBODY_PRESENT, "Nobody is present."),
    ([Worker(user_id=1, load=15, quota=15)], Reason.QUOTA_USED,
     "The quota of everybody who fits is used up."),
])
def test_a_reason_is_a_sentence(workers, reason, sentence) -> None:
    [choice] = share_out([Task(key="a")], workers)
    assert choice.reason is reason and str(choice.message) == sentence


def test_weights_are_more_than_nothing_and_keys_unique() -> None:
    with pytest.raises(ValueError):
        Task(key=1, weight=0)
    with pytest.raises(ValueError):
        share_out([Task(key=1), Task(key=1)], [])
    with pytest.raises(ValueError):
        share_out([], [Worker(user_id=1), Worker(user_id=1)])


def test_a_hundred_thousand_tasks_for_two_hundred_people_take_under_ten_seconds() -> None:
    skills = [frozenset(), frozenset({"major"}), frozenset({"english"})]
    workers = [
        Worker(user_id=key, quota=600.0, presence=0.5 if key % 7 == 0 else 1.0,
               skills=frozenset({"major", "english"}) if key % 3 == 0 else frozenset())
        for key in range(200)]
    tasks = [
        Task(key=key, skills=skills[key % 20] if key % 20 < 3 else skills[0],
             own_agent=key % 200 if key % 4 == 0 else None, weight=(1.0, 0.5)[key % 2])
        for key in range(100_000)]
    start = time.process_time()
    choices = share_out(tasks, workers)
    taken = time.process_time() - start
    assert all(choice.user_id is not None for choice in choices)
    assert taken < 10, taken
