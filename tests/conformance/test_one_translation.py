"""All catalogues are in force as one: of two translations of a text, one would be lost."""

from __future__ import annotations

from collections import defaultdict

from babel.messages.pofile import read_po

from config import ROOT

CATALOGUES = [
    ROOT / "app/translations/zh/LC_MESSAGES/messages.po",
    *sorted((ROOT / "plugins").glob("*/translations/zh/LC_MESSAGES/messages.po")),
]


def test_every_text_has_one_translation():
    found: dict[object, dict[object, str]] = defaultdict(dict)
    for path in CATALOGUES:
        with path.open("rb") as stream:
            for message in read_po(stream):
                if message.id and message.string:
                    found[message.id].setdefault(message.string, str(path.relative_to(ROOT)))
    assert len(found) > 1000
    assert {text: both for text, both in found.items() if len(both) > 1} == {}
