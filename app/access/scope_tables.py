"""Tables that tie rows to people, or to the roles that they are meant for."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select


@dataclasses.dataclass(frozen=True, slots=True)
class ScopeTable:
    """A table that ties records to any number of people.

    Both columns want an index: the one of people finds their records, the one of records their
    people.

    Attributes:
        table: name of the table.
        record_column: its column with the primary key of the record.
        user_column: its column with a user id.
    """

    table: str
    record_column: str
    user_column: str

    def columns(self, model: type[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return the columns of record and user.

        Args:
            model: the model that declares this.

        Raises:
            KeyError: there is no such table or column.
        """
        table: Table = model.metadata.tables[self.table]
        return table.c[self.record_column], table.c[self.user_column]


@dataclasses.dataclass(frozen=True, slots=True)
class ScopeRoles:
    """A column by which rows are meant for the people of some roles.

    Attributes:
        column: column of the row with the key of a set of roles; empty, the row is for every role.
        table: name of the table with a row for each role of a set.
        set_column: its column with the key of the set.
        role_column: its column with the id of a role; it wants an index.
    """

    column: str
    table: str
    set_column: str
    role_column: str

    def sets(self, model: type[Any], roles: Any) -> Select[Any]:
        """Return the SELECT of the keys of sets that hold any of several roles.

        Args:
            model: the model that declares this.
            roles: ids of roles, or their parameter.

        Raises:
            KeyError: there is no such table or column.
        """
        table: Table = model.metadata.tables[self.table]
        return select(table.c[self.set_column]).where(table.c[self.role_column].in_(roles))

    def opens(self, model: type[Any], column: Any, roles: Any) -> ColumnElement[bool]:
        """Return the condition that a column leaves the row open to any of several roles."""
        return or_(column.is_(None), column.in_(self.sets(model, roles)))
