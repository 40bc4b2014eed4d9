"""Fixtures: a customer and a complaint whose numbers must not be seen anywhere."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.customers.models import Customer
from app.sdk.services import create
from app.testing.plugin_fixtures import House
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

PHONE, MASK = "13876544321", "138****4321"
CONTACT, CONTACT_MASK = "13998761234", "139****1234"
ID_NUMBER, ID_MASK = "110101199003074258", "110***********4258"
CLEAR = (PHONE, CONTACT, ID_NUMBER)
# What a number may still be read from: its middle digits.
TELLING = ("87654", "99876", "0119900307")


def told(body: str | bytes) -> list[str]:
    """Return the numbers that a text tells, wholly or in their middle digits."""
    if isinstance(body, bytes):
        body = body.decode("utf-8", "ignore")
    plain = re.sub(r"[ \-]", "", body)
    return [number for number in (*CLEAR, *TELLING) if number in plain]


@dataclasses.dataclass
class Records:
    """What the tests of this folder look at."""

    customer: Customer
    complaint: Complaint


@pytest.fixture
def records(house: House) -> Records:
    """A customer and a complaint of the agent, both with numbers."""
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {
        "name": "王小明", "phone": "+86 138-7654-4321", "id_number": "110101 19900307 4258",
    })
    complaint = registered(house, "agent", customer_id=customer.id, contact="139 9876 1234")
    return Records(customer, complaint)


@pytest.fixture
def database_text(house: House) -> Callable[[], str]:
    """Return everything that the database holds: the file on SQLite, every row on PostgreSQL."""

    def read() -> str:
        engine = house.session.get_bind()
        house.session.rollback()
        if engine.dialect.name == "sqlite":
            path = Path(engine.url.database)
            files = (path, path.with_name(path.name + "-wal"))
            return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())
        found: list[Any] = []
        with engine.connect() as connection:
            for (name,) in connection.execute(text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )).all():
                found += connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()
        return "\n".join(found)

    return read
