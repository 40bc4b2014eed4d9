"""Definitions of custom fields as text: YAML files, and the lines of a list of choices. Pure."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from app.errors import Rejected
from app.i18n import N_, Message
from app.records.custom_fields.definitions import FIELD_KINDS, CustomChoice, CustomField
from app.records.search.pinyin import name_for

_LONGEST_FILE = 200_000
_MOST_FIELDS = 100
# Roles have other ids elsewhere: a file says nothing of who sees a field.
_TEXTS = ("name", "label", "label_zh", "help", "help_zh", "group", "group_zh", "target")
_FLAGS = ("required", "retired", "verified", "sensitive", "protected")
_ATTRIBUTES = {"kind", "choices", *_TEXTS, *_FLAGS}


class BadFieldFile(Rejected):
    """A file of definitions cannot be read."""


def choices_from_lines(text: str) -> tuple[CustomChoice, ...]:
    """Return the choices that lines such as ``red = Red | 红色`` name.

    The value in front of the sign may be left out: it follows from the label.
    """
    found: list[CustomChoice] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        value, sign, labels = line.partition("=")
        if not sign:
            value, labels = "", line
        english, _, chinese = (part.strip() for part in labels.partition("|"))
        label = english or chinese
        found.append(CustomChoice(value.strip() or name_for(label), label, chinese))
    return tuple(found)


def lines_of_choices(choices: Iterable[CustomChoice]) -> str:
    """Return choices as lines that ``choices_from_lines`` reads."""
    return "\n".join(
        f"{one.value} = {one.label}" + (f" | {one.label_zh}" if one.label_zh else "")
        for one in choices
    )


def write_field_file(record_type: str, fields: Iterable[Mapping[str, Any]]) -> str:
    """Return a YAML file of the definitions of one kind of record."""
    body = {"record_type": record_type, "fields": list(fields)}
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


class _PlainLoader(yaml.SafeLoader):
    """Reads plain values only: a few aliases on aliases grow into gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not taken")
        return super().compose_node(parent, index)


def read_field_file(text: str, record_type: str) -> list[CustomField]:
    """Return the definitions that a YAML file holds.

    Args:
        text: content of the file.
        record_type: kind of record that the file must be for.

    Raises:
        BadFile: it is no such file, or is for another kind of record.
    """
    if len(text) > _LONGEST_FILE:
        raise BadFieldFile(Message(N_("The file is too large.")))
    try:
        body = yaml.load(text, Loader=_PlainLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadFieldFile(Message(N_("This is no YAML file."))) from None
    rows = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(rows, list) or len(rows) > _MOST_FIELDS:
        raise BadFieldFile(Message(N_("The file holds no list of fields.")))
    if body.get("record_type") != record_type:
        raise BadFieldFile(Message(N_("The file is for another kind of record: %(kind)s."),
                              {"kind": str(body.get("record_type"))[:60]}))
    return [_field(row, place) for place, row in enumerate(rows, 1)]


def _field(row: Any, place: int) -> CustomField:
    wrong = BadFieldFile(
        Message(N_("Field %(place)s of the file cannot be read."), {"place": place})
    )
    if not isinstance(row, dict) or not set(row) <= _ATTRIBUTES or row.get(
        "kind"
    ) not in list(FIELD_KINDS):
        raise wrong
    texts = {name: row.get(name, "") for name in _TEXTS}
    flags = {name: row.get(name, False) for name in _FLAGS}
    if not all(isinstance(text, str) for text in texts.values()) or not all(
        isinstance(flag, bool) for flag in flags.values()
    ):
        raise wrong
    return CustomField(kind=row["kind"], choices=_choices(row.get("choices", []), wrong),
                       **texts, **flags)


def _choices(rows: Any, wrong: BadFieldFile) -> tuple[CustomChoice, ...]:
    if not isinstance(rows, list):
        raise wrong
    found: list[CustomChoice] = []
    for row in rows:
        if not isinstance(row, dict):
            raise wrong
        texts = [row.get(name, "") for name in ("value", "label", "label_zh")]
        if not all(isinstance(text, str) for text in texts):
            raise wrong
        found.append(CustomChoice(*texts))
    return tuple(found)
