"""Reads parts of a declaration and says in one sentence what is wrong with them. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
_LONGEST_LABEL = 60


class DeclarationError(ValueError):
    """The declaration cannot be used; the message is one sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    en: str
    zh: str


def words(given: Mapping[str, Any], key: str, place: str = "The file") -> Words:
    """Return a text that is given in both languages."""
    held = given.get(key)
    if not isinstance(held, dict) or held.keys() != {"en", "zh"}:
        raise DeclarationError(f"{place}: {key} needs en and zh.")
    for text in held.values():
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_LABEL:
            raise DeclarationError(
                f"{place}: {key} must be texts of at most {_LONGEST_LABEL} characters."
            )
        # The texts become Python source; quoting cares for all but what cannot be read there.
        if not text.isprintable() or "%" in text:
            raise DeclarationError(f"{place}: {key} must be plain text without percent signs.")
    return Words(en=held["en"].strip(), zh=held["zh"].strip())


def matching(given: Mapping[str, Any], key: str, pattern: re.Pattern[str], what: str) -> str:
    """Return a text that matches a pattern, which ``what`` describes."""
    value = given.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise DeclarationError(f"{key} must be {what}, not {value!r}.")
    return value


def flag(given: Mapping[str, Any], key: str, place: str, *, default: bool = False) -> bool:
    """Return a yes or no."""
    value = given.get(key, default)
    if not isinstance(value, bool):
        raise DeclarationError(f"{place}: {key} is true or false.")
    return value


def only(given: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """Refuse keys that mean nothing."""
    for key in given.keys() - set(known):
        raise DeclarationError(f"{place} holds {key}, which means nothing here.")


def listed(given: Mapping[str, Any], key: str, place: str, *, among: Collection[str] = ()) -> tuple[
        str, ...]:
    """Return a list of texts, each ``among`` some where that is given."""
    held = given.get(key, [])
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        raise DeclarationError(f"{place}: {key} is a list of texts.")
    for one in held:
        if among and one not in among:
            raise DeclarationError(f"{place}: {key} may hold {', '.join(among)}, not {one}.")
    return tuple(held)
