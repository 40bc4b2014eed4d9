"""What the address of a list asks for, read against the columns of its screen."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request

from app.forms.build import translate
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import BOARD, CALENDAR, ListQuery, read_query
from app.screens.screen import Part


class ListReader(Part):
    """Reads addresses of a list."""

    def query(self, arguments: Any = None) -> ListQuery:
        """Return what the address asks for.

        Args:
            arguments: a multi-dict; the running request's by default.

        Raises:
            BadRequest: the address holds something that cannot be.
        """
        try:
            return self.read(request.args if arguments is None else arguments)
        except BadFilter as error:
            abort(400, description=translate(error.message))

    def read(self, arguments: Any) -> ListQuery:
        """Return what arguments ask for; like ``query``, for arguments of another origin.

        Raises:
            BadFilter: they hold something that cannot be.
        """
        screen, declared = self.screen, self.screen.declared
        columns = {name: screen.filter_column(name) for name in declared.filter_columns}
        columns |= {name: screen.columns[name] for name in declared.order_columns}
        sort = declared.default_sort.removeprefix("-")
        columns.setdefault(sort, screen.columns[sort])
        return read_query(
            {name: arguments.getlist(name) for name in arguments},
            columns, [*declared.order_columns, sort], declared.default_sort, screen.datamodel.key,
            current_app.config["CARELINE_SETTINGS"].page_size_most, declared.default_filters,
            self.modes(),
        )

    def modes(self) -> list[str]:
        """Return how else than as a table the list can be shown."""
        declared = self.screen.declared
        named = ((BOARD, declared.board_column), (CALENDAR, declared.calendar_column))
        return [mode for mode, column in named if column]
