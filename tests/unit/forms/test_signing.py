"""Signatures and files in a form: what is signed stays, and no file of another record is taken."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.faults import problems
from app.forms.scored import FilledBy, Item, ItemKind, Part, ScoredForm
from app.forms.scoring import clean, open_items
from app.forms.signing import (
    BY_CHANGE,
    BY_SIGNER,
    SIGNED,
    VOID,
    VOIDED,
    Signer,
    answered,
    holds,
    sign,
    signed_items,
    standing,
    without_broken,
)

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LI, WANG = Signer(1, "李", NOW), Signer(2, "王", NOW)
RATER = FilledBy.REVIEWER
WORDS = Item("words", ItemKind.TEXT, "Words", filled_by=FilledBy.SUBJECT)
REMARK = Item("remark", ItemKind.TEXT, "Remark", filled_by=RATER)
MARK = Item("mark", ItemKind.SIGNATURE, "Mark", filled_by=FilledBy.SUBJECT, required=True,
            help="I have read it.")
BELOW = Item("below", ItemKind.TEXT, "Below", filled_by=FilledBy.SUBJECT)
FORM = ScoredForm("F", "", (Part("", "", (WORDS, REMARK, MARK, BELOW)),
                            Part("", "", (Item("other", ItemKind.TEXT, "Other"),))))
OWN = [WORDS, MARK, BELOW]
FILES = [SimpleNamespace(id=one, record_id=1, name=f"{one}.pdf", sha256="0" * 64)
         for one in (3, 7)]


def signed(**held):
    return answered(FORM, OWN, held, {"words": "fine", "below": "", "mark": SIGNED}, LI).answers


def test_a_signature_says_who_when_and_confirms_what_its_side_answers_above_it():
    found = signed()
    assert standing(MARK, found)["by"] == 1 and standing(MARK, found)["at"] == NOW.isoformat()
    assert standing(MARK, found)["items"] == ["words"] and signed_items(FORM, found) == {"words"}
    assert holds(FORM, MARK, found) and not open_items(FORM, found)


def test_what_others_had_answered_by_then_is_confirmed_too():
    found = signed(remark="good", other="x")
    assert standing(MARK, found)["items"] == ["words", "remark"]
    assert not holds(FORM, MARK, {**found, "remark": "bad"})
    assert holds(FORM, MARK, {**found, "other": "y", "below": "z"})


def test_a_signed_answer_stays_until_its_signer_voids_the_signature():
    found = signed()
    refused = answered(FORM, OWN, found, {"words": "other", "below": "more"}, LI)
    assert set(refused.errors) == {"words"} and refused.answers["words"] == "fine"
    # The page shows it and does not send it.
    assert answered(FORM, OWN, found, {"below": "more"}, LI).answers == {
        **found, "below": "more"}
    foreign = answered(FORM, OWN, found, {"mark" + VOID: "1"}, WANG).answers
    assert standing(MARK, foreign) is not None
    voided = answered(FORM, OWN, found, {"mark" + VOID: "1"}, LI).answers
    assert standing(MARK, voided) is None and voided["words"] == "fine"
    assert [one["reason"] for one in voided["mark" + VOIDED]] == [BY_SIGNER]
    assert [item.name for item in open_items(FORM, voided)] == ["mark"]
    again = answered(FORM, OWN, voided, {"words": "other", "mark": SIGNED}, LI).answers
    assert holds(FORM, MARK, again) and len(again["mark" + VOIDED]) == 1


def test_an_answer_that_changes_otherwise_voids_the_signature_for_everybody_to_see():
    found = without_broken(FORM, {**signed(), "words": "changed"}, WANG)
    assert standing(MARK, found) is None
    assert found["mark" + VOIDED][0]["reason"] == BY_CHANGE
    assert without_broken(FORM, signed(), WANG) == signed()


def test_a_forged_signature_is_nothing():
    for typed in ({"by": 1}, "1", "yes", True):
        found = answered(FORM, OWN, {}, {"words": "x", "mark": typed}, LI).answers
        assert standing(MARK, found) is None
    assert clean(MARK, sign(FORM, MARK, {}, LI)) == ("", None)
    # Nor does it come into being at a place of somebody else.
    assert answered(FORM, [REMARK], {}, {"mark": SIGNED}, WANG).answers.get("mark", "") == ""


texts = st.sampled_from(("", "a", "b"))


@given(st.lists(st.tuples(texts, texts, st.booleans(), st.booleans()), max_size=6))
def test_no_way_of_typing_changes_what_a_standing_signature_confirms(steps):
    held: dict = {}
    for words, below, signs, voids in steps:
        before = held
        held = answered(FORM, OWN, held, {
            "words": words, "below": below, **({"mark": SIGNED} if signs else {}),
            **({"mark" + VOID: "1"} if voids else {})}, LI).answers
        if standing(MARK, held) is not None:
            assert holds(FORM, MARK, held)
            if standing(MARK, held) == standing(MARK, before):
                assert held["words"] == before["words"]
        assert len(held.get("mark" + VOIDED, ())) >= len(before.get("mark" + VOIDED, ()))


def test_files_are_those_of_the_record_alone():
    item = Item("proof", ItemKind.FILE, "Proof", required=True)
    both = [{"id": one.id, "record": 1, "name": one.name, "sha256": one.sha256} for one in FILES]
    assert clean(item, ["7", "3", ""], FILES) == (both, None)
    assert clean(item, "3", FILES) == (both[:1], None)
    assert clean(item, [], FILES) == clean(item, None, FILES) == clean(item, "", FILES) == (
        "", None)
    for forged in (["3", "8"], "8", ["x"], [{"id": 3}], both):
        found, error = clean(item, forged, FILES)
        assert found == "" and error is not None
    assert clean(item, ["3"])[1] is not None


@pytest.mark.parametrize("language", ["help", "help_zh"])
def test_a_signature_needs_a_statement(language):
    bare = Item("mark", ItemKind.SIGNATURE, "Mark")
    [found] = problems(ScoredForm("F", "", (Part("", "", (bare,)),)))
    assert "statement" in found.msgid
    full = Item("mark", ItemKind.SIGNATURE, "Mark", **{language: "I agree."})
    assert problems(ScoredForm("F", "", (Part("", "", (full,)),))) == []
