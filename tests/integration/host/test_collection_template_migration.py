"""Custom fields of the version before come over, open to everybody, and go back."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import _read

pytestmark = pytest.mark.both_databases


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a custom field."""
    move("core_0015")
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(tables.tables["records_custom_field"].insert().values(
            record_type="customers.customer", name="work_unit", label="Employer", label_zh="单位",
            help="", help_zh="", kind="text", choices=[], required=False, position=0,
            retired=False))
    return empty_engine


def test_fields_stay_as_they_were(engine, move):
    move("core_0020")
    with Session(engine) as session:
        assert _read(session) == {"customers.customer": (
            CustomField(name="work_unit", label="Employer", label_zh="单位"),)}


def test_the_way_back_leaves_fields(engine, move):
    move("core_0020")
    move("core_0015", down=True)
    with engine.connect() as connection:
        assert connection.scalar(select(text("name FROM records_custom_field"))) == "work_unit"
