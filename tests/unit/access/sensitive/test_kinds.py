"""Masks hide, canonical forms agree, and numbers are recognised within texts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.access.sensitive import kinds

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITY = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)


@pytest.mark.parametrize(("kind", "text", "mask"), [
    ("phone", "+86 138-1234-5678", "138****5678"),
    ("phone", "021-58881234", "021****1234"),
    ("phone", "58881234", "****1234"),
    ("phone", "110", "****"),
    ("id_number", "110101199003071234", "110***********1234"),
    ("id_number", "11010119900307123x", "110***********123X"),
    ("contact", "13812345678", "138****5678"),
    ("contact", "xiaoming@example.com", "x****@example.com"),
    ("contact", "a@example.com", "****@example.com"),
    ("contact", "wx_ming", "w****"),
    ("contact", "王", "****"),
    ("text", "8,000 a month", "8****"),
])
def test_masks(kind, text, mask):
    rules = kinds.KINDS[kind]
    assert rules.mask(rules.canonical(text)) == mask


@given(st.sampled_from(sorted(kinds.KINDS)),
       st.text(st.characters(exclude_characters="*＊"), min_size=1, max_size=60))
def test_a_mask_never_tells_more_than_seven_characters_of_a_text_without_a_host(kind, text):
    clear = kinds.KINDS[kind].canonical(text)
    mask = kinds.KINDS[kind].mask(clear)
    assert kinds.looks_masked(mask)
    assert clear == "" or clear not in mask
    if "@" not in clear:
        assert len(mask.replace("*", "")) <= 7


# A blank taken out from between a letter and its accent would join them the next time.
@example("card", "e \u0301")
@given(st.sampled_from(sorted(kinds.KINDS)), st.text(max_size=60))
def test_a_canonical_form_is_its_own_canonical_form(kind, text):
    once = kinds.KINDS[kind].canonical(text)
    assert kinds.KINDS[kind].canonical(once) == once


@given(MOBILES, IDENTITY, st.sampled_from(["", "，", " ", "电话", "-"]))
def test_numbers_within_a_text_are_found_and_masked(phone, identity, between):
    text = f"甲{phone}{between}乙{identity}丙"
    assert kinds.numbers_in(text) == [phone, identity]
    masked = kinds.mask_numbers(text)
    assert phone not in masked and identity not in masked
    assert phone not in kinds.without_numbers(text)


@pytest.mark.parametrize("text", ["2026-11-22", "TS-2026-000012", "1234567890123", "5678"])
def test_other_numbers_stay_what_they_are(text):
    assert kinds.mask_numbers(text) == text
    assert kinds.numbers_in(text) == []


@pytest.mark.parametrize(("text", "tail"), [
    ("13812345678", "5678"), ("021-58881234", "1234"), ("11010119900307123X", "123X"),
    ("12345", ""), ("wx_ming1234", ""), ("", ""),
])
def test_the_last_four_of_numbers_find_them(text, tail):
    assert kinds.tail_of(text) == tail
