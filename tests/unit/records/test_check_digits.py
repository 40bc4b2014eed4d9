"""Numbers that check themselves: one wrong character is never taken for a right one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from app.records.custom_fields import check_digits

VIN_SIGNS = "".join(set(string.ascii_uppercase + string.digits) - set("IOQ"))


def completed(body: str) -> str:
    """Return a vehicle identification number whose ninth character is worked out anew."""
    return next(text for sign in "0123456789X"
                if check_digits.vin(text := body[:8] + sign + body[9:]))


@pytest.mark.parametrize(("text", "kept"), [
    ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"), ("1m8gd m9ax-kp042788", "1M8GDM9AXKP042788"),
    ("11111111111111111", "11111111111111111"), ("1M8GDM9A1KP042788", ""),
    ("1M8GDM9AXKP04278", ""), ("IM8GDM9AXKP042788", ""), ("", ""),
])
def test_vehicle_identification_numbers(text, kept):
    assert check_digits.vin(text) == kept


@given(st.text(VIN_SIGNS, min_size=17, max_size=17), st.integers(0, 16),
       st.sampled_from(string.digits))
def test_a_wrong_digit_of_a_vehicle_number_is_noticed(body, place, digit):
    right = completed(body)
    wrong = right[:place] + digit + right[place + 1:]
    if right[place].isdigit() and right != wrong and place != 8:
        assert check_digits.vin(wrong) == ""


@given(st.text(string.digits, min_size=11, max_size=18))
def test_a_card_has_one_check_digit(body):
    right = body + luhn.calc_check_digit(body)
    assert check_digits.card(" ".join([right[:4], right[4:]])) == right
    others = [body + digit for digit in string.digits if body + digit != right]
    assert {check_digits.card(text) for text in others} == {""}


@pytest.mark.parametrize(("text", "kept"), [
    ("11010519491231002x", "11010519491231002X"), ("110105 19491231 002X", "11010519491231002X"),
    ("110105194912310021", ""), ("110105194913310021", ""), ("123456789012345", ""),
    ("no number", ""),
])
def test_identity_numbers(text, kept):
    assert check_digits.id_number(text) == kept


@pytest.mark.parametrize(("text", "kept"), [
    ("苏a12345", "苏A12345"), ("苏A·12345", "苏A12345"), ("沪AD12345", "沪AD12345"),
    ("粤B1234学", "粤B1234学"), ("苏AI2345", ""), ("A12345", ""), ("苏A1234", ""),
])
def test_plates(text, kept):
    assert check_digits.plate(text) == kept


@pytest.mark.parametrize(("text", "kept"), [
    ("+86 138-1234-5678", "13812345678"), ("025-8412 3456", "025-84123456"), ("110", ""),
    ("call me", ""),
])
def test_phones(text, kept):
    assert check_digits.phone(text) == kept
