"""Which column of a file fills which field. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.errors import Rejected
from app.i18n import N_, Message
from app.records.importing.fields import Importer, folded


class BadMapping(Rejected):
    """A mapping does not fit file and importer.

    Attributes:
        messages: everything that is wrong.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__(messages[0])
        self.messages = tuple(messages)

    def __str__(self) -> str:
        return "; ".join(map(str, self.messages))


def suggest(
    importer: Importer, header: Sequence[str], translate: Callable[[str], str] = str
) -> dict[str, str]:
    """Return a mapping for a file that was never seen: columns whose names are known.

    A ready-made mapping of the importer is taken when its columns are there.

    Args:
        importer: where the rows go.
        header: columns of the file.
        translate: turns a field's label into the person's language.

    Returns:
        Column name by field name, for the fields that were recognised.
    """
    for name in importer.mappings:
        ready = ready_made(importer, header, name)
        if ready is not None:
            return ready
    columns: dict[str, str] = {}
    for column in header:
        columns.setdefault(folded(column), column)
    found: dict[str, str] = {}
    for field in importer.fields:
        for name in (field.label, translate(field.label), field.name, *field.aliases):
            column = columns.get(folded(name))
            if column is not None and column not in found.values():
                found[field.name] = column
                break
    return found


def ready_made(importer: Importer, header: Sequence[str], name: str) -> dict[str, str] | None:
    """Return a ready-made mapping as far as a file has its columns.

    Args:
        importer: where the rows go.
        header: columns of the file.
        name: of the mapping.

    Returns:
        Column name by field name; ``None`` if a column is missing that is not optional.
    """
    columns = importer.mappings[name]
    found = {field: column for field, column in columns.items() if column in header}
    return found if columns.keys() - importer.optional <= found.keys() else None


def resolve(
    importer: Importer, header: Sequence[str], mapping: Mapping[str, str]
) -> dict[str, int]:
    """Return the position of the column for each mapped field.

    Args:
        importer: where the rows go.
        header: columns of the file.
        mapping: column name by field name; an empty column name leaves the field out.

    Raises:
        BadMapping: a field or column is not known, or a required field has no column.
    """
    known = {field.name: field for field in importer.fields}
    wrong: list[Message] = []
    positions: dict[str, int] = {}
    for name, column in mapping.items():
        if not column:
            continue
        if name not in known:
            wrong.append(Message(N_("There is no field %(field)s."), {"field": name}))
        elif column not in header:
            wrong.append(Message(N_("The file has no column %(column)s."), {"column": column}))
        else:
            positions[name] = list(header).index(column)
    wrong += [
        Message(N_("No column fills the required field %(field)s."), {"field": Message(label)})
        for label in _missing(importer, positions)
    ]
    if wrong:
        raise BadMapping(wrong)
    return positions


def constants_of(
    importer: Importer, header: Sequence[str], mapping: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return what every row of a file holds that a ready-made mapping was made for.

    The file is known by having the columns of that mapping, and by the column of its key: leaving
    one of the others out does not make it another kind of file.

    Args:
        importer: where the rows go.
        header: columns of the file.
        mapping: column name by field name.
    """
    for name, ready in importer.mappings.items():
        if ready_made(importer, header, name) is not None and all(
            mapping.get(field) == ready.get(field) for field in importer.key
        ):
            return importer.constants.get(name, {})
    return {}


def _missing(importer: Importer, positions: Mapping[str, int]) -> Iterable[str]:
    return (field.label for field in importer.fields
            if field.required and field.name not in positions)
