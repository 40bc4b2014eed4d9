"""Forms with points as YAML, and the comparison of two of them. Pure."""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

import yaml

from app.errors import Rejected
from app.forms.scored import Item, Level, ScoredForm
from app.i18n import N_, Message

MOST_BYTES = 200_000


class BadFormFile(Rejected):
    """A file holds no form; ``message`` says why."""


def write_form(form: ScoredForm) -> str:
    """Return a form as YAML, texts as people read them."""
    return yaml.safe_dump(form.to_dict(), allow_unicode=True, sort_keys=False, width=100)


def read_form(text: str | bytes) -> ScoredForm:
    """Return the form that a file holds; it may still have faults.

    Args:
        text: YAML, in UTF-8.

    Raises:
        BadFormFile: it is too large, no YAML or no form.
    """
    if len(text) > MOST_BYTES:
        raise BadFormFile(Message(N_("The file is too large.")))
    try:
        values = _load(text)
        return ScoredForm.from_dict(values)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFormFile(Message(N_("Line %(line)s is no YAML."), {"line": line})) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise BadFormFile(Message(N_("This is no YAML file."))) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise BadFormFile(Message(
            N_("The file holds no form: %(reason)s"), {"reason": str(error)[:200]})) from error


def _load(text: str | bytes) -> Mapping[str, Any]:
    # An alias can grow a short file beyond all bounds; forms need none.
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            raise BadFormFile(Message(N_("The file must not refer to itself.")))
    values = yaml.safe_load(text)
    if not isinstance(values, Mapping):
        raise BadFormFile(Message(N_("This is no YAML file.")))
    return cast("Mapping[str, Any]", values)


@dataclasses.dataclass(frozen=True, slots=True)
class ItemDifference:
    """One item that differs between two forms.

    Attributes:
        item: the item as it is now, or as it was where it is gone.
        what: ``added``, ``removed``, ``moved`` or ``changed``.
        fields: names of what differs, with the values before and after as texts.
    """

    item: Item
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()


def compare(before: ScoredForm, after: ScoredForm) -> list[ItemDifference]:
    """Return in what items two forms differ, in the order of the later form, removed ones last.

    Args:
        before: the earlier form.
        after: the later form.
    """
    old = {item.name: item for item in before.items}
    new = {item.name: item for item in after.items}
    common = [name for name in old if name in new]
    moved = _moved(common, [name for name in new if name in old]) | _in_other_sections(
        before, after)
    found: list[ItemDifference] = []
    for name, item in new.items():
        if name not in old:
            found.append(ItemDifference(item, "added"))
        elif fields := _fields(old[name], item):
            found.append(ItemDifference(item, "changed", fields))
        elif name in moved:
            found.append(ItemDifference(item, "moved"))
    return [*found, *(ItemDifference(item, "removed") for name, item in old.items()
                      if name not in new)]


def compare_headings(
    before: ScoredForm, after: ScoredForm
) -> tuple[tuple[str, str, str], ...]:
    """Return in what the title and the headings of two forms differ.

    Args:
        before: the earlier form.
        after: the later form.

    Returns:
        ``title`` or ``sections``, in Chinese with ``_zh``, with the texts before and after.
    """
    found: list[tuple[str, str, str]] = []
    for ending in ("", "_zh"):
        texts = [
            (getattr(form, f"title{ending}"),
             " / ".join(getattr(part, f"title{ending}") or "–" for part in form.parts))
            for form in (before, after)]
        found += [(f"{name}{ending}", *pair) for name, pair in zip(
            ("title", "sections"), zip(*texts, strict=True), strict=True) if pair[0] != pair[1]]
    return tuple(found)


def _moved(before: list[str], after: list[str]) -> set[str]:
    return {name for place, name in enumerate(after) if before[place] != name}


def _in_other_sections(before: ScoredForm, after: ScoredForm) -> set[str]:
    """Return the items that stand under another heading which both forms have."""
    old, new = (
        {item.name: (part.title, part.title_zh) for part in form.parts for item in part.items}
        for form in (before, after))
    kept = {(part.title, part.title_zh) for part in before.parts}.intersection(
        (part.title, part.title_zh) for part in after.parts)
    return {name for name, heading in new.items()
            if old.get(name) in kept and heading in kept and old[name] != heading}


def _fields(before: Item, after: Item) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (one.name, _written(getattr(before, one.name)), _written(getattr(after, one.name)))
        for one in dataclasses.fields(Item)
        if getattr(before, one.name) != getattr(after, one.name)
    )


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, tuple):
        return "; ".join(map(_written_level, cast("tuple[Any, ...]", value)))
    return str(value)


def _written_level(level: Level) -> str:
    bound = (f" ≥ {level.at_least:f}" if level.at_least is not None
             else f" ≤ {level.at_most:f}" if level.at_most is not None else "")
    if level.second_at_least is not None:
        bound += f" & ≥ {level.second_at_least:f}"
    return f"{level.code} {level.points:f} {level.text_zh or level.text}".strip() + bound
