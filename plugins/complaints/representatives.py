"""Who speaks for the customers of a mass complaint. Pure.

A mass complaint is put forward by at most five representatives (CBIRC order 3 of 2020 on consumer
complaints in banking and insurance).
"""

from __future__ import annotations

import re

MOST = 5
_BETWEEN = re.compile(r"[、，,;；/|\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def names(text: str) -> list[str]:
    """Return the names that a text lists.

    They stand apart by commas, semicolons, strokes or line breaks; Chinese names, which hold no
    blanks, by blanks as well.
    """
    found: list[str] = []
    for part in _BETWEEN.split(text):
        found += part.split() if _HAN.search(part) else [part.strip()]
    return [name for name in found if name]
