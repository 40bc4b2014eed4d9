"""The column type of sensitive values, and of JSON that may hold some.

A column says it once, and every way in and out follows: values take their canonical form when they
are set, are stored encrypted, are compared through the blind index, and read as masked values.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from typing import cast as taken_as

import orjson
from sqlalchemy import ColumnElement, String, Text, and_, event, func, not_, or_, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from app.access.sensitive.keyring import (
    AFTER_PART,
    DIGEST_LENGTH,
    PART,
    Unreadable,
    ring,
    stored_length,
)
from app.access.sensitive.kinds import KINDS, SensitiveKind
from app.access.sensitive.values import SensitiveValue
from app.database import CodeString, Json

_LONGEST = 200


class NotComparable(TypeError):
    """Sensitive values are equal or not; their order and their parts are not known."""


class Sensitive(TypeDecorator[Any]):
    """A text that is encrypted at rest and masked until it is revealed.

    In Python it is a ``SensitiveValue``, or an empty text. Comparing with a text (``==``, ``!=``,
    ``in_``) goes through the blind index, whatever way the text is written.

    Args:
        kind: ``phone``, ``id_number``, ``contact`` (phone, mail address, any name) or ``text``.
        length: most characters of a value.
    """

    impl = String
    cache_ok = True

    def __init__(self, kind: str = "text", length: int = 40) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of sensitive value: {', '.join(KINDS)}")
        if not 0 < length <= _LONGEST:
            raise ValueError(f"a sensitive value has 1 to {_LONGEST} characters")
        super().__init__(stored_length(length))
        self.impl = CodeString(stored_length(length))
        self.kind = kind
        self.length = length

    @property
    def rules(self) -> SensitiveKind:
        """Canonical form and mask of the kind."""
        return KINDS[self.kind]

    def mask(self, text: str) -> str:
        """Return the mask of a typed text."""
        return self.rules.mask(self.rules.canonical(text))

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type of what is stored."""
        return dialect.type_descriptor(CodeString(stored_length(self.length)))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Let what is compared be what is compared: see ``comparator_factory``."""
        return self

    def value(self, given: Any) -> Any:
        """Return what a column holds for what it is given: a value in canonical form.

        Raises:
            MaskedText: it is a mask.
        """
        if given is None or given == "":
            return given
        if isinstance(given, SensitiveValue):
            if given.kind == self.kind:
                return given
            given = given.reveal()
        return SensitiveValue.of(self.kind, str(given), ring())

    def digests(self, given: Any) -> Sequence[str]:
        """Return the digests under which a value may be stored, one for each key.

        Args:
            given: a value or a text, in whatever way it is written; an empty one has none.
        """
        clear = given.reveal() if isinstance(given, SensitiveValue) else str(given)
        clear = self.rules.canonical(clear)
        return ring().digests(clear) if clear else ()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return what is stored."""
        held = self.value(value)
        return held.stored if isinstance(held, SensitiveValue) else held

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value, still encrypted until somebody looks at it."""
        return SensitiveValue(self.kind, ring(), stored=value) if value else value

    class comparator_factory(TypeDecorator.Comparator):
        """Equality by the blind index; everything else is refused."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Return the SQL of a comparison.

            Raises:
                NotComparable: it asks for an order or for a part of the value.
            """
            if op in (operators.is_, operators.is_not):
                return super().operate(op, *other, **kwargs)
            if op is operators.eq:
                return _equals(self.expr, other[0])
            if op is operators.ne:
                return not_(_equals(self.expr, other[0]))
            if op in (operators.in_op, operators.not_in_op):
                found = or_(*(_equals(self.expr, one) for one in other[0])) if other[0] else (
                    type_coerce(self.expr, String).in_(()))
                return not_(found) if op is operators.not_in_op else found
            raise NotComparable(op.__name__)


def _equals(column: Any, other: Any) -> ColumnElement[bool]:
    plain = type_coerce(column, String)
    if other is None:
        return plain.is_(None)
    if other == "" and isinstance(other, str):
        return plain == ""
    if isinstance(getattr(other, "type", None), Sensitive):
        return and_(plain != "", digest_in(column) == digest_in(other))
    digests = column.type.digests(other)
    return or_(*(is_stored_under(column, one) for one in digests)) if digests else plain == ""


def digest_in(column: Any) -> ColumnElement[str]:
    """Return the digest of what a sensitive column holds; that of equal values is equal.

    Args:
        column: a sensitive column.
    """
    return func.substr(type_coerce(column, String), 1, DIGEST_LENGTH)


def is_stored_under(column: Any, digest: Any) -> ColumnElement[bool]:
    """Return the condition of rows whose sensitive value is stored under a digest.

    Args:
        column: a sensitive column.
        digest: see ``Sensitive.digests``; a text, or a parameter of a statement that is kept.
    """
    # A range, which the index of the column serves: the digest is the beginning of what is stored.
    plain = type_coerce(column, String)
    return and_(plain >= digest + PART, plain < digest + AFTER_PART)


class EncryptedJson(TypeDecorator[Any]):
    """JSON that is encrypted as a whole, whatever it holds; nothing can look into it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return what is stored."""
        return None if value is None else ring().seal(orjson.dumps(value).decode())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value, or ``None`` where its key is not there any more."""
        if value is None:
            return None
        try:
            return orjson.loads(ring().open(value))
        except Unreadable:
            return None


SEALED, KIND = "sealed", "sensitive"


class JsonWithSensitive(Json):
    """A JSON object whose entries may be sensitive values, each of them encrypted.

    In Python such an entry is a ``SensitiveValue``; in the database it is an object with the kind
    under ``sensitive`` and what a sensitive column would hold under ``sealed``.
    """

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what is stored."""
        if not isinstance(value, dict):
            return value
        return {
            name: {KIND: held.kind, SEALED: held.stored} if isinstance(held, SensitiveValue)
            else held
            for name, held in taken_as("dict[str, Any]", value).items()
        }

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the object, its sensitive entries still encrypted."""
        if not isinstance(value, dict):
            return value
        return {
            name: SensitiveValue(held[KIND], ring(), stored=held[SEALED])
            if is_sealed(held) else held
            for name, held in taken_as("dict[str, Any]", value).items()
        }


def is_sealed(held: Any) -> bool:
    """Return whether an entry of stored JSON is an encrypted value."""
    return isinstance(held, dict) and SEALED in held and held.get(KIND) in KINDS


def sensitive_columns(model: type[Any]) -> Mapping[str, Sensitive]:
    """Return the sensitive columns of a model, by name of the attribute.

    Args:
        model: mapped class.
    """
    return _found(model)


# Apart, since a cached function takes no mapped class by name in the eyes of a type checker.
@functools.cache
def _found(model: type[Any]) -> Mapping[str, Sensitive]:
    return MappingProxyType({
        prop.key: prop.columns[0].type
        for prop in model.__mapper__.column_attrs
        if isinstance(prop.columns[0].type, Sensitive)
    })


@event.listens_for(Mapper, "mapper_configured")
def _set_canonical(mapper: Mapper[Any], model: type[Any]) -> None:
    """Let whatever is set on a sensitive attribute take its canonical form at once.

    Raises:
        ValueError: the title of a record, or what its texts are found by, would be sensitive; or
            the model is declared as it was before there were sensitive columns.
    """
    if getattr(model, "__phone_fields__", ()):
        raise ValueError(
            f"{model.__name__}: __phone_fields__ is no longer known; "
            'declare the column as Sensitive("phone") of app.sdk.models'
        )
    named = {getattr(model, "__title_field__", ""), *getattr(model, "__search_fields__", ())}
    if clear := sorted(named.intersection(sensitive_columns(model))):
        raise ValueError(
            f"{model.__name__}: {clear[0]} is sensitive and neither title nor search field; "
            "sensitive columns are found without being named"
        )
    for name, kind in sensitive_columns(model).items():
        event.listen(getattr(model, name), "set", _setter(kind), retval=True)


def _setter(kind: Sensitive) -> Any:
    def take(_target: Any, value: Any, before: Any, _initiator: Any) -> Any:
        if isinstance(before, SensitiveValue) and isinstance(value, str) and (
            value == before.masked
        ):
            # A form or a program sends back what it was shown: nothing has been typed.
            return before
        return kind.value(value)

    return take
