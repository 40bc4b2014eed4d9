"""What of a kind of row is about a person: declared by its class, and what erasure makes of it.

When a customer is erased, the cases stay under a pseudonym: columns with names take it, what else
is personal is emptied, in free texts the customer's values are replaced where they stand word for
word, and codes stay, since figures are counted by them.
"""

# Not strict: columns found by name have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, String, Table

from app.access.sensitive.columns import EncryptedJson, JsonWithSensitive, Sensitive
from app.access.sensitive.values import SensitiveValue
from app.database import Base, Json

# A column of text that nobody declared is a code up to this length, and a free text beyond it.
_LONGEST_CODE = 40
# Of fewer characters a text says nothing of a person, and stands within others by chance.
_LEAST, _LEAST_CHINESE, _LEAST_DIGITS = 4, 2, 6
_NUMBER = re.compile(r"\+?[0-9]{5,}")
# What may stand before a number of China; the canonical form leaves it out.
_COUNTRY = r"(?:(?:\+|00)?86[\s-]?)?"


@dataclasses.dataclass(frozen=True, slots=True)
class Personal:
    """What of a table is about the customer of its rows, as ``__personal__`` of its class.

    Of every column of text one of the four is said, but for those with ``info["choices"]``, which
    are kept, and ``Text``, which is swept.

    Attributes:
        names: columns with the customer's name; they take the pseudonym.
        emptied: columns with other data of the person: numbers, addresses, a day of birth.
        swept: columns in which people write freely; what they hold of the customer is replaced.
        kept: codes, categories and names of things, by which cases are counted and found.
        forgotten: whether the rows hang on no record, so that one which holds something of a
            person is deleted: what is typed and not saved.
    """

    names: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    forgotten: bool = False


class Treatment(enum.Enum):
    """What erasure makes of a column."""

    NAMED = "named"
    EMPTIED = "emptied"
    SWEPT = "swept"


def declarations() -> dict[str, Personal]:
    """Return what the classes of all tables declare, by name of the table."""
    return {
        mapper.local_table.name: mapper.class_.__personal__
        for mapper in Base.registry.mappers if hasattr(mapper.class_, "__personal__")}


def treatments(table: Table, declared: Personal) -> dict[str, Treatment]:
    """Return what erasure makes of the columns of a table; what is left out stays as it is.

    Args:
        table: a table with rows about customers, or about what happened with them.
        declared: what its class declares.
    """
    said = {
        **dict.fromkeys(declared.names, Treatment.NAMED),
        **dict.fromkeys(declared.emptied, Treatment.EMPTIED),
        **dict.fromkeys(declared.swept, Treatment.SWEPT),
    }
    return {
        column.name: made for column in table.columns
        if (made := said.get(column.name) or (
            None if column.name in declared.kept else _by_type(column))) is not None
    }


def _by_type(column: Column[Any]) -> Treatment | None:
    kind = column.type
    if column.primary_key or column.foreign_keys or column.info.get("choices"):
        return None
    if isinstance(kind, Sensitive | EncryptedJson):
        return Treatment.EMPTIED
    if isinstance(kind, Json | JsonWithSensitive):
        return Treatment.SWEPT
    if isinstance(kind, String) and (kind.length is None or kind.length > _LONGEST_CODE):
        return Treatment.SWEPT
    return None


def emptied(column: Column[Any]) -> Any:
    """Return what a column holds that holds nothing."""
    if column.nullable and not isinstance(column.type, String | Sensitive):
        return None
    default: Any = column.default
    if default is not None and default.is_scalar:
        return default.arg
    if default is not None and default.is_callable:
        return default.arg(None)
    return {} if isinstance(column.type, EncryptedJson | Json) else ""


class Sweeper:
    """Replaces what identifies a person, wherever it stands in a text or in JSON.

    A number is found with blanks or hyphens between its digits as well; a text of Latin letters
    only as a whole word.

    Args:
        values: what identifies the person: names, numbers, addresses. Too short ones are left out.
        pseudonym: what takes their place.
    """

    def __init__(self, values: Iterable[str], pseudonym: str) -> None:
        found = {text for value in values if _says_something(text := value.strip())}
        # The longer ones first: a name may stand within an address.
        parts = [_pattern(one) for one in sorted(found, key=lambda one: (-len(one), one))]
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None
        self.pseudonym = pseudonym

    def holds(self, value: Any) -> bool:
        """Return whether something of the person stands in a text or in JSON."""
        return self.swept(value) != value

    def swept(self, value: Any, most: int | None = None) -> Any:
        """Return a text or JSON without what identifies the person.

        Args:
            value: text, or what JSON holds; anything else comes back as it is.
            most: most characters that a text may have.
        """
        if isinstance(value, str):
            if self._pattern is None:
                return value
            return self._pattern.sub(lambda _found: self.pseudonym, value)[:most]
        if isinstance(value, dict):
            return {name: self.swept(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.swept(item) for item in value]
        return value


def texts_in(value: Any) -> list[str]:
    """Return the texts that a value holds, those of sensitive values in clear.

    Args:
        value: of a column: a text, a sensitive value, or JSON.
    """
    if isinstance(value, SensitiveValue):
        return [value.reveal()] if value.is_readable else []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return []


def _says_something(text: str) -> bool:
    if text.isdigit():
        return len(text) >= _LEAST_DIGITS
    return len(text) >= (_LEAST if text.isascii() else _LEAST_CHINESE)


def _pattern(text: str) -> str:
    if _NUMBER.fullmatch(text):
        digits = r"[\s-]?".join(re.escape(sign) for sign in text)
        return rf"(?<![0-9]){_COUNTRY}{digits}(?![0-9])"
    if text.isascii():
        return rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])"
    return re.escape(text)
