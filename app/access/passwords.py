"""Which passwords are refused: those that are tried first by whoever wants to get in.

Pure. A list of a million leaked passwords would have to be shipped and kept; nearly all of its
entries with twelve signs and more are a well-known word, a name or a row of keys with digits around
it, and that is what is looked for here (NIST SP 800-63B, 5.1.1.2: commonly used, repetitive,
sequential and context-specific words).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from app.i18n import N_

MINIMUM_PASSWORD_LENGTH = 12
_FEWEST_SIGNS = 5
_FEWEST_LEFT = 5
_LONGEST_RUN = 3
_SHORTEST_WORD = 3

_COMMON = (
    "password", "passwort", "passwd", "passw", "administrator", "admin", "welcome", "letmein",
    "iloveyou", "changeme", "secret", "login", "master", "dragon", "monkey", "football",
    "baseball", "superman", "sunshine", "princess", "qazwsx", "1qaz2wsx", "q1w2e3r4",
    "zaq12wsx", "woaini", "mima", "test", "guest", "user", "root", "default", "temp", "hello",
    "company", "service", "support", "customer", "密码", "我爱你", "管理员",
)
_PRODUCT = ("careline", "客服")
_KEYS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "qwertz",
)
_ROWS = tuple(row for keys in _KEYS for row in (keys, keys[::-1]))
# Signs that stand for letters; as long as what they replace, so that places stay the same.
_LEET = str.maketrans("@4031!$57", "aaoelisst")

REPEATED = N_("This password repeats a few signs. Use more different ones.")
COMMON = N_("Passwords like this one are tried first. A few words in a row are best.")
OWN = N_("Names, numbers and the name of the product are tried first. Add a few other words.")
IN_ORDER = N_("Signs that follow each other are tried first. A few words in a row are best.")


def password_error(password: str, own: Iterable[str] = ()) -> str:
    """Return why a password is refused as an English message id, or an empty text.

    Args:
        password: what somebody chose; its length is checked elsewhere.
        own: words that people know of the account: user name, name, number.
    """
    text = unicodedata.normalize("NFKC", password).casefold()
    if len(set(text)) < _FEWEST_SIGNS or _is_periodic(text):
        return REPEATED
    free = [True] * len(text)
    words = [part for word in own for part in _parts(word)]
    has_own = _strike(text, (*words, *_PRODUCT), free)
    has_common = _strike(text, _COMMON, free)
    _strike_rows(text, free)
    left = "".join(
        sign for sign, is_free in zip(text, free, strict=True) if is_free and sign.isalnum()
    )
    if len(left.strip("0123456789")) >= _FEWEST_LEFT:
        return ""
    if has_own:
        return OWN
    return COMMON if has_common else IN_ORDER


def problem(password: str, own: Iterable[str] = ()) -> str:
    """Return why a password is refused, its length included, as an English sentence, or nothing.

    Args:
        password: as it came from an environment or a command line.
        own: see ``objection``.
    """
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        return f"A password has at least {MINIMUM_PASSWORD_LENGTH} characters."
    return password_error(password, own)


def _parts(word: str) -> list[str]:
    """Return a name whole and by its parts; very short ones occur in everything."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    spaced = "".join(sign if sign.isalnum() else " " for sign in folded)
    found = {folded, spaced.replace(" ", ""), *spaced.split()}
    return [
        part for part in found
        if len(part) >= _SHORTEST_WORD or (len(part) > 1 and not part.isascii())
    ]


def _is_periodic(text: str) -> bool:
    """Return whether the text is a shorter one, said at least twice."""
    return any(
        text == (text[:length] * (len(text) // length + 1))[: len(text)]
        for length in range(1, len(text) // 2 + 1)
    )


def _strike(text: str, words: Iterable[str], free: list[bool]) -> bool:
    """Strike out every occurrence of words, also with signs for letters; tell of any."""
    found = False
    for word in words:
        for written in (text, text.translate(_LEET)):
            place = written.find(word)
            while place >= 0:
                free[place : place + len(word)] = [False] * len(word)
                found = True
                place = written.find(word, place + 1)
    return found


def _strike_rows(text: str, free: list[bool]) -> None:
    """Strike out what follows each other in the alphabet, among digits or on the keyboard."""
    length = _LONGEST_RUN + 1
    for place in range(len(text) - length + 1):
        part = text[place : place + length]
        if len(set(part)) == 1 or any(part in row for row in _ROWS):
            free[place : place + length] = [False] * length
