"""Names that sound alike: the same pinyin, or nearly so. Pure.

All names are put in the order of their sound, and each is compared with its neighbours only: a few
letters apart they stand close together, so the work grows with the number of names and not with
its square (the sorted neighbourhood method of Hernández and Stolfo).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.records.search.pinyin import sound_of

NEIGHBOURS = 6
"""With how many of the names that follow each is compared."""
LEAST_RATIO = 90
"""Least similarity of two sounds, from 0 to 100, at which names sound alike."""
# What people of several regions do not tell apart, and so type one for the other.
_HEARD_AS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_NO_LETTER = re.compile(r"[^a-z0-9]")


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """A customer as far as names are compared.

    Attributes:
        id: primary key.
        name: full name.
        phone: digest of the phone number; empty without one.
        id_number: digest of the ID number; empty without one.
        born_on: date of birth, or ``None``.
    """

    id: int
    name: str
    phone: str = ""
    id_number: str = ""
    born_on: dt.date | None = None


def alike(people: Sequence[Named]) -> Iterator[tuple[Named, Named]]:
    """Yield pairs whose names sound alike, the older first; the most alike pairs come first.

    Pairs with exactly the same name are left out, and those that a number or a date tells apart.

    Args:
        people: all that are compared, in any order.
    """
    fuzz: Any = importlib.import_module("rapidfuzz.fuzz")
    heard = sorted((_heard(sound_of(one.name)), one.id, one) for one in people if one.name.strip())
    found: list[tuple[float, int, Named, Named]] = []
    for place, (sound, _key, one) in enumerate(heard):
        for other_sound, _other_key, other in heard[place + 1:place + 1 + NEIGHBOURS]:
            ratio = fuzz.ratio(sound, other_sound, score_cutoff=LEAST_RATIO)
            if not ratio or one.name == other.name or are_told_apart(one, other):
                continue
            first, second = sorted((one, other), key=lambda named: named.id)
            found.append((-ratio, -second.id, first, second))
    for _ratio, _newest, first, second in sorted(found, key=lambda pair: pair[:2]):
        yield first, second


def are_told_apart(one: Named, other: Named) -> bool:
    """Return whether a number or a date of both says that they are two people."""
    pairs = ((one.phone, other.phone), (one.id_number, other.id_number),
             (one.born_on, other.born_on))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _heard(sound: str) -> str:
    for typed, heard in _HEARD_AS:
        sound = sound.replace(typed, heard)
    return _NO_LETTER.sub("", sound)
