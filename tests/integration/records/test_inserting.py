"""Records inserted without the unit of work are held, and taken back, as those of a flush."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, inspect, select

from app.access.actor import SYSTEM
from app.customers.models import Customer
from app.database import write
from app.records import inserting
from app.records.services import change_many, create_many
from tests.integration.records.comparing import numbers_given_back
from tests.integration.records.test_create_many import ROWS, compared

__all__ = ["numbers_given_back"]

NEW = [{"name": "王小明", "phone": "13800138000", "grade": "A"}, {"name": "李丽", "extra": {}}]


@pytest.fixture
def through_the_unit_of_work(monkeypatch):
    """Return a function that lets the unit of work have a part in each new customer."""
    seen: list[str] = []

    def note(_mapper, _connection, customer):
        seen.append(customer.name)

    def begin():
        event.listen(Customer, "before_insert", note)
        inserting._columns_of.cache_clear()
        return seen

    yield begin
    if seen:
        event.remove(Customer, "before_insert", note)
    inserting._columns_of.cache_clear()


@pytest.mark.both_databases
def test_they_are_held_as_after_a_flush(house):
    with write(house.session):
        made = create_many(house.session, SYSTEM, Customer, NEW)
        assert all(inspect(one).persistent for one in made)
        assert not house.session.dirty and not house.session.new
        held = [one.key for one in inspect(Customer).column_attrs]
        values = [{name: getattr(one, name) for name in held} for one in made]
        assert not house.statements_of(lambda: [repr(one.owner_id) for one in made])
        for one, told in zip(made, values, strict=True):
            house.session.refresh(one)
            assert {name: getattr(one, name) for name in held} == told
        change_many(house.session, SYSTEM, Customer, [(made[0], {"name": "王大明"}, 1)])
    assert house.session.scalar(select(Customer.version).where(Customer.name == "王大明")) == 2


def test_a_savepoint_that_is_rolled_back_takes_them_along(house):
    before = house.session.scalar(select(func.count(Customer.id)))
    with write(house.session):
        with pytest.raises(ZeroDivisionError), house.session.begin_nested():
            gone = create_many(house.session, SYSTEM, Customer, NEW)
            raise ZeroDivisionError
        assert not any(one in house.session for one in gone)
        # SQLite gives the same keys again.
        made = create_many(house.session, SYSTEM, Customer, NEW)
        assert all(house.session.get(Customer, one.id) is one for one in made)
    assert house.session.scalar(select(func.count(Customer.id))) == before + 2


def test_what_listens_to_the_unit_of_work_hears_of_them(house, through_the_unit_of_work):
    seen = through_the_unit_of_work()
    with write(house.session):
        create_many(house.session, SYSTEM, Customer, NEW)
    assert seen == ["王小明", "李丽"]


def test_both_ways_write_the_same(house, through_the_unit_of_work):
    without = compared(house, SYSTEM, Customer, ROWS)
    through_the_unit_of_work()
    assert compared(house, SYSTEM, Customer, ROWS) == without
