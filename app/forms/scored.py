"""Forms with points as data: sections, items, weights, levels, conditions. Pure.

For appraisals, inspections, surveys and whatever else is rated. A definition may have faults while
it is a draft; ``app.forms.faults`` names them in sentences, and nothing faulty is ever published.
Texts are written by people, in both languages, and are no message ids.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

MOST_ITEMS = 100
HUNDRED = Decimal(100)


class ItemKind(enum.StrEnum):
    """What an item asks for, and how its points come about."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    LEVELS = "levels"
    PER_UNIT = "per_unit"
    METRIC = "metric"
    FILE = "file"
    SIGNATURE = "signature"


SCORED = frozenset({ItemKind.LEVELS, ItemKind.PER_UNIT, ItemKind.METRIC})
WITH_LEVELS = frozenset({ItemKind.LEVELS, ItemKind.CHOICE})


class FilledBy(enum.StrEnum):
    """Who answers an item: the person whom the sheet is about, or who rates that person."""

    SUBJECT = "subject"
    REVIEWER = "reviewer"


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """A level that may be chosen.

    Attributes:
        code: short code, unique in the item, e.g. ``A``.
        points: what it is worth; 0 in an item without points.
        text, text_zh: what it means.
        at_least, at_most: the level is reached by a figure of this size, see ``Item.source``; at
            most one of them is given.
        second_at_least: the level asks for a second figure of this size besides, see
            ``Item.second_source``.
    """

    code: str
    points: Decimal = Decimal(0)
    text: str = ""
    text_zh: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    second_at_least: Decimal | None = None

    @property
    def has_bound(self) -> bool:
        """Whether a figure decides if the level is reached."""
        return self.at_least is not None or self.at_most is not None


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One line of a form.

    Attributes:
        name: lower-case identifier, unique in the form.
        kind: what it asks for.
        label, label_zh: what it is called.
        weight: points that it is worth at most; 0 for what is not scored.
        filled_by: who answers it.
        required: whether it must be answered while it is shown; a scored item always is.
        help, help_zh: a sentence below it; of a signature the statement that is signed.
        levels: for levels and choices.
        unit_points: points for each unit, added to those of the level; ``None`` without units.
        unit, unit_zh: what is counted.
        capped: whether level and units together give at most ``weight``.
        worst, best: of a metric: figures that give no points and all of them; in between the
            points follow in proportion. ``best`` may be the smaller one.
        source: name of a figure that fills the item by itself; empty for none. It is the number
            of units, the figure between ``worst`` and ``best``, or decides the level by the
            bounds of the levels. Of levels with units it is the number of units; the level is
            chosen by whoever rates.
        second_source: name of a second figure, which levels may ask for besides the first one.
        per_day: whether the figure is divided by the working days on which the person was there.
        shown_item, shown_code: the item is asked only when an earlier one has this level or
            choice; empty for always.
    """

    name: str
    kind: ItemKind
    label: str = ""
    label_zh: str = ""
    weight: Decimal = Decimal(0)
    filled_by: FilledBy = FilledBy.REVIEWER
    required: bool = False
    help: str = ""
    help_zh: str = ""
    levels: tuple[Level, ...] = ()
    unit_points: Decimal | None = None
    unit: str = ""
    unit_zh: str = ""
    capped: bool = True
    worst: Decimal | None = None
    best: Decimal | None = None
    source: str = ""
    second_source: str = ""
    per_day: bool = False
    shown_item: str = ""
    shown_code: str = ""

    @property
    def is_scored(self) -> bool:
        """Whether it gives points."""
        return self.kind in SCORED

    @property
    def counts_units(self) -> bool:
        """Whether a number of units is asked for."""
        return self.kind is ItemKind.PER_UNIT or (
            self.kind is ItemKind.LEVELS and self.unit_points is not None)

    @property
    def fills_units(self) -> bool:
        """Whether a figure gives the units alone, and somebody chooses the level."""
        return bool(self.source) and self.kind is ItemKind.LEVELS and self.unit_points is not None

    @property
    def is_filled_in(self) -> bool:
        """Whether a figure answers the item, and nobody is asked."""
        return bool(self.source) and not self.fills_units

    def level(self, code: str) -> Level | None:
        """Return a level by its code, or ``None``."""
        return next((one for one in self.levels if one.code == code), None)

    def text(self, language: str, name: str = "label") -> str:
        """Return a text in a language, or in the other one where it is missing.

        Args:
            language: ``zh`` or ``en``.
            name: ``label``, ``help`` or ``unit``.
        """
        return localised(self, name, language)


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading."""

    title: str = ""
    title_zh: str = ""
    items: tuple[Item, ...] = ()

    def text(self, language: str) -> str:
        """Return the heading in a language."""
        return localised(self, "title", language)


@dataclasses.dataclass(frozen=True, slots=True)
class ScoredForm:
    """A whole form.

    Attributes:
        title, title_zh: what it is called.
        parts: sections in order.
    """

    title: str = ""
    title_zh: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that give points, in order."""
        return tuple(item for item in self.items if item.is_scored)

    @property
    def total_weight(self) -> Decimal:
        """The sum of all weights."""
        return sum((item.weight for item in self.scored_items), Decimal(0))

    def item(self, name: str) -> Item | None:
        """Return an item by name, or ``None``."""
        return next((one for one in self.items if one.name == name), None)

    def text(self, language: str) -> str:
        """Return the title in a language."""
        return localised(self, "title", language)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``from_dict`` makes an equal form; defaults left out."""
        return _plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ScoredForm:
        """Return the form that ``to_dict`` described (also after a trip through JSON or YAML).

        Raises:
            TypeError, ValueError, AttributeError: a part is unknown or malformed.
        """
        parts = tuple(map(_part, values.get("parts") or ()))
        made: dict[str, Any] = {**_texts(values, "parts"), "parts": parts}
        return cls(**made)

    def content_hash(self) -> str:
        """Return a hash that is the same for equal forms, on every machine."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def localised(held: Any, name: str, language: str) -> str:
    """Return one of a pair of texts, ``name`` and ``name_zh``, with the other in its place.

    Args:
        held: what has both.
        name: name of the English text.
        language: ``zh`` or ``en``.
    """
    english, chinese = getattr(held, name), getattr(held, f"{name}_zh")
    return (chinese or english) if language == "zh" else (english or chinese)


def number(text: Any) -> Decimal | None:
    """Return a finite decimal of what people type or a file holds; ``None`` for nothing.

    Args:
        text: a number or a text.

    Raises:
        ValueError: it is no number, or one of more than 12 digits before the point or 18 in all.
    """
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if isinstance(text, bool):
        raise ValueError(f"{text!r} is no number")
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error
    if not found.is_finite() or abs(found) >= 10**12 or len(found.as_tuple().digits) > 18:
        raise ValueError(f"{text!r} is no usable number")
    return found


def _texts(values: Mapping[str, Any], besides: str) -> dict[str, str]:
    return {name: str(held if held is not None else "")
            for name, held in values.items() if name != besides}


def _part(values: Mapping[str, Any]) -> Part:
    items = tuple(map(_item, values.get("items") or ()))
    made: dict[str, Any] = {**_texts(values, "items"), "items": items}
    return Part(**made)


_BOUNDS = ("at_least", "at_most", "second_at_least")


def _level(values: Mapping[str, Any]) -> Level:
    made: dict[str, Any] = {
        name: str(held if held is not None else "") for name, held in values.items()
        if name not in ("points", *_BOUNDS)}
    made["points"] = number(values.get("points")) or Decimal(0)
    made |= {name: number(values.get(name)) for name in _BOUNDS}
    return Level(**made)


_NUMBERS = ("unit_points", "worst", "best")
_FLAGS = ("required", "capped", "per_day")


def _item(values: Mapping[str, Any]) -> Item:
    made: dict[str, Any] = {
        name: str(held if held is not None else "") for name, held in values.items()
        if name not in (*_NUMBERS, *_FLAGS, "levels", "weight")}
    made["kind"] = ItemKind(values["kind"])
    made["filled_by"] = FilledBy(values.get("filled_by", FilledBy.REVIEWER))
    made["weight"] = number(values.get("weight")) or Decimal(0)
    made["levels"] = tuple(map(_level, values.get("levels") or ()))
    made |= {name: number(values.get(name)) for name in _NUMBERS}
    made |= {name: bool(values[name]) for name in _FLAGS if name in values}
    return Item(**made)


_NEEDED = frozenset({"name", "kind", "code", "parts", "items"})


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            one.name: _plain(held)
            for one in dataclasses.fields(value)
            if (held := getattr(value, one.name)) != one.default or one.name in _NEEDED
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[Any, ...]", value)]
    if isinstance(value, Decimal):
        # 10.0 and 10 are one number, and are written one way.
        return f"{value.normalize():f}"
    return value.value if isinstance(value, enum.Enum) else value
