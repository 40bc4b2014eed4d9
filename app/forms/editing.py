"""A form with points as fields of one page: texts to be typed, and moves of its parts. Pure.

What a person has typed stays as it is, faults and all, until it can be read as a form.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.forms.scored import (
    MOST_ITEMS,
    WITH_LEVELS,
    FilledBy,
    Item,
    ItemKind,
    Level,
    Part,
    ScoredForm,
    number,
)
from app.i18n import N_, Message

TEXTS = ("name", "kind", "label", "label_zh", "weight", "filled_by", "help", "help_zh", "levels",
         "unit_points", "unit", "unit_zh", "worst", "best", "source", "second_source", "shown_item",
         "shown_code")
FLAGS = ("required", "capped", "per_day")
_DECIMALS = ("weight", "unit_points", "worst", "best")
_LONGEST = 2000
_ITEM = re.compile(r"p(\d{1,3})i(\d{1,3})-here\Z")
_PART = re.compile(r"p(\d{1,3})-here\Z")
_BOUND = re.compile(r"(>=|<=|≥|≤)\s*(\S+?)(?:\s*&\s*(?:>=|≥)\s*(\S+))?\Z")
_TARGET = re.compile(r"p(\d{1,3})(?:i(\d{1,3}))?\Z")

Errors = dict[str, Message]
"""What cannot be read, by name of the field."""


@dataclasses.dataclass(slots=True)
class TypedPart:
    """A section as typed: its titles, and the texts of each item by name of the field."""

    title: str = ""
    title_zh: str = ""
    items: list[dict[str, Any]] = dataclasses.field(default_factory=list[dict[str, Any]])


@dataclasses.dataclass(slots=True)
class TypedForm:
    """A form as typed."""

    title: str = ""
    title_zh: str = ""
    parts: list[TypedPart] = dataclasses.field(default_factory=list[TypedPart])


def typed(form: ScoredForm) -> TypedForm:
    """Return a form as texts for a page."""
    return TypedForm(form.title, form.title_zh, [
        TypedPart(part.title, part.title_zh, [_typed_item(item) for item in part.items])
        for part in form.parts])


def _typed_item(item: Item) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(item, name) for name in (*TEXTS, *FLAGS)}
    values["levels"] = write_levels(item)
    values |= {name: "" if values[name] is None else f"{values[name]:f}" for name in _DECIMALS}
    values |= {"kind": item.kind.value, "filled_by": item.filled_by.value}
    if not item.is_scored:
        values["weight"] = ""
    return values


def write_levels(item: Item) -> str:
    """Return levels one a line: code, points, English and Chinese text with ``|`` in between.

    A bound comes last, e.g. ``>= 15`` or ``<= 3``; with that of a second figure ``>= 100 & >= 1``.
    """
    def line(level: Level) -> str:
        parts = [level.code, f"{level.points:f}"] if item.is_scored else [level.code]
        bound = (f">= {level.at_least:f}" if level.at_least is not None
                 else f"<= {level.at_most:f}" if level.at_most is not None else "")
        if bound and level.second_at_least is not None:
            bound += f" & >= {level.second_at_least:f}"
        return " | ".join([*parts, level.text, level.text_zh, bound]).rstrip(" |")
    return "\n".join(map(line, item.levels))


def read_typed(values: Mapping[str, str]) -> TypedForm:
    """Return a form as a page has sent it.

    Args:
        values: fields by name: ``title``, ``p0-title``, ``p0i2-label`` …; ``p0-here`` and
            ``p0i2-here`` say that there is such a part.
    """
    def text(name: str) -> str:
        return values.get(name, "").strip()[:_LONGEST].replace("\r\n", "\n")

    parts: dict[int, TypedPart] = {}
    for place in sorted(int(found[1]) for name in values if (found := _PART.match(name))):
        parts[place] = TypedPart(text(f"p{place}-title"), text(f"p{place}-title_zh"))
    places = sorted((int(found[1]), int(found[2]))
                    for name in values if (found := _ITEM.match(name)))
    for part, place in places:
        if part in parts:
            start = f"p{part}i{place}-"
            parts[part].items.append({
                **{name: text(start + name) for name in TEXTS},
                **{name: (start + name) in values for name in FLAGS}})
    return TypedForm(text("title"), text("title_zh"), list(parts.values()))


# --- moves -------------------------------------------------------------------------------------
def free_name(form: TypedForm) -> str:
    """Return an identifier that no item of a form has."""
    taken = {item["name"] for part in form.parts for item in part.items}
    return next(name for place in range(1, 10_000) if (name := f"item_{place}") not in taken)


def new_item(form: TypedForm) -> dict[str, Any]:
    """Return an item with levels, to be filled in."""
    return {**dict.fromkeys(TEXTS, ""), "name": free_name(form), "kind": ItemKind.LEVELS.value,
            "filled_by": FilledBy.REVIEWER.value, "levels": "A | 10\nB | 5\nC | 0",
            "weight": "10", "required": False, "capped": True, "per_day": False}


def _add_part(form: TypedForm, _part: int, _item: int) -> str:
    form.parts.append(TypedPart())
    return f"p{len(form.parts) - 1}"


def _add_item(form: TypedForm, part: int, _item: int) -> str:
    if sum(len(one.items) for one in form.parts) < MOST_ITEMS:
        form.parts[part].items.append(new_item(form))
    return f"p{part}i{len(form.parts[part].items) - 1}"


def _copy(form: TypedForm, part: int, item: int) -> str:
    made = {**form.parts[part].items[item], "name": free_name(form)}
    form.parts[part].items.insert(item + 1, made)
    return f"p{part}i{item + 1}"


def _remove(form: TypedForm, part: int, item: int) -> str:
    if item < 0:
        del form.parts[part]
        return "parts"
    del form.parts[part].items[item]
    return f"p{part}"


def _move(form: TypedForm, part: int, item: int, step: int) -> str:
    """Move a section, or an item; at the end of its section it goes over to the next one."""
    if item < 0:
        other = part + step
        if 0 <= other < len(form.parts):
            form.parts[part], form.parts[other] = form.parts[other], form.parts[part]
        return f"p{max(0, min(other, len(form.parts) - 1))}"
    items, target = form.parts[part].items, item + step
    if 0 <= target < len(items):
        items[item], items[target] = items[target], items[item]
        return f"p{part}i{target}"
    other = part + step
    if not 0 <= other < len(form.parts):
        return f"p{part}i{item}"
    moved = items.pop(item)
    target = 0 if step > 0 else len(form.parts[other].items)
    form.parts[other].items.insert(target, moved)
    return f"p{other}i{target}"


MOVES: dict[str, Callable[[TypedForm, int, int], str]] = {
    "add-part": _add_part, "add-item": _add_item, "copy": _copy, "remove": _remove,
    "up": lambda form, part, item: _move(form, part, item, -1),
    "down": lambda form, part, item: _move(form, part, item, 1),
}


def move(form: TypedForm, what: str) -> str:
    """Change the parts of a typed form as a button says.

    Args:
        form: the form, changed in place.
        what: move and target, e.g. ``up:p0i2``, ``add-item:p1``, ``add-part:``; anything else, and
            a target that is not there, changes nothing.

    Returns:
        Where the person goes on: the anchor of the part that was touched, or an empty text.
    """
    name, _, target = what.partition(":")
    found = _TARGET.match(target)
    part = int(found[1]) if found else 0
    item = int(found[2]) if found and found[2] is not None else -1
    is_there = name == "add-part" or (
        found is not None and part < len(form.parts) and item < len(form.parts[part].items))
    if name not in MOVES or not is_there or (name == "copy" and item < 0):
        return ""
    return MOVES[name](form, part, item)


# --- reading -----------------------------------------------------------------------------------
def read_levels(text: str, is_scored: bool) -> tuple[Level, ...]:
    """Return the levels of a text of lines; see ``write_levels``.

    Args:
        text: one level a line; empty lines are passed over.
        is_scored: whether the second part is a number of points.

    Raises:
        ValueError: points or a bound are no number.
    """
    return tuple(_level([part.strip() for part in line.replace("｜", "|").split("|")], is_scored)
                 for line in text.splitlines() if line.strip())


def _level(parts: list[str], is_scored: bool) -> Level:
    code, *rest = parts
    points = number(rest.pop(0)) if is_scored and rest else None
    bounds: dict[str, Decimal | None] = {}
    if is_scored and rest and (found := _BOUND.match(rest[-1])):
        bounds["at_least" if found[1] in (">=", "≥") else "at_most"] = number(found[2])
        bounds["second_at_least"] = number(found[3])
        rest.pop()
    texts = [*rest, "", ""]
    return Level(code, Decimal(0) if points is None else points, texts[0], texts[1], **bounds)


def read(form: TypedForm) -> tuple[ScoredForm, Errors]:
    """Return what was typed as a form, and what could not be read.

    Args:
        form: the form as typed.
    """
    errors: Errors = {}
    parts = tuple(
        Part(part.title, part.title_zh, tuple(
            _read_item(item, f"p{place}i{line}-", errors)
            for line, item in enumerate(part.items)))
        for place, part in enumerate(form.parts))
    return ScoredForm(form.title, form.title_zh, parts), errors


def _read_item(typed_item: Mapping[str, Any], start: str, errors: Errors) -> Item:
    kind = _one_of(ItemKind, typed_item["kind"], ItemKind.TEXT)
    wanted = _fields_of(kind)
    values: dict[str, Any] = {}
    for name in _DECIMALS:
        try:
            values[name] = number(typed_item[name]) if name in wanted else None
        except ValueError:
            values[name] = None
            errors[start + name] = Message(N_("Enter a number."))
    levels: tuple[Level, ...] = ()
    if kind in WITH_LEVELS:
        try:
            levels = read_levels(typed_item["levels"], kind is ItemKind.LEVELS)
        except ValueError:
            errors[start + "levels"] = Message(N_(
                "Write the code and the points of each level, e.g. A | 10 | Good."))
    texts = {name: typed_item[name] for name in TEXTS
             if name not in (*_DECIMALS, "kind", "filled_by", "levels")}
    if "weight" not in wanted:
        texts["source"] = ""
    if kind is not ItemKind.LEVELS or not texts["source"]:
        texts["second_source"] = ""
    if "unit" not in wanted:
        texts |= {"unit": "", "unit_zh": ""}
    made: dict[str, Any] = {
        **texts, "kind": kind, "levels": levels,
        "filled_by": _one_of(FilledBy, typed_item["filled_by"], FilledBy.REVIEWER),
        "weight": values["weight"] if values["weight"] is not None else Decimal(0),
        "unit_points": values["unit_points"], "worst": values["worst"], "best": values["best"],
        "required": bool(typed_item["required"]),
        "capped": bool(typed_item["capped"]) or "unit" not in wanted,
        "per_day": bool(typed_item["per_day"]) and bool(texts["source"])}
    return Item(**made)


_WANTED: Mapping[ItemKind, frozenset[str]] = {
    ItemKind.LEVELS: frozenset({"weight", "unit_points", "unit"}),
    ItemKind.PER_UNIT: frozenset({"weight", "unit_points", "unit"}),
    ItemKind.METRIC: frozenset({"weight", "worst", "best"}),
}


def _fields_of(kind: ItemKind) -> frozenset[str]:
    return _WANTED.get(kind, frozenset())


def _one_of(kinds: Iterable[Any], value: str, default: Any) -> Any:
    return next((one for one in kinds if one.value == value), default)
