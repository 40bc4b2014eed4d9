"""The list page: rows, filters, columns, and the rows of related tabs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import abort, current_app, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.forms.build import translate
from app.screens.boards.page import BoardPage
from app.screens.bulk.page import BulkPage
from app.screens.bulk.record_actions import RecordActions
from app.screens.bulk.selection import Selection, row_token
from app.screens.bulk.undo import UndoPage
from app.screens.columns.cells import writer
from app.screens.columns.columns import Column
from app.screens.contracts import RowOffers
from app.screens.imports.page import ImportPage
from app.screens.lists.column_chooser import ColumnPage
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.filter_bar import filter_chips, filter_fields
from app.screens.lists.inline_edit import CellPage
from app.screens.lists.reader import ListReader
from app.screens.lists.row_writer import ListRow, has_ahead, write_rows
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery
from app.screens.query.list_query import RowsPage as RowPage
from app.screens.saved_views.tabs import PLAIN, SavedViewTabs, ViewTab, active_tab
from app.screens.screen import Page, Part, Screen
from app.web.permission_check import requires
from app.web.request import is_partial
from app.web.texts import translated

_NONE = RowOffers()
# Arguments that name the filter to be changed.
_CHANGING = frozenset({"column", "operator"})


class ListTable(Part):
    """The table of a list: its heads and rows.

    Args:
        screen: the screen.
        extra_columns: columns that are no columns of the table.
        record_actions: what a row offers by itself.
        selection: the version that the box of a row sends.
    """

    def __init__(
        self, screen: Screen, extra_columns: ExtraColumns, record_actions: RecordActions,
        selection: Selection,
    ) -> None:
        super().__init__(screen)
        self._extra, self._actions, self._selection = extra_columns, record_actions, selection

    def context(
        self, query: ListQuery, names: Sequence[str], also: Sequence[Any] = (), *,
        selectable: bool = False, inline: Collection[str] = (),
    ) -> dict[str, Any]:
        """Return what the template of the table needs.

        Args:
            query: what is asked for.
            names: columns shown, those that are no columns of the table among them.
            also: further conditions.
            selectable: whether rows can be chosen, and offer steps.
            inline: names of columns whose cells are changed in their place.
        """
        screen, declared = self.screen, self.screen.declared
        columns = [screen.columns[name] for name in names if name in screen.columns]
        cap = None if "exact" in request.args else current_app.config["CARELINE_SETTINGS"].count_cap
        version = self._selection.version_column
        versioned = [] if version is None else [version]
        try:
            count = screen.datamodel.count(query, cap, also)
            page = screen.datamodel.page(
                query, [*columns, *versioned], also, many=count.is_large)
        except BadFilter as error:
            abort(400, description=translate(error.message))
        labels = self._extra.labels
        heads = [
            {"name": name, "label": translated(labels.get(name) or screen.columns[name].label),
             "numeric": name in screen.columns and screen.columns[name].is_numeric,
             "sortable": name in declared.order_columns}
            for name in names
        ]
        rows = self._rows(page, names, columns)
        back = request.full_path.rstrip("?") if selectable else ""
        return {
            "query": query, "page": page, "count": count, "heads": heads, "rows": rows,
            "written": write_rows(
                screen, rows, heads, selectable=selectable, inline=inline, back=back),
            "ahead": has_ahead(rows, selectable), "selectable": selectable, "inline": inline,
            "add_url": self.add_url(), "empty_text": self.empty_text(),
        }

    def _rows(
        self, page: RowPage, names: Sequence[str], columns: Sequence[Column]
    ) -> list[ListRow]:
        """Return the rows of a page as cells; ``columns`` are those of the table."""
        screen = self.screen
        formatters = screen.declared.formatters_columns
        writers = {
            column.name: writer(
                column, screen.drawn_choices(column.name), formatters.get(column.name)
            )
            for column in columns
        }
        places = {column.name: 2 + place for place, column in enumerate(columns)}
        extra = self._extra.cells(page.rows) if set(names) - set(places) else {}
        shows = screen.can("can_show")
        base = screen.url("show", pk=0)[:-1] if shows else ""
        offers = self._actions.row_offers(page.rows)
        rows = []
        for row in page.rows:
            cells = tuple(
                writers[name](row[places[name]]) if name in places
                else extra.get(name, {}).get(row[0], "")
                for name in names
            )
            url = f"{base}{row[0]}" if shows else ""
            version = row[2 + len(columns)] if len(row) > 2 + len(columns) else None
            rows.append(ListRow(row[0], url, cells, offers.get(row[0], _NONE),
                                row_token(row[0], version)))
        return rows

    def empty_text(self) -> str:
        """Return what an empty list says."""
        return translated(self.screen.declared.empty_hint) or gettext(
            "As soon as there is something, it will stand here.")

    def add_url(self) -> str:
        """Return the address of the form for a new row, or an empty text without the right."""
        return self.screen.url("add") if self.screen.can("can_add") else ""


class ListPage(Page):
    """The list of a screen.

    Args:
        screen: the screen.
        list_reader: reads the address.
        list_table: the rows.
        column_page: which columns the caller has chosen.
        saved_view_tabs: the tabs above the list.
        board_page: the same rows as board or calendar.
        bulk_page: what can be done with several rows.
        selection: the rows that are chosen.
        undo_page: what can be taken back.
        import_page: where rows are read in from files.
        cell_page: cells that are changed in their place.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, list_table: ListTable,
        column_page: ColumnPage, saved_view_tabs: SavedViewTabs, board_page: BoardPage,
        bulk_page: BulkPage, selection: Selection, undo_page: UndoPage, import_page: ImportPage,
        cell_page: CellPage,
    ) -> None:
        super().__init__(screen)
        self._reader, self._table, self._columns = list_reader, list_table, column_page
        self._tabs, self._board, self._bulk = saved_view_tabs, board_page, bulk_page
        self._selection, self._undo, self._import = selection, undo_page, import_page
        self._cells = cell_page

    @expose("/list/")
    @requires("list")
    def list(self) -> BaseResponse | str:
        """Show one page of rows."""
        query = self._reader.query()
        tabs = self._tabs.tabs(query)
        elsewhere = self._elsewhere(tabs)
        if elsewhere:
            return redirect(elsewhere)
        tab = active_tab(tabs)
        chosen = self._columns.chosen(query, tab)
        template, selectable = self.screen.declared.list_template, self._bulk.is_selectable()
        shared = {
            "undo": self._undo.pending(),
            "density": chosen["density"], "tabs": tabs, "tab": tab,
            "chips": filter_chips(self.screen, query), "bulk": self._bulk.offers(),
            "modes": self._reader.modes(),
            "bulk_columns": self._bulk.columns(), "can_bulk_delete": self._bulk.can_delete(),
            "every_text": self._selection.every_text, "import_url": self._import.url(),
            "has_bin": "deleted_at" in self.screen.model.__mapper__.columns,
            "add_url": self._table.add_url(),
        }
        if query.mode:
            return self.screen.render(
                template, **self._board.context(query), selectable=selectable, **shared)
        context = self._table.context(
            query, chosen["columns"], selectable=selectable, inline=self._cells.offered())
        if is_partial():
            template = "screens/lists/_list_body.html"
        return self.screen.render(
            template, **{**context, **shared}, widths=chosen["widths"],
            position_lost=query.position is not None and not context["rows"],
        )

    def _elsewhere(self, tabs: Sequence[ViewTab]) -> str:
        """Return the full address of a list that an address names by its view only."""
        if is_partial() or set(request.args) - {"view", "open"}:
            return ""
        key = request.args.get("view")
        wanted = next((tab for tab in tabs if (tab.is_default if key is None else tab.key == key)),
                      None)
        if wanted is None or wanted.key == PLAIN:
            return ""
        opened = request.args.get("open")
        return wanted.address + (f"&open={opened}" if opened and opened.isdigit() else "")

    @expose("/filters")
    @requires("list")
    def filter_form(self) -> str:
        """Return the filter menu of a list, or what changes one of its filters."""
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in _CHANGING]
        query = self._reader.query(MultiDict(pairs))
        changing = None
        if "column" in request.args:
            wanted = (request.args["column"], request.args.get("operator", ""))
            changing = next(
                (c for c in query.conditions if (c.column.name, c.operator) == wanted), None
            )
            if changing is None:
                abort(404)
        return self.screen.render(
            "screens/lists/_filter_form.html", query=query, changing=changing,
            fields=filter_fields(self.screen, query, changing),
            kept=query.arguments(**({changing.key: None} if changing else {}), all=None),
        )
