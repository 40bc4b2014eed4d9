"""Cursors: what is written is read back; what is made up is refused."""

from __future__ import annotations

import base64
import datetime as dt
import decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.database import UTCDateTime
from app.screens.columns.columns import describe
from app.screens.query.keyset import BadCursor, Order, Position, decode, encode


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
