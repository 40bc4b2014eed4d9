"""The glossary names the words of the interface, and the interface keeps to them."""

from __future__ import annotations

import functools
import re

import pytest
from babel.messages.pofile import read_po

from config import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_CATALOGUES = sorted([
    *ROOT.glob("app/translations/zh/LC_MESSAGES/messages.po"),
    *ROOT.glob("plugins/*/translations/zh/LC_MESSAGES/messages.po"),
])


def rows() -> list[tuple[str, str]]:
    """Return the pairs of English and Chinese terms."""
    found = _ROW.findall(GLOSSARY.read_text(encoding="utf-8"))
    return [(english, chinese) for english, chinese, *_ in found
            if english not in ("English", "---")]


@functools.cache
def translations() -> dict[str, set[str]]:
    """Return the Chinese of every text of the interface."""
    found: dict[str, set[str]] = {}
    for path in _CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if isinstance(message.id, str) and message.id:
                    found.setdefault(message.id, set()).add(message.string)
    return found


def test_every_term_is_listed_once():
    terms = [english for english, _ in rows()]
    assert len(terms) > 50 and len(set(terms)) == len(terms)


@pytest.mark.parametrize(("english", "chinese"), rows())
def test_the_interface_translates_a_term_as_the_glossary_does(english, chinese):
    assert translations()[english] == {chinese}
