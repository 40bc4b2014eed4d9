"""Many deletions at once are the same, and refused for the same, as each made by itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.models import Customer, Vehicle
from app.customers.operations import CustomerOperations
from app.customers.privacy.models import LegalHold
from app.database import acting_at, write
from app.errors import CarelineError
from app.i18n import Message
from app.records.deletions import delete_many
from app.records.operations import operations_of
from app.records.record_operations import are_deleted_together, deleted_together
from app.records.refusals import attempted
from app.records.services import create, delete
from plugins.callbacks.tests.helpers import planned
from tests.integration.records.comparing import everything, give_keys_back, numbers_given_back

__all__ = ["numbers_given_back"]

MOMENT = dt.datetime(2026, 5, 6, 7, 8, 9, tzinfo=dt.UTC)


class _TakenBackError(Exception):
    pass


def one_by_one(session, actor, operations, records):
    return [attempted(session, functools.partial(
        operations.delete, session, actor, record, record.version)) for record in records]


def told(outcome: Any) -> str:
    return f"{outcome} {outcome.message.msgid}" if isinstance(outcome, CarelineError) else "gone"


def tried(session, actor, operations, keys, how, before=lambda: None):
    """Return outcomes and all that the database holds then; nothing of it stays."""
    found: list[Any] = []
    give_keys_back(session)
    with contextlib.suppress(_TakenBackError), acting_at(MOMENT), write(session):
        model = operations.model
        records = session.scalars(
            select(model).where(model.id.in_(keys)).order_by(model.id)).all()
        before()
        outcomes = how(session, actor, operations, records)
        session.flush()
        found += [list(map(told, outcomes)), everything(session)]
        raise _TakenBackError
    return found


def compared(house, model, keys):
    actor, operations = house.actor("admin"), operations_of(model)
    alone = tried(house.session, actor, operations, keys, one_by_one)
    together = tried(house.session, actor, operations, keys, delete_many)
    assert together[0] == alone[0]
    for name, there in alone[1].items():
        assert together[1][name] == there, name
    return alone[0]


@pytest.fixture
def people(house):
    return [create(house.session, SYSTEM, Customer, {"name": name, "phone": f"1380000990{place}"})
            for place, name in enumerate(("王小明", "李丽", "赵敏", "钱多", "孙一"))]


def test_customers(house, people):
    planned(house, customer_id=people[1].id)
    with write(house.session):
        house.session.add(LegalHold(customer_id=people[2].id, reason="court", reference="A-1"))
    delete(house.session, house.actor("admin"), people[3])
    outcomes = compared(house, Customer, [one.id for one in people])
    assert [one == "gone" for one in outcomes] == [True, False, False, True, True]
    assert "not finished" in outcomes[1] and "legal hold" in outcomes[2]


def test_what_is_asked_of_each_is_read_once_for_all(house, people):
    def made(number):
        keys = [one.id for one in people[:number]]
        return len(house.statements_of(lambda: tried(
            house.session, SYSTEM, operations_of(Customer), keys, delete_many)))

    assert made(5) - made(2) <= 3


def test_vehicles_whose_plates_their_owner_is_found_by(house, people):
    cars = [create(house.session, SYSTEM, Vehicle, {
        "customer_id": people[0].id, "plate": plate}) for plate in ("沪A11111", "沪A22222")]
    assert compared(house, Vehicle, [one.id for one in cars]) == ["gone", "gone"]


def test_what_somebody_has_changed_meanwhile_stays(house, people):
    """The row has another version than the record that was read before."""
    table, keys = Customer.__table__, [people[0].id, people[4].id]

    def change():
        house.session.connection().execute(
            table.update().where(table.c.id == keys[0]).values(version=7))

    outcomes = tried(house.session, SYSTEM, operations_of(Customer), keys, delete_many, change)[0]
    assert [one == "gone" for one in outcomes] == [False, True]


def test_rules_that_a_class_adds_are_asked_record_by_record(house, people):
    class Last(CustomerOperations):
        def refuse_delete(self, session, actor, record):
            others = session.scalar(select(Customer.id).where(
                Customer.id != record.id, Customer.deleted_at.is_(None),
                Customer.id.in_([one.id for one in people])).limit(1))
            return None if others else Message("The last one stays.")

    @deleted_together
    class Further(Last):
        pass

    keys = [one.id for one in people]
    assert not are_deleted_together(Last)
    found = {kind: tried(house.session, SYSTEM, kind(Customer), keys, delete_many)[0]
             for kind in (Last, Further)}
    # The second class says that its rules look at no other record, which is not so.
    assert found[Last][-1] != "gone" and found[Further] == ["gone"] * 5
