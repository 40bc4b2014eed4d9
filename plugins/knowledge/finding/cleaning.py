"""Questions without what could tell who asked them. Pure but for the core's own rules."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from app.sdk.services import search_words, without_numbers

LONGEST_QUESTION = 300
_MAIL = re.compile(r"\S*@\S*")
_PLATE = re.compile(r"[\u3400-\u9fff][A-Za-z][ ·•.\-]?[A-Za-z0-9]{5,6}(?![A-Za-z0-9])")
_LONG_NUMBER = re.compile(r"[0-9](?:[ \-]?[0-9]){4,}")
_GAP = "***"


def cleaned(text: str) -> str:
    """Return a question as it may be kept: no numbers of five digits, mail addresses or plates.

    Args:
        text: what somebody typed.

    Returns:
        One line of at most ``LONGEST_QUESTION`` characters.
    """
    held = without_numbers(unicodedata.normalize("NFKC", text).replace("\x00", ""))
    for pattern in (_MAIL, _PLATE, _LONG_NUMBER):
        held = pattern.sub(_GAP, held)
    return " ".join(held.split())[:LONGEST_QUESTION]


def digest_of(text: str) -> str:
    """Return what two ways to write the same question have in common."""
    return hashlib.sha256(" ".join(search_words(text)).encode()).hexdigest()


def cleaned_lines(text: str) -> str:
    """Return a text of several lines as it may be shown to everybody; see ``cleaned``.

    Args:
        text: what somebody typed, of any length.
    """
    held = without_numbers(unicodedata.normalize("NFKC", text))
    for pattern in (_MAIL, _PLATE, _LONG_NUMBER):
        held = pattern.sub(_GAP, held)
    return held.strip()
