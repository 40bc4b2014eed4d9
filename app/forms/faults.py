"""What stands against publishing a form with points, one sentence for each fault. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.forms.scored import HUNDRED, MOST_ITEMS, WITH_LEVELS, Item, ItemKind, Level, ScoredForm
from app.i18n import N_, Message

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
MOST_LEVELS = 20


def problems(form: ScoredForm) -> list[Message]:
    """Return what stands against publishing a form, one sentence for each fault.

    Args:
        form: the form.
    """
    return list(_form_problems(form))


def _form_problems(form: ScoredForm) -> Iterator[Message]:
    if not (form.title or form.title_zh):
        yield Message(N_("The form needs a title."))
    if not form.items:
        yield Message(N_("The form has no items."))
    if len(form.items) > MOST_ITEMS:
        yield Message(N_("A form has at most %(most)s items."), {"most": MOST_ITEMS})
    if form.scored_items and form.total_weight != HUNDRED:
        yield Message(N_("The weights add up to %(sum)s and not to 100."),
                      {"sum": f"{form.total_weight:f}"})
    earlier: dict[str, Item] = {}
    for item in form.items:
        if item.name in earlier:
            yield Message(N_("Two items have the identifier %(name)s."), {"name": item.name})
        for text in (*_common_problems(item), *_kind_problems(item),
                     *_condition_problems(item, earlier)):
            yield Message(text, {"item": item.label_zh or item.label or item.name})
        earlier[item.name] = item


def _common_problems(item: Item) -> Iterator[str]:
    if not NAME.match(item.name):
        yield N_("%(item)s: the identifier has small letters, digits and _ only, and begins with "
                 "a letter.")
    if not (item.label or item.label_zh):
        yield N_("%(item)s: a label is missing.")
    if item.is_scored and item.weight <= 0:
        yield N_("%(item)s: its weight must be above 0.")
    if not item.is_scored and item.weight:
        yield N_("%(item)s: an item without points has no weight.")
    if item.kind is ItemKind.SIGNATURE and not (item.help or item.help_zh):
        yield N_("%(item)s: the statement that is signed is missing.")


def _kind_problems(item: Item) -> Iterator[str]:
    if item.kind in WITH_LEVELS:
        yield from _level_problems(item)
    elif item.levels:
        yield N_("%(item)s: only levels and choices have levels.")
    if item.per_day and not item.source:
        yield N_("%(item)s: only a figure that fills itself in is divided by working days.")
    if item.source and not item.is_scored:
        yield N_("%(item)s: only an item with points is filled in by a figure.")
    if item.fills_units and any(one.has_bound for one in item.levels):
        yield N_("%(item)s: levels that a figure chooses have no units beside it.")
    if item.second_source and not any(one.second_at_least is not None for one in item.levels):
        yield N_("%(item)s: no level asks for the second figure.")
    if item.kind is ItemKind.PER_UNIT and not item.unit_points:
        yield N_("%(item)s: the points for each unit are missing.")
    if item.kind not in (ItemKind.PER_UNIT, ItemKind.LEVELS) and item.unit_points is not None:
        yield N_("%(item)s: only levels and units have points for each unit.")
    if item.kind is ItemKind.METRIC and (
            item.worst is None or item.best is None or item.worst == item.best):
        yield N_("%(item)s: it needs two different figures, one that gives no points and one "
                 "that gives all.")


def _level_problems(item: Item) -> Iterator[str]:
    codes = [one.code for one in item.levels]
    if len(codes) < 2 or len(codes) > MOST_LEVELS:
        yield N_("%(item)s: it needs two levels at least, and 20 at most.")
    if len(set(codes)) < len(codes) or "" in codes:
        yield N_("%(item)s: each level needs a code of its own.")
    if item.kind is ItemKind.LEVELS:
        if any(not 0 <= one.points <= item.weight for one in item.levels):
            yield N_("%(item)s: the points of a level lie between 0 and the weight.")
        elif item.levels and max(one.points for one in item.levels) != item.weight \
                and item.unit_points is None:
            yield N_("%(item)s: the best level must give the whole weight.")
    yield from _bound_problems(item)


def _bound_problems(item: Item) -> Iterator[str]:
    *upper, last = item.levels or (Level(""),)
    if not any(one.has_bound for one in item.levels):
        return
    if not item.source or item.kind is not ItemKind.LEVELS:
        yield N_("%(item)s: levels have bounds only where a figure chooses among them.")
    if not item.second_source and any(
            one.second_at_least is not None for one in item.levels):
        yield N_("%(item)s: a level asks for a second figure that is not chosen.")
    # The second figure tells levels apart whose first bound is the same.
    least = [(one.at_least, one.second_at_least or Decimal(0)) for one in upper
             if one.at_least is not None and one.at_most is None]
    most = [(one.at_most, -(one.second_at_least or Decimal(0))) for one in upper
            if one.at_most is not None and one.at_least is None]
    if last.has_bound or last.second_at_least is not None or (
            len(upper) not in (len(least), len(most))):
        yield N_("%(item)s: every level but the last one needs a bound, all of them at least or "
                 "all of them at most.")
    elif sorted(set(least), reverse=True) != least or sorted(set(most)) != most:
        yield N_("%(item)s: the bounds go from the strictest to the mildest one.")
    elif sorted((one.points for one in item.levels), reverse=True) != [
            one.points for one in item.levels]:
        yield N_("%(item)s: a stricter bound must not give fewer points.")


def _condition_problems(item: Item, earlier: Mapping[str, Item]) -> Iterator[str]:
    if not item.shown_item:
        if item.shown_code:
            yield N_("%(item)s: the condition names a level but no item.")
        return
    other = earlier.get(item.shown_item)
    if other is None or other.kind not in WITH_LEVELS:
        yield N_("%(item)s: the condition names no earlier item with levels.")
    elif other.level(item.shown_code) is None:
        yield N_("%(item)s: the condition names a level that is not there.")
