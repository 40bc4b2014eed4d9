"""No cell runs as a formula, and nothing is lost on the way out and back in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.cells import as_written, harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\ufeff=1", "\u3000+1"],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("value", ["", "a=1", "2026-01-31", "138-0000", "'quoted'", 5, -5.5, None])
def test_everything_else_stays(value: object) -> None:
    assert harmless(value) == value


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n ＝a1\u3000"), max_size=8) | st.text())
def test_nothing_is_lost(text: str) -> None:
    out = harmless(text.replace("\x00", ""))
    assert as_written(out) == text.replace("\x00", "")
    assert not out.lstrip(" \u3000\ufeff\u200b").startswith(("=", "+", "-", "@", "\t", "＝"))
