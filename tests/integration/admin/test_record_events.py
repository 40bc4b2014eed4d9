"""Of what is saved those events are written with which somebody has something to do."""

from __future__ import annotations

from sqlalchemy import select

from app.customers.models import Customer
from app.jobs.models import OutboxRow
from app.records.services import create_many
from app.sdk.services import create


def heard(house, record):
    """Return who is told of what was saved of a record, in order."""
    return house.session.scalars(
        select(OutboxRow.subscriber).where(
            OutboxRow.event == "on_record_saved",
            OutboxRow.record_key == f"{record.__record_type__}:{record.id}")
        .order_by(OutboxRow.id)).all()


def test_of_a_new_customer_the_core_hears_where_somebody_gets_them(house):
    admin = house.actor("admin")
    nobodys = create(house.session, admin, Customer, {"name": "甲", "phone": "13800000001"})
    somebodys = create(house.session, admin, Customer, {
        "name": "乙", "phone": "13800000002", "owner_id": house.actor("agent").user_id})
    assert heard(house, nobodys) == ["callbacks"]
    assert sorted(heard(house, somebodys)) == ["callbacks", "core"]


def test_many_new_customers_write_one_event_each(house):
    made = create_many(house.session, house.actor("admin"), Customer, [
        {"name": f"丙{number}", "phone": f"1380000010{number}"} for number in range(5)])
    assert [heard(house, one) for one in made] == [["callbacks"]] * 5
