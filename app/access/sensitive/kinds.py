"""Kinds of sensitive value: their one canonical form, and what a mask leaves of them. Pure."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable

from app.access.sensitive import phones
from app.i18n import N_

STAR = "*"
MASK_GIVEN = N_("Type the whole value: a masked one cannot be saved.")
# A mask shows no more than this of a number, and always hides at least as many characters.
_HEAD, _TAIL = 3, 4
_MOBILE_STARS = 4
# The same for every text, so that a mask does not tell how long it is.
_TEXT_STARS = STAR * 4
_LONG_ENOUGH = _HEAD + _TAIL + _MOBILE_STARS
# With fewer digits the last four would be half of the number.
_SHORT = 8
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s\-]+")
_MASKED = re.compile(r"[*＊•●]{3,}")
# Numbers within a text: mobile numbers of China, identity numbers.
_NUMBERS = re.compile(
    r"(?<![0-9])(?:(?P<id>[0-9]{17}[0-9xX])|(?:0086|86)?(?P<phone>1[3-9][0-9]{9}))(?![0-9])"
)


@dataclasses.dataclass(frozen=True, slots=True)
class SensitiveKind:
    """A kind of sensitive value.

    Attributes:
        name: as ``Sensitive(kind=...)`` names it.
        canonical: returns what was typed in the form that is stored and compared.
        mask: returns what is shown of a canonical value.
        input: type of the field of a form, as HTML names it.
        has_tail: whether the last four characters find a value.
        is_found: whether the whole value finds it. An amount or a choice has few values: whoever
            tried them would learn it.
    """

    name: str
    canonical: Callable[[str], str]
    mask: Callable[[str], str]
    input: str = "text"
    has_tail: bool = True
    is_found: bool = True


def id_number(text: str) -> str:
    """Return an identity number without blanks, with full-width signs folded and a capital X.

    What holds other signs than those of a document's number stays as it is but for blanks around.
    """
    folded = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    return folded.upper() if folded.isascii() else text.strip()


def _stripped(text: str) -> str:
    return text.strip()


def _number_mask(text: str, stars: int | None = None) -> str:
    """Return a number with its first three and last four characters, or fewer of a short one."""
    length = len(text)
    if length >= _LONG_ENOUGH:
        return text[:_HEAD] + STAR * (stars or length - _HEAD - _TAIL) + text[-_TAIL:]
    if length >= _SHORT:
        return STAR * _MOBILE_STARS + text[-_TAIL:]
    return STAR * max(_MOBILE_STARS, length)


def mask_phone(text: str) -> str:
    """Return a phone number masked: ``138****5678``."""
    return _number_mask(text, _MOBILE_STARS)


def mask_id_number(text: str) -> str:
    """Return an identity number masked: ``110***********1234``."""
    return _number_mask(text)


def mask_contact(text: str) -> str:
    """Return how somebody is reached, masked: a phone number, a mail address, any other name.

    Args:
        text: canonical value.
    """
    if phones.digits_of(text):
        return mask_phone(text)
    name, at, host = text.partition("@")
    if at and "." in host and " " not in text:
        return name[:1] * (len(name) > 1) + _TEXT_STARS + at + host
    return mask_text_value(text)


def card_number(text: str) -> str:
    """Return the number of a bank card without blanks and hyphens, with full-width signs folded.

    What holds other signs stays as it is but for blanks around.
    """
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return folded if folded.isascii() else text.strip()


def mask_card(text: str) -> str:
    """Return the number of a bank card masked: ``****1234``."""
    return _TEXT_STARS + text[-_TAIL:] * (len(text) >= _SHORT)


def mask_all(_text: str) -> str:
    """Return a mask that tells nothing of the value, not even its length."""
    return _TEXT_STARS


def mask_text_value(text: str) -> str:
    """Return any text masked: its first character, if it has several."""
    return text[:1] * (len(text) > 1) + _TEXT_STARS


KINDS = {
    kind.name: kind
    for kind in (
        SensitiveKind("phone", phones.canonical, mask_phone, input="tel"),
        SensitiveKind("id_number", id_number, mask_id_number),
        SensitiveKind("contact", phones.canonical, mask_contact),
        SensitiveKind("text", _stripped, mask_text_value, has_tail=False),
        SensitiveKind("card", card_number, mask_card),
        SensitiveKind("hidden", _stripped, mask_all, has_tail=False, is_found=False),
    )
}


def looks_masked(text: str) -> bool:
    """Return whether a text holds stars as a mask does, and so cannot be a value."""
    return _MASKED.search(text) is not None


def comparable(text: str) -> str:
    """Return what two spellings of one value have in common: the digits, or the text in lower case.

    Args:
        text: canonical value.
    """
    return phones.digits_of(text) or text.casefold()


def tail_of(text: str) -> str:
    """Return the last four characters of a number in any canonical form, or an empty text."""
    digits = phones.digits_of(text) or (text if _is_id_number(text) else "")
    return digits[-_TAIL:] if len(digits) >= _SHORT else ""


def _is_id_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{14,17}[0-9X]", text) is not None


def forms_of(text: str) -> tuple[str, ...]:
    """Return the canonical forms that a typed text has as a value of any kind, each once."""
    return tuple(dict.fromkeys(kind.canonical(text) for kind in KINDS.values()))


def numbers_in(text: str) -> list[str]:
    """Return the mobile and identity numbers that stand in a text, in canonical form."""
    return [
        id_number(found["id"]) if found["id"] else found["phone"]
        for found in _NUMBERS.finditer(text)
    ]


def without_numbers(text: str) -> str:
    """Return a text in which every mobile and identity number gives way to a blank.

    Args:
        text: any text.
    """
    return _NUMBERS.sub(" ", text)


def mask_numbers(text: str) -> str:
    """Return a text in which every mobile and identity number is masked."""
    return _NUMBERS.sub(
        lambda found: mask_id_number(found[0]) if found["id"] else mask_phone(found["phone"]), text
    )
