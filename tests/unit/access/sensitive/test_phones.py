"""A phone number is one number, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.sensitive.phones import canonical, digits_of


@pytest.mark.parametrize(
    "written",
    ["13900012345", "139 0001 2345", "139-0001-2345", "１３９ ０００１ ２３４５ ",
     "+86 13900012345", "+86-139-0001-2345", "008613900012345", "013900012345",
     "(+86) 139 0001 2345", "139–0001–2345", "139\u00a00001\u30002345"],
)
def test_a_mobile_number_is_its_eleven_digits(written):
    assert canonical(written) == "13900012345"
    assert digits_of(written).endswith("13900012345")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("010-6655 4433", "010-66554433"),
        ("０１０－６６５５４４３３", "010-66554433"),
        ("400-800-8888", "400-800-8888"),
        ("010-66554433-801", "010-66554433-801"),
        ("+44 20 7946 0958", "+442079460958"),
        ("95588", "95588"),
        (" li.na@example.com ", "li.na@example.com"),
        ("微信 lina 88", "微信 lina 88"),
        ("", ""),
    ],
)
def test_anything_else_keeps_what_it_says(written, kept):
    assert canonical(written) == kept


def test_only_a_number_has_digits():
    assert digits_of("010-6655 4433") == "01066554433"
    assert digits_of("微信 lina 88") == ""
    assert digits_of("") == ""


@given(st.text(alphabet="0123456789 +-()０１abc@微\u3000", max_size=40))
def test_what_is_kept_is_kept_again(text):
    assert canonical(canonical(text)) == canonical(text)
