"""What a foreign exception says, on its way to a page and a terminal."""

from __future__ import annotations

import pytest

from app.host.discovery import first_line


class Speechless(Exception):
    """Cannot say what it is about."""

    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize(("error", "detail"), [
    (RuntimeError("表不存在\nmore"), "RuntimeError: 表不存在"),
    (RuntimeError(), "RuntimeError: no message"),
    (RuntimeError("\ud800 \x00\x1b[31m \u202eend"),
     r"RuntimeError: \ud800 \x00\x1b[31m \u202eend"),
    (Speechless(), "Speechless: its own text fails with ValueError"),
    (RuntimeError("长" * 10_000), "RuntimeError: " + "长" * 500),
], ids=["chinese", "empty", "signs", "speechless", "long"])
def test_a_foreign_exception_is_told_as_far_as_it_can_be_shown(error, detail):
    """Half a character made the page fail on which the plugin is switched off."""
    assert first_line(error) == detail
    detail.encode()
