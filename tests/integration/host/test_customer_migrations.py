"""A database from before the rules of contact and customer events comes over with its customers."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, select, text
from sqlalchemy.orm import Session

import app.database
import app.models
from app.access.sensitive import key_store, keyring
from app.customers.contact_models import DoNotContact
from app.customers.models import Customer, Vehicle
from app.database import engine_options
from app.host import migrations
from config import ROOT, Settings

NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_database_url, tmp_path):
    """The database of the version before, with a customer and a vehicle."""
    settings = Settings.from_environment(
        {"CARELINE_SECRET_KEY": secrets.token_urlsafe(64), "CARELINE_ENV": "test",
         "CARELINE_VAR_DIR": str(tmp_path), "CARELINE_DATABASE_URL": empty_database_url})
    keyring.use(key_store.ring_of(settings.field_keys, settings.var_dir))
    engine = create_engine(settings.database_url, **engine_options(settings))
    _move(engine, "core_0008")
    with engine.begin() as connection:
        _fill(connection)
    yield engine
    engine.dispose()


def _move(engine, version: str, down: bool = False) -> None:
    with engine.connect() as connection:
        move = command.downgrade if down else command.upgrade
        move(migrations._config(ROOT, None, connection), version)
        connection.commit()


def _fill(connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    common = {"id": 1, "version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    connection.execute(tables.tables["customers_customer"].insert().values(
        **common, number="KH-1", name="Wang", phone="", id_number="", email="", wechat="", qq="",
        address="", grade="A", preferred_contact="phone", remarks="", plates=""))
    connection.execute(tables.tables["customers_vehicle"].insert().values(
        **common, number="CL-1", customer_id=1, plate="x", vin="", brand="", model=""))


def test_customers_stay_and_can_be_kept_from_contact(engine):
    _move(engine, "core_0010")
    with Session(engine) as session:
        customer = session.scalar(select(Customer))
        assert (customer.name, customer.contact_hours, customer.timezone) == ("Wang", "", "")
        session.add(DoNotContact(customer_id=customer.id, reason="x"))
        session.commit()
        assert session.scalar(select(DoNotContact.purpose)) == ""
        vehicle = session.scalar(select(Vehicle))
        assert (vehicle.customer_id, vehicle.insurance_due_on) == (1, None)


def test_the_way_back_leaves_customers_and_vehicles(engine):
    _move(engine, "core_0010")
    _move(engine, "core_0008", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers_customer")) == 1
        assert connection.scalar(text("SELECT count(*) FROM customers_vehicle")) == 1


def test_the_tables_are_those_of_the_models(engine):
    _move(engine, "core_0010")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda _one, name, kind, *_others: (
                kind != "table" or name.startswith("customers_"))})
        assert compare_metadata(context, app.database.db.metadata) == []
