"""Items of a form with points as fields. Pure.

An item says who answers it and what the answer is worth. How a value is typed, read and refused is
said by fields alone (``app.forms.definition``, ``app.forms.cleaning``), so that an answer on a
sheet, in a checklist or a survey is held to the same rules as a value in any other form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.forms.definition import Choice, Condition, Field, Kind, Op
from app.forms.scored import Item, ItemKind, localised
from app.i18n import N_

MOST_CHARACTERS = 4000
MOST_UNITS = 100_000
MOST_FILES = 20
"""How many files an item takes."""
UNITS = "__units"
"""What is added to the name of an item for its number of units."""
_LARGEST = Decimal(10) ** 12 - 1
_NUMBER = Field("number", Kind.DECIMAL, N_("Number"), places=6, minimum=-_LARGEST,
                maximum=_LARGEST)
_UNITS = dataclasses.replace(_NUMBER, minimum=0, maximum=MOST_UNITS)
_KINDS: Mapping[ItemKind, Field] = {
    ItemKind.DATE: Field("date", Kind.DATE, N_("Date")),
    ItemKind.FILE: Field("files", Kind.FILE, N_("Files"), maximum=MOST_FILES),
    ItemKind.NUMBER: _NUMBER, ItemKind.METRIC: _NUMBER, ItemKind.PER_UNIT: _UNITS,
    ItemKind.SIGNATURE: Field("signature", Kind.SIGNATURE, N_("Signature")),
    ItemKind.TEXT: Field("text", Kind.LONG_TEXT, N_("Text"), length=MOST_CHARACTERS),
    ItemKind.LEVELS: Field("level", Kind.CHOICE, N_("Level")),
    ItemKind.CHOICE: Field("choice", Kind.CHOICE, N_("Choice")),
}


def field_of(item: Item, language: str = "en") -> Field:
    """Return an item as a field; of a signature the password is typed, under the item's name.

    Args:
        item: the item.
        language: ``zh`` or ``en``; the texts are written by people, in both.
    """
    when = Condition(item.shown_item, Op.EQUALS, item.shown_code) if item.shown_item else None
    texts: dict[str, Any] = {
        "name": item.name, "label": item.text(language) or item.name,
        "help": item.text(language, "help"), "visible_when": when}
    if item.kind is not ItemKind.SIGNATURE:
        # Whether a signature must be given depends on who signs.
        texts["required"] = item.required or item.is_scored
    choices = tuple(
        Choice(level.code, f"{level.code} {localised(level, 'text', language)}".strip())
        for level in item.levels)
    return dataclasses.replace(_KINDS[item.kind], choices=choices, **texts)


def units_field(item: Item, language: str = "en") -> Field:
    """Return the number of units of an item as a field.

    Args:
        item: an item with levels that counts units besides.
        language: ``zh`` or ``en``.
    """
    return dataclasses.replace(
        _UNITS, name=item.name + UNITS, label=item.text(language, "unit") or item.text(language)
        or item.name)
