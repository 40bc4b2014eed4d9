"""Many changes at once are the same, and refused for the same, as each made by itself."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.models import Customer, Vehicle
from app.database import acting_at, write
from app.errors import CarelineError
from app.i18n import Message
from app.records.bulk import BulkFieldChange, RecordResult, run
from app.records.operations import Operations, operations_of
from app.records.record_operations import are_changed_together
from app.records.services import change_many, create, delete, update
from app.sdk.records import act
from app.sdk.services import utcnow
from plugins.callbacks.models import Task
from plugins.callbacks.tests.helpers import customer, planned
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.integration.records.comparing import everything, give_keys_back, numbers_given_back

__all__ = ["numbers_given_back"]

MOMENT = dt.datetime(2026, 5, 6, 7, 8, 9, tzinfo=dt.UTC)


class _TakenBackError(Exception):
    pass


def one_by_one(session, actor, model, asked):
    return Operations._change_many(operations_of(model), session, actor, asked, "reason")


def at_once(session, actor, model, asked):
    return change_many(session, actor, model, asked, "reason")


def told(outcome: Any) -> str:
    if isinstance(outcome, CarelineError):
        errors = getattr(outcome, "errors", {})
        return f"{type(outcome).__name__} {outcome} {sorted(errors)}"
    return repr(sorted(outcome.items()))


def tried(session, actor, asked, how):
    """Return outcomes and all that the database holds then; nothing of it stays."""
    found: list[Any] = []
    model = type(asked[0][0])
    give_keys_back(session)
    with contextlib.suppress(_TakenBackError), acting_at(MOMENT), write(session):
        outcomes = how(session, actor, model, asked)
        session.flush()
        found += [list(map(told, outcomes)), everything(session)]
        raise _TakenBackError
    session.expire_all()
    return found


def compared(session, actor, asked):
    """Change records in both ways, and return the outcomes, which must be the same."""
    alone = tried(session, actor, asked, one_by_one)
    together = tried(session, actor, asked, at_once)
    assert together[0] == alone[0]
    for name, there in alone[1].items():
        assert together[1][name] == there, name
    return alone[0]


def refused(outcomes) -> list[str]:
    return ["" if one.startswith("[") else one.split()[0] for one in outcomes]


@pytest.fixture
def tasks(house) -> list[Task]:
    return [planned(house, subject=f"回访{place}") for place in range(12)]


def test_what_people_change_of_callbacks(house, tasks):
    session, other = house.session, customer(house)
    vehicle = create(session, SYSTEM, Vehicle, {"customer_id": other.id, "plate": "京A1"})
    act(session, house.actor("supervisor"), tasks[3], "cancel", {"cancel_reason": "重复"})
    delete(session, house.actor("admin"), tasks[4])
    colleague = house.actor("supervisor").user_id
    asked = [
        (tasks[0], {"subject": "改了"}, tasks[0].version),
        (tasks[1], {"subject": "改了"}, tasks[1].version + 1),
        (tasks[2], {"vehicle_id": vehicle.id}, None),
        (tasks[3], {"subject": "改了"}, None),
        (tasks[4], {"subject": "改了"}, None),
        (tasks[5], {"subject": ""}, None),
        (tasks[6], {"tries": 5}, None),
        (tasks[7], {"state": "closed"}, None),
        (tasks[8], {"subject": tasks[8].subject}, None),
        (tasks[9], {"owner": colleague, "due_until": utcnow() + dt.timedelta(days=3)}, None),
        (tasks[10], {"x_nothing": "1"}, None),
        (tasks[11], {"contact": "13900000001", "priority": "urgent"}, None),
    ]
    assert are_changed_together(type(operations_of(Task)))
    assert refused(compared(session, house.actor("supervisor"), asked)) == [
        "", "StaleRecord", "Invalid", "Rejected", "Rejected", "Invalid", "Invalid",
        "ProtectedField", "", "", "BadValue", ""]


def test_a_person_whom_a_plugin_denies_one_of_them(house, tasks, monkeypatch):
    def refusal(_session, _actor, record, changes):
        return Message("On leave.") if record.id == tasks[1].id and "owner_id" in changes else None

    monkeypatch.setattr("app.records.saving.assignment_refusal", refusal)
    colleague = house.actor("supervisor").user_id
    asked = [(one, {"owner_id": colleague}, None) for one in tasks[:3]]
    assert refused(compared(house.session, SYSTEM, asked)) == ["", "Rejected", ""]


def test_rules_that_look_at_other_records_are_asked_one_by_one(house):
    session = house.session
    found = [customer(house, name=name) for name in ("甲某", "乙某")]
    assert not are_changed_together(type(operations_of(Customer)))
    asked = [(one, {"name": "丙某", "phone": "13900000009"}, None) for one in found]
    compared(session, house.actor("agent"), asked)
    compared(session, house.actor("admin"), asked)
    complaints = [registered(house) for _ in range(2)]
    compared(session, house.actor("agent"), [(one, {"subject": "改"}, None) for one in complaints])
    assert session.scalars(select(Complaint)).all() == complaints


def test_a_record_that_is_named_twice_is_changed_twice(house, tasks):
    asked = [(tasks[0], {"subject": "一"}, None), (tasks[0], {"subject": "二"}, None)]
    assert refused(compared(house.session, SYSTEM, asked)) == ["", ""]


@pytest.mark.both_databases
def test_what_others_have_written_meanwhile_is_seen(house, tasks):
    first, second = tasks[:2]
    seen = first.version
    update(house.session, SYSTEM, first, {"subject": "别人改的"})
    stale, done = change_many(house.session, SYSTEM, Task, [
        (first, {"subject": "我改的"}, seen), (second, {"subject": "我改的"}, second.version)])
    assert type(stale).__name__ == "StaleRecord"
    assert list(done) == ["subject"]
    house.session.expire_all()
    assert [first.subject, second.subject] == ["别人改的", "我改的"]


def test_fields_of_many_records_take_a_fraction_of_the_statements(house, tasks):
    asked = [(one, {"subject": "同一"}, None) for one in tasks]
    counted = {
        how: len(house.statements_of(lambda how=how: tried(house.session, SYSTEM, asked, how)))
        for how in (one_by_one, at_once)}
    assert counted[one_by_one] - counted[at_once] > 12 * 3


def test_bulk_work_says_of_each_how_it_went(house, tasks):
    actor = house.actor("supervisor")
    versions = {one.id: one.version for one in tasks} | {999_999: None}
    versions[tasks[2].id] += 1
    done = run(house.session, actor, Task, versions, BulkFieldChange({"priority": "urgent"}))
    results = {one.record_id: one.result for one in done.outcomes}
    assert results.pop(999_999) is RecordResult.NOT_FOUND
    assert results.pop(tasks[2].id) is RecordResult.STALE
    assert set(results.values()) == {RecordResult.DONE}
    assert done.done == 11
