"""Cleaning: right types out or one message at the field, whatever comes in."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.cleaning import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_DIGITS,
    InvalidValue,
    clean,
    clean_field,
)
from app.forms.definition import Choice, Condition, Field, Form, Kind, Op

CHOICES = (Choice("a", "A"), Choice("b", "B"), Choice("c", "C"))


def one(kind: Kind, value, **options):
    needed = {"choices": CHOICES} if kind in (Kind.CHOICE, Kind.MULTI_CHOICE) else {}
    needed |= {"target": "customers.customer"} if kind is Kind.RECORD else {}
    form = Form.of("f", Field("x", kind, "X", **(needed | options)))
    cleaned, errors = clean(form, {"x": value})
    return str(errors["x"]) if errors else cleaned["x"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.TEXT, "  张三 ", "张三"),
        (Kind.TEXT, "e\u0301", "é"),
        (Kind.LONG_TEXT, "a\r\nb", "a\nb"),
        (Kind.INTEGER, "42", 42),
        (Kind.INTEGER, -7, -7),
        (Kind.DECIMAL, "3.5", decimal.Decimal("3.50")),
        (Kind.DATE, "2026-02-28", dt.date(2026, 2, 28)),
        (Kind.DATETIME, "2026-02-28T10:00+08:00", dt.datetime(2026, 2, 28, 2, tzinfo=dt.UTC)),
        (Kind.BOOLEAN, "on", True),
        (Kind.BOOLEAN, False, False),
        (Kind.CHOICE, "a", "a"),
        (Kind.MULTI_CHOICE, ["b", "a", "b"], ["b", "a"]),
        (Kind.MULTI_CHOICE, "b", ["b"]),
        (Kind.MULTI_CHOICE, None, []),
        (Kind.PERSON, "12", 12),
        (Kind.DEPARTMENT, 3, 3),
        (Kind.RECORD, "9", 9),
        (Kind.FILE, ["1", 2, "1"], [1, 2]),
        (Kind.SIGNATURE, " my word ", " my word "),
        (Kind.RATING, "5", 5),
        (Kind.TEXT, "", None),
    ],
)
def test_values_come_out_in_their_type(kind, value, expected):
    assert one(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "sentence", "options"),
    [
        (Kind.TEXT, "a\nb", "single line", {}),
        (Kind.TEXT, "x" * 201, "At most 200 characters", {}),
        (Kind.TEXT, "xxxx", "At most 3 characters", {"length": 3}),
        (Kind.TEXT, "a\x00b", "control characters", {}),
        (Kind.TEXT, ["a"], "Enter a text", {}),
        (Kind.INTEGER, "4.2", "whole number", {}),
        (Kind.INTEGER, 4.0, "whole number", {}),
        (Kind.INTEGER, True, "whole number", {}),
        (Kind.INTEGER, "9" * 5000, "whole number", {}),
        (Kind.INTEGER, "0", "at least 1", {"minimum": 1}),
        (Kind.INTEGER, "-1", "at least 0", {"minimum": 0}),
        (Kind.DECIMAL, "nan", "Enter a number", {}),
        (Kind.DECIMAL, "1e999", "Enter a number", {}),
        (Kind.DECIMAL, "1.005", "At most 2 decimal places", {}),
        (Kind.DECIMAL, "11", "at most 10", {"maximum": 10}),
        (Kind.DATE, "2026-02-30", "Enter a date", {}),
        (Kind.DATE, "2026-02-27", "at least 2026-02-28", {"minimum": "2026-02-28"}),
        (Kind.DATETIME, "2026-02-28T10:00", "time zone", {}),
        (Kind.DATETIME, "0001-01-01T00:00+14:00", "time zone", {}),
        (Kind.BOOLEAN, "perhaps", "yes or no", {}),
        (Kind.CHOICE, "d", "values offered", {}),
        (Kind.CHOICE, {"a": 1}, "values offered", {}),
        (Kind.MULTI_CHOICE, ["a", "z"], "values offered", {}),
        (Kind.MULTI_CHOICE, ["a", "b"], "At most 1", {"maximum": 1}),
        (Kind.MULTI_CHOICE, ["a"], "At least 2", {"minimum": 2}),
        (Kind.PERSON, "me", "values offered", {}),
        (Kind.PERSON, "0", "values offered", {}),
        (Kind.PERSON, str(2**70), "values offered", {}),
        (Kind.FILE, ["1", "x"], "values offered", {}),
        (Kind.SIGNATURE, "x" * 201, "not your password", {}),
        (Kind.SIGNATURE, 5, "not your password", {}),
        (Kind.RATING, "6", "at most 5", {}),
        (Kind.RATING, "0", "at least 1", {}),
        (Kind.TEXT, "", "required", {"required": True}),
        (Kind.BOOLEAN, None, "required", {"required": True}),
        (Kind.FILE, [], "required", {"required": True}),
    ],
)
def test_wrong_values_are_told(kind, value, sentence, options):
    told = one(kind, value, **options)
    assert isinstance(told, str) and sentence in told


CONSENT = Form.of(
    "consent",
    Field("satisfied", Kind.CHOICE, "Satisfied", required=True, choices=CHOICES),
    Field("reason", Kind.TEXT, "Reason", required=True,
          visible_when=Condition("satisfied", Op.EQUALS, "c")),
    Field("detail", Kind.TEXT, "Detail", required_when=Condition("reason")),
)


def test_a_hidden_field_is_no_error_and_keeps_nothing():
    cleaned, errors = clean(CONSENT, {"satisfied": "a", "reason": "sent all the same"})
    assert not errors
    assert cleaned == {"satisfied": "a", "reason": None, "detail": None}


def test_conditions_follow_each_other():
    _, errors = clean(CONSENT, {"satisfied": "c"})
    assert set(errors) == {"reason"}
    _, errors = clean(CONSENT, {"satisfied": "c", "reason": "late"})
    assert set(errors) == {"detail"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(Kind)), JSON)
def test_nothing_sent_breaks_cleaning_and_what_is_taken_is_taken_again(kind, value):
    needed = {"choices": CHOICES} if kind in (Kind.CHOICE, Kind.MULTI_CHOICE) else {}
    needed |= {"target": "customers.customer"} if kind is Kind.RECORD else {}
    form = Form.of("f", Field("x", kind, "X", **needed))
    cleaned, errors = clean(form, {"x": value})
    assert set(cleaned) | set(errors) == {"x"}
    if not errors:
        assert clean(form, cleaned) == (cleaned, {})


def test_every_control_character_is_refused_but_tab_and_line_feed():
    field = Field("a", Kind.LONG_TEXT, "A")
    refused = set()
    for sign in map(chr, range(sys.maxunicode + 1)):
        try:
            clean_field(field, f"a{sign}b")
        except InvalidValue:
            refused.add(sign)
    # A carriage return is a line feed that is written differently.
    assert refused == {
        sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign) == "Cc"
    } - {"\t", "\n", "\r"}


# --- edges -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "value", "options", "expected"), [
    (Kind.INTEGER, 3, {"minimum": 3, "maximum": 3}, 3),
    (Kind.DECIMAL, "1.5", {"minimum": 2}, "Must be at least 2."),
    (Kind.INTEGER, 4, {"maximum": 3}, "Must be at most 3."),
    (Kind.RATING, 0, {"minimum": 0}, 0),
    (Kind.RATING, 10, {"maximum": 10}, 10),
    (Kind.RATING, 0, {}, "Must be at least 1."),
    (Kind.DATE, dt.date(2026, 2, 28), {}, dt.date(2026, 2, 28)),
    (Kind.DATETIME, dt.datetime(2026, 2, 28, 2, tzinfo=dt.UTC), {},
     dt.datetime(2026, 2, 28, 2, tzinfo=dt.UTC)),
    (Kind.MULTI_CHOICE, ("a", "b"), {"minimum": 2, "maximum": 2}, ["a", "b"]),
    (Kind.DATE, f"{FIRST_YEAR}-01-01", {}, dt.date(FIRST_YEAR, 1, 1)),
    (Kind.DATE, f"{LAST_YEAR - 1}-12-31", {}, dt.date(LAST_YEAR - 1, 12, 31)),
    (Kind.DATE, f"{LAST_YEAR}-01-01", {}, "Enter a date like 2026-01-31."),
    (Kind.INTEGER, "9" * MOST_DIGITS, {}, int("9" * MOST_DIGITS)),
    (Kind.DECIMAL, "1" + "0" * MOST_DIGITS, {}, "Enter a number."),
])
def test_a_limit_itself_is_within_it(kind, value, options, expected):
    assert one(kind, value, **options) == expected


def test_a_moment_comes_out_in_utc():
    assert one(Kind.DATETIME, "2026-02-28T10:00+08:00").tzinfo is dt.UTC
