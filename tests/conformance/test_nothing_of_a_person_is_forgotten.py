"""Every table that tells of a customer is in the copy of their data, whoever's plugin it is."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import Boolean, Date, Numeric, String, Table, Text, select
from sqlalchemy import types as sql

from app.access.actor import SYSTEM
from app.access.sensitive.columns import EncryptedJson, JsonWithSensitive, Sensitive
from app.admin.personal_copies.archive import heading_of, write_archive
from app.customers.models import Customer, Vehicle
from app.customers.privacy.held import COLLEAGUES, held_of, pairs_of
from app.database import Json, UTCDateTime, utcnow, write
from app.records.files import FileStore
from app.records.models import File
from app.records.moving import references_to
from app.records.purging import extensions_of, tables_of
from app.records.services import create
from plugins.complaints.tests.helpers import registered

CUSTOMERS = Customer.__table__
SHORTEST = 4


class Planter:
    """Puts a row into tables, with a text in every column that no other row holds.

    Args:
        session: session with a running write.
        customer_id: the customer whom the rows name.
    """

    def __init__(self, session: Any, customer_id: int) -> None:
        self._session, self._customer = session, customer_id
        self._numbers = itertools.count(1)
        self.marks: dict[str, str] = {}
        self.made: dict[Table, Any] = {CUSTOMERS: customer_id}

    def plant(self, table: Table, about: tuple[str, int] | None = None) -> None:
        """Insert a row about the customer, or about a record of theirs."""
        values = dict(self._values(table, about or ("customers.customer", self._customer)))
        key = self._session.execute(table.insert().values(values)).inserted_primary_key
        if len(key) == 1:
            self.made.setdefault(table, key[0])

    def _values(self, table: Table, about: tuple[str, int]) -> Iterator[tuple[str, Any]]:
        pairs = {one.name: value for pair in pairs_of(table)
                 for one, value in zip(pair, about, strict=True)}
        for column in table.columns:
            target = next((key.column.table for key in column.foreign_keys), None)
            if column.name in pairs:
                yield column.name, pairs[column.name]
            elif target is not None:
                if target is CUSTOMERS or not column.nullable or target in self.made:
                    yield column.name, self._key_of(target)
            elif not (column.primary_key and isinstance(column.type, sql.Integer)):
                yield column.name, self._value(table, column)

    def _key_of(self, target: Table) -> Any:
        [key] = target.primary_key.columns
        found = self.made.get(target) or self._session.scalar(select(key).limit(1))
        if found is None:
            # A row that has to be there first, such as a list of the month, tells of nobody.
            marks, self.marks = self.marks, {}
            self.plant(target)
            found, self.marks = self.made[target], marks
        return found

    def _value(self, table: Table, column: Any) -> Any:
        kind, name = column.type, f"{table.name}.{column.name}"
        if column.name == "deleted_at":
            return None
        number = next(self._numbers)
        if isinstance(kind, Sensitive):
            return self._mark(name, f"138{number:08d}")
        if isinstance(kind, JsonWithSensitive):
            return {"planted": self._mark(name, f"planted {number:05d}")}
        if isinstance(kind, Json | EncryptedJson):
            return {"planted": self._mark(name, f"planted {number:05d}")}
        return self._plain(name, kind, number)

    def _plain(self, name: str, kind: Any, number: int) -> Any:
        kind = kind.impl_instance if isinstance(kind, sql.TypeDecorator) else kind
        if isinstance(kind, String | Text):
            text = f"{number:03x}¤" if (kind.length or 99) < 12 else f"planted {number:04d}"
            if (kind.length or 99) < SHORTEST:
                raise AssertionError(f"{name} is too short to be marked")
            return self._mark(name, text)
        for types, value in ((Boolean, True), (sql.Integer, number), (Numeric, 1),
                             (UTCDateTime | sql.DateTime, utcnow()), (Date, utcnow().date())):
            if isinstance(kind, types):
                return value
        raise AssertionError(f"{name}: {kind!r} is not known here")

    def _mark(self, name: str, text: str) -> str:
        self.marks[name] = text
        return text


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "王小明"})


def copy_of(house, customer: Customer, folder: Any) -> tuple[dict[str, Any], str]:
    """Return the content of a copy that holds all there is, and the page of it."""
    path = folder / "copy.zip"
    with force_locale("en"):
        write_archive(
            path, house.session, SYSTEM, FileStore(house.app.config["CARELINE_SETTINGS"]),
            held_of(house.session, SYSTEM, customer),
            heading_of(house.session, customer, "en", dt.datetime(2026, 1, 5, tzinfo=dt.UTC)),
            lambda: None)
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("copy.json")), archive.read("copy.html").decode()


def missing(content: dict[str, Any], marks: dict[str, str]) -> list[str]:
    text = json.dumps(content, ensure_ascii=False)
    return [name for name, mark in marks.items() if mark not in text]


def test_each_text_of_each_table_that_names_a_customer_is_in_the_copy(house, customer, tmp_path):
    session = house.session
    with write(session):
        planter = Planter(session, customer.id)
        named = {one.table for one in references_to(session, Customer, besides=COLLEAGUES)}
        named |= {table for table, _column in extensions_of(tables_of(session), CUSTOMERS)}
        for table in sorted(named, key=lambda one: one.name):
            if table not in planter.made:
                planter.plant(table)
        # What hangs on these rows, and names no customer itself.
        further = {
            child for child in tables_of(session) for key in child.foreign_keys
            if key.column.table in named and child not in named and child.name not in COLLEAGUES}
        for table in sorted(further, key=lambda one: one.name):
            planter.plant(table)
        session.execute(File.__table__.update().values(deleted_at=None))
    assert len(named) > 25 and len(further) > 5 and len(planter.marks) > 150
    content, _page = copy_of(house, customer, tmp_path)
    assert missing(content, planter.marks) == []


@pytest.mark.parametrize("make", [
    lambda house, customer: create(
        house.session, SYSTEM, Vehicle, {"customer_id": customer.id, "plate": "京A12345"}),
    lambda house, customer: registered(house, customer_id=customer.id),
], ids=["core", "plugin"])
def test_what_the_core_keeps_of_their_records_is_in_the_copy(house, customer, tmp_path, make):
    record = make(house, customer)
    session = house.session
    with write(session):
        planter = Planter(session, customer.id)
        hanging = [
            one.table for one in references_to(session, type(record), besides=COLLEAGUES)
            if one.kind is not None and one.table.name.startswith(("records_", "workflow_"))]
        for table in hanging:
            planter.plant(table, (record.__record_type__, record.id))
        session.execute(File.__table__.update().values(deleted_at=None))
    assert {"records_comment", "records_file", "workflow_log"} <= {one.name for one in hanging}
    content, page = copy_of(house, customer, tmp_path)
    assert missing(content, planter.marks) == []
    assert planter.marks["records_comment.text"] in page
    assert record.number in page


def test_a_table_without_a_screen_stands_under_the_names_of_its_columns(house, customer, tmp_path):
    with write(house.session):
        planter = Planter(house.session, customer.id)
        [table] = [one for one in tables_of(house.session)
                   if one.name == "callbacks_foreign_event"]
        planter.plant(table)
    content, page = copy_of(house, customer, tmp_path)
    assert [one["title"] for one in content["tables"] if one["table"] == table.name] == [table.name]
    assert f"<dt>Subject</dt><dd>{planter.marks['callbacks_foreign_event.subject']}</dd>" in page
