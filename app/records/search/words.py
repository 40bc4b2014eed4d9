"""The words by which the search index knows a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy.orm import Session

from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.keyring import ring
from app.access.sensitive.kinds import numbers_in
from app.access.sensitive.values import SensitiveValue
from app.records.custom_fields.store import search_texts, search_values
from app.records.search import tokens


def _texts(record: Any, fields: Iterable[str]) -> list[str]:
    return [str(value) for name in fields if (value := getattr(record, name, None))]


def words_of(
    record: Any, further: Iterable[str] = (), values: Iterable[Any] = ()
) -> list[str]:
    """Return the search words of a record by its class attributes.

    Args:
        record: the record.
        further: texts of its custom fields.
        values: sensitive values of its custom fields.
    """
    texts = [record.number, *_texts(record, record.__search_fields__), *further]
    kind = cast("type[Any]", type(record))
    held = [*(getattr(record, name, None) for name in sensitive_columns(kind)), *values]
    return tokens.document(
        record.__record_type__, texts,
        names=[record.title, *_texts(record, record.__name_fields__)],
        blind=_blind_words([*texts, record.title], held),
    )


def words_of_values(
    model: type[Any], values: Mapping[str, Any], session: Session | None = None
) -> list[str]:
    """Return the search words of a record that is still a mapping of column values.

    Args:
        model: class with the ``Record`` mixin.
        values: values by column.
        session: any session, for what custom fields in ``extra`` hold; ``None`` passes them over.
    """
    custom = SimpleNamespace(extra=values.get("extra"), __record_type__=model.__record_type__)
    further = search_texts(session, custom) if session is not None else []
    sealed = search_values(session, custom) if session is not None else []

    def texts(fields: Iterable[str]) -> list[str]:
        return [str(values[name]) for name in fields if values.get(name)]

    found = texts(model.__search_fields__)
    names = texts((model.__title_field__, *model.__name_fields__))
    held = (kind.value(values.get(name)) for name, kind in sensitive_columns(model).items())
    return tokens.document(
        model.__record_type__, [values["number"], *found, *further], names=names,
        blind=_blind_words([*found, *further, *names], [*held, *sealed]),
    )


def _blind_words(texts: Iterable[str], held: Iterable[Any]) -> list[str]:
    """Return the words for numbers within texts and for the values of sensitive columns."""
    keys = ring()
    found = [word for text in texts for number in numbers_in(text)
             for word in keys.words(number, "")]
    for value in held:
        if isinstance(value, SensitiveValue):
            found += value.words
    return found
