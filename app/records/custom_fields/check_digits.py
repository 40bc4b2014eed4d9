"""Numbers that check themselves: of identity cards, bank cards and vehicles. Pure.

Each function returns the canonical form of a number, or an empty text where it is none.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from app.access.sensitive import kinds, phones

_SIGNS = re.compile(r"[\s\-·•.]")
_SHORTEST_PHONE = 5
_CARD = re.compile(r"[0-9]{12,19}")
# Province, letter of the place, and five characters, or six of a car with a battery (GA 36-2018).
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
    r"(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警港澳])")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# Values of letters and weights of places (GB 16735): I, O and Q do not occur.
_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (
    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE, _MODULUS = 8, 11


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()


def phone(text: str) -> str:
    """Return a phone number as the product keeps it."""
    return phones.canonical(text) if len(phones.digits_of(text)) >= _SHORTEST_PHONE else ""


def id_number(text: str) -> str:
    """Return an identity number of China: place, date of birth and check digit are right."""
    try:
        return ric.validate(kinds.id_number(text))
    except ValidationError:
        return ""


def card(text: str) -> str:
    """Return the number of a bank card whose check digit is right."""
    digits = _plain(text)
    return digits if _CARD.fullmatch(digits) and luhn.is_valid(digits) else ""


def plate(text: str) -> str:
    """Return the plate number of a car of China."""
    found = _plain(text)
    return found if _PLATE.fullmatch(found) else ""


def vin(text: str) -> str:
    """Return a vehicle identification number whose check digit, the ninth character, is right."""
    found = _plain(text)
    if not _VIN.fullmatch(found):
        return ""
    total = sum(
        (int(sign) if sign.isdigit() else _LETTERS[sign]) * weight
        for sign, weight in zip(found, _WEIGHTS, strict=True))
    return found if found[_CHECK_PLACE] == "0123456789X"[total % _MODULUS] else ""
