"""Templates hold no style and no script of their own: the content security policy forbids both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import files, name_of

_JINJA = re.compile(r"\{#.*?#\}", re.DOTALL)
_FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without a file": re.compile(
        r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*type\s*=\s*[\"']application/json[\"'])", re.IGNORECASE
    ),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=(?!=)", re.IGNORECASE),
    "script address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "address of another host": re.compile(
        r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//",
        re.IGNORECASE,
    ),
}


def _templates() -> list[Path]:
    return files("*.html", "*.jinja", "*.svg", under=("app", "plugins"))


def _found(what: str, text: str) -> list[int]:
    # Comments keep their lines, so that the numbers stay right.
    text = _JINJA.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    return [text.count("\n", 0, hit.start()) + 1 for hit in _FORBIDDEN[what].finditer(text)]


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_templates_hold_none(what: str) -> None:
    assert _templates()
    hits = [
        f"{name_of(path)}:{line}"
        for path in _templates()
        for line in _found(what, path.read_text(encoding="utf-8"))
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("style attribute", '<p class="a"\n style="color:red">'),
        ("style element", "<style>p {}</style>"),
        ("script without a file", "<script>alert(1)</script>"),
        ("script without a file", '<script nonce="{{ nonce }}">alert(1)</script>'),
        ("event handler", '<button type="button" onclick="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("address of another host", '<script src="//cdn.example.com/x.js"></script>'),
    ],
)
def test_the_patterns_find_what_they_should(what: str, text: str) -> None:
    assert _found(what, text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{{ asset(\'main.js\') }}" nonce="x"></script>',
        '<script type="application/json" data-chart>{}</script>',
        '<a href="https://example.com" data-style="compact" data-on="x">on = style=</a>',
        '{# <p style="x"> #}',
    ],
)
def test_the_patterns_leave_the_rest(text: str) -> None:
    assert [what for what in _FORBIDDEN if _found(what, text)] == []
