"""Items of a form with points are fields, and a dialog of them reads what was typed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.forms.cleaning import clean_field
from app.forms.definition import Condition, Kind, Op
from app.forms.item_dialog import dialog, read_dialog
from app.forms.item_fields import field_of, units_field
from app.forms.scored import FilledBy, Item, ItemKind, Level, Part, ScoredForm
from app.forms.scoring import UNITS, clean, score
from app.forms.signing import PASSWORD, SIGNED, Signer

D = Decimal
LEVELS = (Level("A", D(100), "Good", "好"), Level("B", D(0), "Poor", "差"))
RATED = Item("rated", ItemKind.LEVELS, "Rated", "评分", weight=D(100), levels=LEVELS)
WHY = Item("why", ItemKind.TEXT, "Why", "原因", required=True, shown_item="rated", shown_code="B")
SIGNED_BY = Item("signed", ItemKind.SIGNATURE, "Signed", "签字", required=True)
FORM = ScoredForm("Form", "表", (Part("Part", "部分", (RATED, WHY)),))
SIGNER = Signer(7, "王", dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(("kind", "expected"), [
    (ItemKind.TEXT, Kind.LONG_TEXT), (ItemKind.NUMBER, Kind.DECIMAL),
    (ItemKind.METRIC, Kind.DECIMAL), (ItemKind.PER_UNIT, Kind.DECIMAL), (ItemKind.DATE, Kind.DATE),
    (ItemKind.FILE, Kind.FILE), (ItemKind.SIGNATURE, Kind.SIGNATURE),
    (ItemKind.LEVELS, Kind.CHOICE), (ItemKind.CHOICE, Kind.CHOICE),
])
def test_every_kind_of_item_is_a_field(kind, expected):
    assert field_of(Item("x", kind, "X")).kind is expected


def test_an_item_tells_its_field_its_texts_in_the_language():
    item = dataclasses.replace(RATED, help="Look twice", help_zh="仔细看")
    english, chinese = field_of(item), field_of(item, "zh")
    assert (english.label, english.help) == ("Rated", "Look twice")
    assert (chinese.label, chinese.help) == ("评分", "仔细看")
    assert [(one.value, one.label) for one in chinese.choices] == [("A", "A 好"), ("B", "B 差")]


@pytest.mark.parametrize(("item", "required"), [
    (RATED, True), (Item("x", ItemKind.TEXT, "X"), False),
    (Item("x", ItemKind.TEXT, "X", required=True), True),
    # Who signs decides whether the password must be typed.
    (SIGNED_BY, False),
])
def test_what_must_be_answered(item, required):
    assert field_of(item).required is required


def test_an_item_without_a_label_goes_by_its_name():
    assert field_of(Item("x", ItemKind.TEXT)).label == "x"
    assert units_field(Item("x", ItemKind.LEVELS, "Calls")).label == "Calls"
    assert units_field(Item("x", ItemKind.LEVELS, "Calls", unit="call")).label == "call"


def test_a_condition_becomes_that_of_the_field():
    assert field_of(WHY).visible_when == Condition("rated", Op.EQUALS, "B")
    assert field_of(RATED).visible_when is None


def test_a_dialog_shows_always_what_depends_on_something_that_is_not_asked():
    made = dialog([WHY], "en", "answer", "Answer")
    assert made.fields[0].visible_when is None
    both = dialog([RATED, WHY], "en", "answer", "Answer")
    assert both.fields[1].visible_when == Condition("rated", Op.EQUALS, "B")
    assert (both.name, both.title) == ("answer", "Answer")


def test_a_dialog_asks_for_units_and_passwords():
    counted = dataclasses.replace(RATED, unit_points=D("0.1"), unit="call", shown_item="other",
                                  shown_code="X")
    made = dialog([counted, SIGNED_BY], "en", "answer", "Answer")
    assert [one.name for one in made.fields] == [
        "rated", "rated" + UNITS, "signed" + PASSWORD]


def test_hidden_answers_are_left_and_missing_ones_named():
    answers = read_dialog(FORM, FORM.items, {}, {"rated": "A", "why": "unasked"}, SIGNER)
    assert answers == {"rated": "A"}
    with pytest.raises(Invalid) as refused:
        read_dialog(FORM, FORM.items, {}, {"rated": "B"}, SIGNER)
    assert set(refused.value.errors) == {"why"}
    with pytest.raises(Invalid) as refused:
        read_dialog(FORM, FORM.items, {}, {"rated": "Z"}, SIGNER)
    assert set(refused.value.errors) == {"rated"}


def test_an_earlier_answer_stays_where_others_are_asked():
    answers = read_dialog(FORM, [WHY], {"rated": "B"}, {"why": "late"}, SIGNER)
    assert answers == {"rated": "B", "why": "late"}


def test_a_signature_that_is_missing_is_named_where_the_password_is_typed():
    form = ScoredForm("Form", "表", (Part("Part", "部分", (RATED, SIGNED_BY)),))
    with pytest.raises(Invalid) as refused:
        read_dialog(form, form.items, {}, {"rated": "A"}, SIGNER)
    assert set(refused.value.errors) == {"signed" + PASSWORD}
    answers = read_dialog(form, form.items, {}, {"rated": "A", "signed": SIGNED}, SIGNER)
    assert answers["signed"]["by"] == 7


@given(typed=st.one_of(
    st.text(max_size=30), st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.floats().map(str), st.integers().map(str)))
def test_whatever_number_is_taken_can_be_scored(typed):
    item = Item("x", ItemKind.PER_UNIT, "X", weight=D(100), unit_points=D(1),
                filled_by=FilledBy.REVIEWER)
    form = ScoredForm("Form", "表", (Part("Part", "部分", (item,)),))
    found, error = clean(item, typed)
    result = score(form, {"x": found})
    assert result.score is None if error is not None else result.score in (None, *(
        D(cents) / 100 for cents in range(10_001)))


@pytest.mark.parametrize("typed", ["123456789.123456", "999999999999", "-0.000001", "1e11"])
def test_a_number_that_is_taken_is_read_as_the_same_again(typed):
    item = Item("x", ItemKind.NUMBER, "X")
    found, error = clean(item, typed)
    assert error is None and D(found) == D(typed)
    assert clean(item, found) == (found, None)
    assert clean_field(field_of(item), found) == D(typed)


@pytest.mark.parametrize("typed", ["1000000000000", "0.0000001", "1e99", "nan", "x", "-1e12"])
def test_a_number_out_of_reach_is_refused(typed):
    assert clean(Item("x", ItemKind.NUMBER, "X"), typed)[1] is not None
