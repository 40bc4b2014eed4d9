"""Where a record belongs, for records that no person registers, and records without any place.

A person's record belongs to the person's department and team. A job, a command or demo data acts
for nobody: unless it says where a record belongs, nobody with an ordinary reach would see it.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import ColumnElement, and_, func, inspect, literal, select
from sqlalchemy.orm import Session

from app.access.scope import is_confidential, is_scoped
from app.database import AnySelect
from app.host.host import current_host
from app.statements import built_once

MOST_COUNTED = 10_000
_COLUMNS = ("__scope_people__", "__scope_teams__", "__scope_departments__")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """To whom a new record belongs, as primary keys.

    Attributes:
        department_id: its department.
        team_id: its team.
        owner_id: the user who works on it.
    """

    department_id: int | None = None
    team_id: int | None = None
    owner_id: int | None = None

    def columns(self) -> dict[str, int]:
        """Return what is set, by column of the record."""
        return {name: key for name, key in dataclasses.asdict(self).items() if key is not None}


def place_columns(model: type[Any]) -> tuple[str, ...]:
    """Return the columns of a model that tie a row to a person, a team or a department.

    Args:
        model: mapped class.
    """
    return tuple(name for group in _COLUMNS for name in getattr(model, group, ()))


def lacks_place(record: Any) -> bool:
    """Return whether a record is tied to nobody, though its kind has columns for that.

    Args:
        record: the record.
    """
    names = place_columns(type(record))
    return bool(names) and all(getattr(record, name) is None for name in names)


def may_lack_place(model: type[Any]) -> bool:
    """Return whether the system may make a row of ``model`` before its place is known."""
    return bool(getattr(model, "__place_later__", False))


def without_place(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition of rows that only a reach for all rows of the kind opens.

    Args:
        model: mapped class.
    """
    (key,) = inspect(model).primary_key
    return and_(
        *(getattr(model, name).is_(None) for name in place_columns(model)),
        *(
            getattr(model, key.key).not_in(select(link.columns(model)[0]))
            for link in getattr(model, "__scope_tables__", ())
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Unplaced:
    """How many records of a kind belong to nobody.

    Attributes:
        record_type: stable name of the kind.
        label: what its records are called (message id).
        count: how many there are, ``MOST_COUNTED`` at most.
        confidential: whether not even the scope ALL opens them.
    """

    record_type: str
    label: str
    count: int
    confidential: bool


def unplaced(session: Session) -> list[Unplaced]:
    """Return the kinds with records that nobody with an ordinary reach sees, in one statement.

    Records in the recycle bin are left out.

    Args:
        session: any session.
    """
    kinds = [
        kind for kind in current_host().record_types()
        if is_scoped(kind.model) and (place_columns(kind.model) or kind.model.__scope_tables__)
    ]
    if not kinds:
        return []
    counts = session.execute(_unplaced_of(tuple(kind.model for kind in kinds))).one()
    return [
        Unplaced(kind.model.__record_type__, kind.label_plural, count,
                 is_confidential(kind.model))
        for kind, count in zip(kinds, counts, strict=True) if count
    ]


@built_once
def _unplaced_of(models: tuple[type[Any], ...]) -> AnySelect:
    """Return the SELECT of how many rows of each model belong to nobody."""
    counts: list[Any] = []
    for place, model in enumerate(models):
        rows = (
            select(literal(1)).select_from(model)
            # Written out, as the condition of the index for it is.
            .where(model.deleted_at.is_(None), without_place(model)).limit(MOST_COUNTED)
        )
        counted = select(func.count()).select_from(rows.subquery()).scalar_subquery()
        counts.append(counted.label(f"c{place}"))
    return select(*counts)
