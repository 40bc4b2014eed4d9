"""Phone numbers as people write them, in one form: pure.

The telephone system, a customer's letter and an agent in a hurry write the same number in many
ways. One form is kept, so that a number is found again and compared by equality.
"""

from __future__ import annotations

import re
import unicodedata

# Digits with the signs that people set between them.
_NUMBER = re.compile(r"[+(0-9][0-9 ()+\-]*")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BLANKS = re.compile(r"\s+")
_SIGNS = re.compile(r"[ ()\-+]")
# A mobile number of China, with the country code or the 0 of a trunk call before it.
_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9][0-9]{9})")

# With fewer digits it may be anything.
_SHORTEST = 7
# Signs that make digits the beginning of a name or an address.
_CONTINUED = re.compile(r"[a-z_@.]", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|x|#|,) ?[0-9]{1,6}", re.IGNORECASE)


def digits_of(text: str) -> str:
    """Return the digits alone of a text that is a phone number, empty for any other text.

    Args:
        text: what was typed.
    """
    folded = _folded(text)
    return _SIGNS.sub("", folded) if _NUMBER.fullmatch(folded) else ""


def is_more_than_a_number(text: str) -> bool:
    """Return whether a text goes on behind a phone number, and so is compared with no number.

    A mail address or a name that begins with digits is none; an extension belongs to its number.

    Args:
        text: what was typed.
    """
    folded = _folded(text)
    begin = _NUMBER.match(folded)
    if begin is None or len(_SIGNS.sub("", begin[0])) < _SHORTEST:
        return False
    rest = folded[begin.end():]
    if not rest or _EXTENSION.fullmatch(rest):
        return False
    # A blank before it ends the number.
    return begin[0].endswith(" ") or not _CONTINUED.match(rest)


def canonical(text: str) -> str:
    """Return a phone number in the form that is kept.

    Full-width signs become plain ones. A Chinese mobile number is its eleven digits; of any other
    number only blanks go, for a hyphen may stand before an extension. What is no phone number
    (a mail address, a WeChat name) stays as it is but for blanks around it.

    Args:
        text: what was typed.
    """
    folded = _folded(text)
    if not _NUMBER.fullmatch(folded):
        return text.strip()
    mobile = _MOBILE.fullmatch(_SIGNS.sub("", folded))
    return mobile.group(1) if mobile else folded.replace(" ", "")


def dialled(text: str) -> str:
    """Return a number as a ``tel:`` link holds it: digits, after a plus where it has one.

    Args:
        text: canonical number.
    """
    return "+" * text.startswith("+") + digits_of(text)


def _folded(text: str) -> str:
    if text.isascii() and text.isalnum():
        # Most numbers are digits alone, and an import asks for the form of each a dozen times.
        return text
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return _BLANKS.sub(" ", text).strip()
