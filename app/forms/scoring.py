"""What the answers to a form with points are worth. Pure, and exact until the last step.

An item that is left out (absent, hidden by its condition, or without a figure) never counts as
zero: the weights of the others grow in proportion until they add up to 100 again. All arithmetic is
done in fractions; the score is rounded once, at the end, to two places, half up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Protocol, cast

from app.forms.cleaning import InvalidValue, clean_field
from app.forms.definition import Field, Kind
from app.forms.item_fields import MOST_UNITS, UNITS, field_of, units_field
from app.forms.scored import HUNDRED, Item, ItemKind, ScoredForm, number
from app.i18n import N_, Message

CENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """How the points of one item came about.

    Attributes:
        item: name of the item.
        weight: weight in the form.
        effective_weight: weight after re-weighting; 0 for an item that is left out.
        level: code of the chosen level, or an empty text.
        base: points of level, figure or units alone, before units are added.
        added: points for units.
        points: points of ``weight``, after the cap; ``None`` for an item that is left out.
        counted: points of ``effective_weight`` that go into the score.
        is_capped: whether the cap took something away.
    """

    item: str
    weight: Decimal
    effective_weight: Fraction = Fraction(0)
    level: str = ""
    base: Fraction = Fraction(0)
    added: Fraction = Fraction(0)
    points: Fraction | None = None
    counted: Fraction = Fraction(0)
    is_capped: bool = False

    @property
    def is_left_out(self) -> bool:
        """Whether the item does not count."""
        return self.points is None


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """The score of a sheet, with its calculation.

    Attributes:
        lines: one for each scored item, in order.
        score: 0.00 to 100.00, above only where an item has no cap; ``None`` when nothing counts.
        missing: scored items that are shown and not answered yet, left out of the score.
    """

    lines: tuple[Line, ...]
    score: Decimal | None
    missing: tuple[str, ...] = ()


def rounded(value: Fraction) -> Decimal:
    """Return a fraction as a decimal of two places, half up.

    Args:
        value: any fraction that is not negative.
    """
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()) * CENT


def rounded_decimal(value: Decimal) -> Decimal:
    """Return a decimal of two places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def reweighted(
    weights: Mapping[str, Decimal], present: Collection[str]
) -> dict[str, Fraction]:
    """Return the weights of what is present, in their ratios, adding up to 100.

    Args:
        weights: weight by name, above 0.
        present: names that count; those without a weight are ignored.
    """
    counting = {name: Fraction(weight) for name, weight in weights.items() if name in present}
    total = sum(counting.values(), Fraction(0))
    return {name: weight * 100 / total for name, weight in counting.items()}


def is_shown(item: Item, answers: Mapping[str, Any]) -> bool:
    """Return whether an item is asked, given the answers.

    Args:
        item: the item.
        answers: what has been answered, by name of the item.
    """
    return not item.shown_item or answers.get(item.shown_item) == item.shown_code


def visible(form: ScoredForm, answers: Mapping[str, Any]) -> list[Item]:
    """Return the items that are asked, in order; what depends on a hidden item is hidden too.

    Args:
        form: a published form.
        answers: what has been answered, by key of the item.
    """
    seen: dict[str, Any] = {}
    found: list[Item] = []
    for item in form.items:
        if is_shown(item, seen):
            found.append(item)
            seen[item.name] = answers.get(item.name)
    return found


def score(
    form: ScoredForm, answers: Mapping[str, Any], left_out: Collection[str] = (),
    weights: Mapping[str, Decimal] | None = None,
) -> Result:
    """Return what answers are worth.

    Args:
        form: the form.
        answers: cleaned answers, see ``clean``.
        left_out: items that do not count by a rule, e.g. for somebody who was absent.
        weights: weights by name of the item in place of those of the form, e.g. of a month; points
            of an item keep their share of its weight, and one whose weight is 0 does not count.
    """
    given = {item.name: (weights or {}).get(item.name, item.weight)
             for item in form.scored_items}
    asked = {item.name for item in visible(form, answers)}
    raw: dict[str, Line] = {}
    missing: list[str] = []
    for item in form.scored_items:
        if item.name not in asked or item.name in left_out or not given[item.name]:
            continue
        line = _points(item, answers)
        if line is None:
            missing.append(item.name)
        else:
            raw[item.name] = line
    effective_weights = reweighted(given, raw.keys())
    lines: list[Line] = []
    for item in form.scored_items:
        found = raw.get(item.name)
        if found is None or found.points is None:
            lines.append(Line(item.name, item.weight))
            continue
        effective = effective_weights[item.name]
        lines.append(dataclasses.replace(
            found, effective_weight=effective,
            counted=found.points * effective / Fraction(item.weight)))
    total = sum((line.counted for line in lines), Fraction(0))
    return Result(tuple(lines), rounded(total) if raw else None, tuple(missing))


def _points(item: Item, answers: Mapping[str, Any]) -> Line | None:
    held = answers.get(item.name)
    base = _base(item, held)
    if base is None:
        return None
    added = Fraction(0)
    if item.kind is ItemKind.LEVELS and item.unit_points is not None:
        added = _fraction(answers.get(item.name + UNITS)) * Fraction(item.unit_points)
    points = max(base + added, Fraction(0))
    capped = min(points, Fraction(item.weight)) if item.capped else points
    return Line(
        item.name, item.weight, level=str(held) if item.kind is ItemKind.LEVELS else "",
        base=base, added=added, points=capped, is_capped=capped < points)


def _fraction(held: Any) -> Fraction:
    return Fraction(number(held) or 0)


def _base(item: Item, held: Any) -> Fraction | None:
    if held in (None, ""):
        return None
    if item.kind is ItemKind.LEVELS:
        level = item.level(str(held))
        return None if level is None else Fraction(level.points)
    if item.kind is ItemKind.PER_UNIT:
        return _fraction(held) * Fraction(item.unit_points or 0)
    worst, best = Fraction(item.worst or 0), Fraction(item.best or 0)
    share = (_fraction(held) - worst) / (best - worst)
    return Fraction(item.weight) * min(max(share, Fraction(0)), Fraction(1))


# --- figures -----------------------------------------------------------------------------------
def answer_of_figure(
    item: Item, figure: Decimal | None, second: Decimal = Decimal(0)
) -> str:
    """Return the answer that a figure gives to the item that it fills in.

    Args:
        item: an item with a source.
        figure: the figure; ``None`` where there is no data.
        second: the second figure, for levels that ask for one.

    Returns:
        The figure as text, or the code of the first level whose bounds are reached; an empty text
        without data, and for levels without bounds. Of levels with units it is their number.
    """
    if figure is None:
        return ""
    if item.fills_units:
        return f"{min(max(figure, Decimal(0)), Decimal(MOST_UNITS)).normalize():f}"
    if item.kind is ItemKind.LEVELS:
        return _level_of(item, figure, second)
    if item.kind is ItemKind.PER_UNIT:
        figure = min(max(figure, Decimal(0)), Decimal(MOST_UNITS))
    return f"{figure.normalize():f}"


def _level_of(item: Item, figure: Decimal, second: Decimal) -> str:
    if not any(one.has_bound for one in item.levels):
        return ""
    return next(
        (one.code for one in item.levels
         if (one.at_least is None or figure >= one.at_least)
         and (one.at_most is None or figure <= one.at_most)
         and (one.second_at_least is None or second >= one.second_at_least)), "")


# --- answers -----------------------------------------------------------------------------------
class Attached(Protocol):
    """A file on the record that a form is filled in for."""

    id: Any
    record_id: Any
    name: Any
    sha256: Any


def clean(
    item: Item, held: Any, files: Iterable[Attached] = ()
) -> tuple[Any, Message | None]:
    """Return an answer as it is stored, with what is wrong with it.

    Args:
        item: the item; a signature is given by ``app.forms.signing``, and is nothing here.
        held: what was typed or chosen; of files a key or several.
        files: the files on the record that the form is filled in for; no other is taken.

    Returns:
        A text; of files a list with key, record, name and hash of each, or an empty text.
    """
    if item.kind is ItemKind.SIGNATURE:
        return "", None
    if item.kind is ItemKind.FILE:
        return _clean_files(item, held, files)
    return _cleaned(field_of(item), held)


def _cleaned(field: Field, held: Any) -> tuple[str, Message | None]:
    """Return a value as the text that a sheet holds; a number as it was typed, to the last zero."""
    text = str(held if held is not None else "")
    try:
        value = clean_field(field, text)
    except InvalidValue as error:
        return "", error.message
    if field.kind is Kind.DECIMAL and value is not None:
        return f"{Decimal(text.strip()):f}", None
    return "" if value is None else str(value), None


def _clean_files(
    item: Item, held: Any, files: Iterable[Attached]
) -> tuple[Any, Message | None]:
    several = cast("Sequence[Any]", held if isinstance(held, list | tuple) else [held])
    given = [one for one in several if one not in (None, "")]
    try:
        wanted = cast("Sequence[int]", clean_field(field_of(item), given))
    except InvalidValue as error:
        return "", error.message
    found = [{"id": one.id, "record": one.record_id, "name": one.name, "sha256": one.sha256}
             for one in sorted(files, key=lambda one: one.id) if one.id in wanted]
    if len(found) < len(wanted):
        return "", Message(N_("Choose among the files that lie on the record."))
    return found or "", None


def read_item(
    item: Item, typed: Mapping[str, Any], files: Iterable[Attached] = (), *,
    corrects: bool = False,
) -> tuple[dict[str, Any], Message | None]:
    """Return the answer to one item, with its units, and what is wrong with it.

    Args:
        item: the item.
        typed: what was typed, by name of the item, units under the name and ``UNITS``.
        files: the files on the record that the form is filled in for.
        corrects: whether units count that a figure has given otherwise.
    """
    text, error = clean(item, typed.get(item.name), files)
    given = {item.name: text}
    if error is None and item.counts_units and item.levels and (corrects or not item.fills_units):
        given[item.name + UNITS], error = _cleaned(
            units_field(item), typed.get(item.name + UNITS))
    return given, error


def open_items(form: ScoredForm, answers: Mapping[str, Any], left_out: Collection[str] = ()) \
        -> list[Item]:
    """Return the items that must be answered and are not.

    Args:
        form: the form.
        answers: cleaned answers.
        left_out: items that do not count.
    """
    return [
        item for item in visible(form, answers)
        if item.name not in left_out and (item.required or item.is_scored)
        and answers.get(item.name) in (None, "")
    ]


__all__ = [
    "CENT", "HUNDRED", "UNITS", "Attached", "Line", "Result", "answer_of_figure", "clean",
    "is_shown", "open_items", "read_item", "reweighted", "rounded",
    "rounded_decimal", "score", "visible",
]
