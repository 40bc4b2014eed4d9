"""Custom fields as what columns of a file can fill, for importers that a plugin writes itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.columns import Sensitive
from app.forms.cleaning import InvalidValue
from app.forms.definition import Kind
from app.host.host import current_host
from app.i18n import N_, EnteredText, Message
from app.records.custom_fields.cleaning import LONGEST, PLACES, BadValue
from app.records.custom_fields.definitions import FILE, CustomField
from app.records.custom_fields.references import astray
from app.records.custom_fields.store import custom_fields_of, refused_fields
from app.records.importing.fields import Importer, ImportField, ImportRow, Problem, folded
from app.records.values import is_empty

_KINDS = {
    "long_text": Kind.LONG_TEXT, "number": Kind.DECIMAL, "money": Kind.DECIMAL,
    "date": Kind.DATE, "boolean": Kind.BOOLEAN, "choice": Kind.CHOICE,
}
_SEVERAL = re.compile(r"[;；、\n]")
_LONGEST_MASKED = 200
_REQUIRED = N_("This field is required.")


def target_of(field: CustomField) -> ImportField:
    """Return a custom field as a target of columns; its name is the key of the field.

    Args:
        field: the definition.
    """
    words = {text: one.value for one in field.choices
             for text in (one.value, one.label, one.label_zh) if text}
    return ImportField(
        name=field.key, label=EnteredText(field.label, field.label_zh),
        kind=_KINDS.get(field.kind, Kind.TEXT),
        aliases=tuple(filter(None, (field.label_zh, field.name))),
        choices=tuple((one.value, EnteredText(one.label, one.label_zh)) for one in field.choices),
        words=words, length=LONGEST.get(field.kind), places=PLACES,
        held=_held(field),
        mask=Sensitive(field.mask, _LONGEST_MASKED).mask if field.sensitive else None,
        parse=_chosen(field, words) if field.kind == "choices" else None,
    )


def with_custom_fields(session: Session, importer: Importer) -> Importer:
    """Return an importer whose columns can fill the custom fields of its kind of record as well.

    A row then holds their values by key. They are held to what the form holds them to: the
    definition, and the roles that fill the field in.

    Args:
        session: any session.
        importer: an importer that names its ``record_type``; any other comes back as it is.
    """
    fields = tuple(one for one in custom_fields_of(session, importer.record_type)
                   if not one.retired and one.kind != FILE) if importer.record_type else ()
    kind = current_host().record_type(importer.record_type) if fields else None
    if kind is None:
        return importer
    model = kind.model

    def check(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> Sequence[Problem]:
        own = importer.check(session, actor, rows) if importer.check is not None else ()
        return [*own, *_problems(session, actor, model, fields, rows)]

    return dataclasses.replace(
        importer, fields=(*importer.fields, *map(target_of, fields)), check=check)


def _chosen(field: CustomField, words: Mapping[str, str]) -> Callable[[Any], Any]:
    known = {folded(word): value for word, value in words.items()}

    def parse(cell: Any) -> list[str]:
        parts = [folded(part) for part in _SEVERAL.split(str(cell)) if part.strip()]
        if not known.keys() >= set(parts):
            raise InvalidValue(N_("Not a valid choice."))
        return field.clean([known[part] for part in parts])

    return parse


def _held(field: CustomField) -> Callable[[Any], Any]:
    def held(value: Any) -> Any:
        try:
            return field.clean(value)
        except BadValue as error:
            message = error.errors[field.key]
            raise InvalidValue(message.msgid, **message.params) from error

    return held


def _problems(
    session: Session, actor: Actor, model: type[Any], fields: Sequence[CustomField],
    rows: Sequence[ImportRow],
) -> Iterator[Problem]:
    """Yield the custom fields that the actor may not fill in, and required ones left empty."""
    given = {name for row in rows for name in row.values}
    refused = refused_fields(session, actor, model.__record_type__, given)
    needed = {field.key: Message(_REQUIRED) for field in fields if field.required}
    for row in rows:
        led_astray = astray(session, actor, model, None, row.values)
        for key in [field.key for field in fields if field.key in row.values]:
            message = refused.get(key) or led_astray.get(key)
            if message is None and is_empty(row.values[key]):
                message = needed.get(key)
            if message is not None:
                yield Problem(row.line, message, field=key)
