"""Cursors: what is written is read back; what is made up is refused."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, Numeric, String, create_engine, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.actor import Actor
from app.database import UTCDateTime
from app.screens.columns.columns import describe
from app.screens.query.keyset import BadCursor, Order, Position, decode, encode, seek


class Plain(DeclarativeBase):
    """Tables of this test alone."""


class Row(Plain):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    size: Mapped[int | None] = mapped_column(Integer)
    price: Mapped[decimal.Decimal | None] = mapped_column(Numeric(12, 2))
    good: Mapped[bool] = mapped_column(Boolean)
    day: Mapped[dt.date | None] = mapped_column(Date)
    at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


VALUES = {
    "name": st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    "size": st.integers(-(2**63) + 1, 2**63 - 1),
    "price": st.decimals(allow_nan=False, allow_infinity=False, places=2),
    "good": st.booleans(),
    "day": st.dates(),
    "at": st.datetimes(timezones=st.just(dt.UTC)),
}


def order(name: str, descending: bool = False) -> Order:
    return Order(describe(Row, name), descending, Row.id)


ADMIN, AGENT = (Actor(user_id=key, username=name, name=name)
                for key, name in enumerate(("admin", "agent"), start=1))
PAIRS = st.one_of([st.tuples(st.just(name), values) for name, values in VALUES.items()])


@given(PAIRS, st.integers(1, 2**62), st.booleans())
def test_a_cursor_leads_back_to_its_row(pair, key, descending):
    name, value = pair
    position = Position(value, key)
    assert decode(order(name, descending), encode(order(name, descending), position)) == position


@pytest.mark.parametrize("letter", ["a", "车", "😀", '"'])
def test_the_longest_text_leads_on(letter):
    position = Position(letter * 500, 2**62)
    text = encode(order("name"), position)
    assert decode(order("name"), text) == position and len(text) < 4000


@given(st.sampled_from(sorted(VALUES)), st.text(max_size=200))
def test_what_is_made_up_is_refused_or_harmless(name, text):
    try:
        position = decode(order(name), text)
    except BadCursor:
        return
    assert isinstance(position.key, int)


@pytest.mark.parametrize(
    "body",
    [[], {}, "x", ["name", False, "a"], ["name", False, "a", "1"], ["name", False, "a", True],
     ["name", False, 5, 1], ["name", True, "a", 1], ["size", False, 1, 1],
     ["name", False, "a\x00", 1], ["name", False, ["a"], 1], ["name", False, "a", 2**63]],
)
def test_bad_bodies(body):
    text = base64.urlsafe_b64encode(orjson.dumps(body)).rstrip(b"=").decode()
    with pytest.raises(BadCursor):
        decode(order("name"), text)


# --- the way through all pages -------------------------------------------------------------
# Equal values, none at all, and keys against the order of the values.
VALUES_OF_ROWS = [("b", 1), ("a", None), ("b", 3), ("c", 1), ("a", 2), ("b", None), ("a", 1)]


@pytest.fixture(scope="module")
def rows():
    engine = create_engine("sqlite://")
    Plain.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            Row(id=key, name=name, size=size, price=None, good=True, day=None, at=None)
            for key, (name, size) in enumerate(VALUES_OF_ROWS, 1))
        session.commit()
        yield session


def through(
    session: Session, order: Order, size: int, backward: bool, few: bool
) -> list[int]:
    """Return the keys of all rows as one meets them page by page."""
    column, found, position = order.column.attribute, [], None
    while True:
        page: list[tuple[object, int]] = []
        for statement in seek(
                select(column, Row.id), order, position, backward, few=few):
            page += session.execute(statement.limit(size - len(page))).all()
        found += [row.id for row in page]
        if len(page) < size:
            return found
        position = Position(*page[-1])


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 10])
@pytest.mark.parametrize("name", ["name", "size", "id"])
def test_pages_show_each_row_once_and_in_order(rows, name, size, descending, backward, few):
    filled = sorted(((getattr(row, name), row.id) for row in rows.scalars(select(Row))
                     if getattr(row, name) is not None), reverse=descending)
    empty = sorted((row.id for row in rows.scalars(select(Row)) if getattr(row, name) is None),
                   reverse=descending)
    wanted = [key for _value, key in filled] + empty
    assert len(wanted) == len(VALUES_OF_ROWS)
    found = through(rows, order(name, descending), size, backward, few)
    assert found == (wanted[::-1] if backward else wanted)


@pytest.mark.parametrize("descending", [False, True])
def test_only_few_rows_are_sorted_without_the_index_of_their_order(descending):
    def sorts(few: bool) -> str:
        [statement] = seek(select(Row.id), order("name", descending), None, few=few)
        return str(statement.compile(dialect=sqlite.dialect())).partition("ORDER BY ")[2]

    way = "DESC" if descending else "ASC"
    assert sorts(few=False) == f"\"row\".name {way}, \"row\".id {way}"
    assert sorts(few=True) == f'+"row".name {way}, "row".id {way}'


def test_a_time_without_a_zone_is_meant_in_utc():
    body = ["at", False, "2026-01-02T03:04:05", 1]
    text = base64.urlsafe_b64encode(orjson.dumps(body)).rstrip(b"=").decode()
    position = decode(order("at"), text)
    assert position.value == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert position.value.tzinfo is dt.UTC
    body[2] = "2026-01-02T03:04:05+08:00"
    text = base64.urlsafe_b64encode(orjson.dumps(body)).rstrip(b"=").decode()
    moved = decode(order("at"), text).value
    assert moved == dt.datetime(2026, 1, 1, 19, 4, 5, tzinfo=dt.UTC) and moved.tzinfo is dt.UTC


def test_a_truth_value_is_no_number_and_a_number_no_truth_value():
    for name, value in (("size", True), ("good", 1)):
        text = base64.urlsafe_b64encode(orjson.dumps([name, False, value, 1])).decode()
        with pytest.raises(BadCursor):
            decode(order(name), text)


def test_the_largest_key_leads_on_and_no_padding_stands_in_an_address():
    for size in range(1, 5):
        text = encode(order("name"), Position("x" * size, 2**63 - 1))
        assert "=" not in text
        assert decode(order("name"), text) == Position("x" * size, 2**63 - 1)


def test_a_column_made_for_whoever_asks_is_ordered_by_what_they_are_given():
    made = dataclasses.replace(
        describe(Row, "size"), attribute=None, shown=None,
        made_for=lambda person: Row.size if person is ADMIN else Row.name)
    by_size, by_name = (Order(made, True, Row.id).seen_by(one) for one in (ADMIN, AGENT))
    assert by_size.column.attribute is Row.size and by_name.column.attribute is Row.name
    assert by_size.descending and by_size.key is Row.id
    plain = order("name")
    assert plain.seen_by(ADMIN) is plain
