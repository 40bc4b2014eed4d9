"""A database from before the rules of contact and customer events comes over with its customers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

from app.customers.contact_models import DoNotContact
from app.customers.models import Customer, Vehicle
from app.host import migrations

pytestmark = pytest.mark.both_databases


NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a customer and a vehicle."""
    move("core_0008")
    with empty_engine.begin() as connection:
        _fill(connection)
    return empty_engine


def _fill(connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    common = {"id": 1, "version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    connection.execute(tables.tables["customers_customer"].insert().values(
        **common, number="KH-1", name="Wang", phone="", id_number="", email="", wechat="", qq="",
        address="", grade="A", preferred_contact="phone", remarks="", plates=""))
    connection.execute(tables.tables["customers_vehicle"].insert().values(
        **common, number="CL-1", customer_id=1, plate="x", vin="", brand="", model=""))


def test_customers_stay_and_can_be_kept_from_contact(engine, move):
    move("core_0010")
    with Session(engine) as session:
        customer = session.execute(select(
            Customer.id, Customer.name, Customer.contact_hours, Customer.timezone)).one()
        assert (customer.name, customer.contact_hours, customer.timezone) == ("Wang", "", "")
        session.add(DoNotContact(customer_id=customer.id, reason="x"))
        session.commit()
        assert session.scalar(select(DoNotContact.purpose)) == ""
        vehicle = session.scalar(select(Vehicle))
        assert (vehicle.customer_id, vehicle.insurance_due_on) == (1, None)


def test_the_way_back_leaves_customers_and_vehicles(engine, move):
    move("core_0010")
    move("core_0008", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers_customer")) == 1
        assert connection.scalar(text("SELECT count(*) FROM customers_vehicle")) == 1


def test_the_tables_are_those_of_the_models(engine, move):
    move("head")
    assert migrations.differences(engine, None) == []
