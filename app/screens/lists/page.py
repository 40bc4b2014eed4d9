"""The list page: rows, filters, columns, and the rows of related tabs."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.screens.bulk.page import row_token
from app.screens.columns.cells import writer
from app.screens.columns.columns import Column, describe_filters
from app.screens.columns.dictionaries import drawn_choices
from app.screens.contracts import RowOffers
from app.screens.lists.filter_bar import filter_chips, filter_fields
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import Count, ListQuery, Page, read_query
from app.screens.saved_views.store import visible_views
from app.screens.saved_views.tabs import PLAIN, ViewTab, active_tab, view_tabs
from app.web.permission_check import requires
from app.web.request import actor, is_partial

_NONE = RowOffers()
# Arguments that name the filter to be changed.
_CHANGING = frozenset({"column", "operator"})


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, ready to be drawn."""

    pk: int
    url: str
    cells: tuple[Any, ...]
    offers: RowOffers
    token: str


class ListPages:
    """List, export and column choice of a record view."""

    list_template = "screens/lists/list.html"

    # --- reading the address -----------------------------------------------------------------
    def list_query(self, arguments: Any = None) -> ListQuery:
        """Return what the address asks for.

        Args:
            arguments: a multi-dict; the running request's by default.

        Raises:
            BadRequest: the address holds something that cannot be.
        """
        try:
            return self.read_list_query(request.args if arguments is None else arguments)
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))

    def read_list_query(self, arguments: Any) -> ListQuery:
        """Return what arguments ask for; like ``list_query``, for arguments of another origin.

        Raises:
            BadFilter: they hold something that cannot be.
        """
        columns = {name: self.filter_column(name) for name in self.filter_columns}
        columns |= {name: self.columns[name] for name in self.order_columns}
        sort = self.default_sort.removeprefix("-")
        columns.setdefault(sort, self.columns[sort])
        return read_query(
            {name: arguments.getlist(name) for name in arguments},
            columns, [*self.order_columns, sort], self.default_sort, self.datamodel.key,
            current_app.config["CARELINE_SETTINGS"].page_size_most, self.default_filters,
            self.list_modes(),
        )

    @functools.cached_property
    def several(self) -> dict[str, Column]:
        """What the list can be filtered by but not show, by name."""
        return describe_filters(self.datamodel.obj, self.filter_columns, self.label_columns)

    def filter_column(self, name: str) -> Column:
        """Return a column that the list can be filtered by."""
        return self.several[name] if name in self.several else self.columns[name]

    def view_tabs(self, query: ListQuery) -> list[ViewTab]:
        """Return the saved views above the list; the ones that come with it first."""
        saved = visible_views(db.session, actor(), self.class_permission_name)
        return view_tabs(self, saved, query, actor())

    # --- drawing -----------------------------------------------------------------------------
    def list_rows(self, page: Page, names: Sequence[str], columns: Sequence[Column]) -> list[Row]:
        """Return the rows of a page as cells.

        Args:
            page: what the interface gave.
            names: columns shown, the extra ones among them.
            columns: those of them that come from the database.
        """
        formatters = self.formatters_columns or {}
        writers = {
            column.name: writer(
                column, drawn_choices(self, column.name), formatters.get(column.name)
            )
            for column in columns
        }
        places = {column.name: 2 + place for place, column in enumerate(columns)}
        extra = self.extra_cells(page.rows) if set(names) - set(places) else {}
        shows = self.can("can_show")
        base = self.url("show", pk=0)[:-1] if shows else ""
        offers = self.row_steps(page.rows)
        rows = []
        for row in page.rows:
            cells = tuple(
                writers[name](row[places[name]]) if name in places
                else extra.get(name, {}).get(row[0], "")
                for name in names
            )
            url = f"{base}{row[0]}" if shows else ""
            version = row[2 + len(columns)] if len(row) > 2 + len(columns) else None
            token = row_token(row[0], version)
            rows.append(Row(row[0], url, cells, offers.get(row[0], _NONE), token))
        return rows

    def row_steps(self, rows: Sequence[Any]) -> Mapping[int, RowOffers]:
        """Return what a row offers by itself, by primary key; nothing for plain records."""
        return {}

    def list_context(
        self, query: ListQuery, names: Sequence[str], also: Sequence[Any] = ()
    ) -> dict[str, Any]:
        """Return what the table of a list needs.

        Args:
            query: what is asked for.
            names: columns shown.
            also: further conditions.
        """
        columns = [self.columns[name] for name in names if name in self.columns]
        cap = None if "exact" in request.args else current_app.config["CARELINE_SETTINGS"].count_cap
        try:
            count = self.datamodel.count(query, cap, also)
            versioned = [] if self.version_column is None else [self.version_column]
            page = self.datamodel.page(query, [*columns, *versioned], also, many=count.is_large)
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))
        extra = self.extra_columns()
        heads = [
            {"name": name, "label": extra.get(name) or self.columns[name].label,
             "numeric": name in self.columns and self.columns[name].is_numeric,
             "sortable": name in self.order_columns}
            for name in names
        ]
        return {
            "view": self, "query": query, "page": page, "count": count, "heads": heads,
            "rows": self.list_rows(page, names, columns),
        }

    @expose("/list/")
    @requires("list")
    def list(self) -> BaseResponse | str:
        """Show one page of rows."""
        query = self.list_query()
        tabs = self.view_tabs(query)
        elsewhere = self._elsewhere(tabs)
        if elsewhere:
            return redirect(elsewhere)
        tab = active_tab(tabs)
        chosen = self.chosen(query, tab)
        shared = {
            "undo": self.pending_undo(),
            "density": chosen["density"], "tabs": tabs, "tab": tab,
            "chips": filter_chips(self, query), "bulk": self.visible_bulk_offers(),
            "selectable": self.is_selectable(), "modes": self.list_modes(),
        }
        if query.mode:
            return self.render_template(
                self.list_template, **self.mode_context(query), **shared
            )
        context = self.list_context(query, chosen["columns"])
        template = "screens/lists/_list_body.html" if is_partial() else self.list_template
        return self.render_template(
            template, **context, **shared, widths=chosen["widths"],
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
        query = self.list_query(MultiDict(pairs))
        changing = None
        if "column" in request.args:
            wanted = (request.args["column"], request.args.get("operator", ""))
            changing = next(
                (c for c in query.conditions if (c.column.name, c.operator) == wanted), None
            )
            if changing is None:
                abort(404)
        return self.render_template(
            "screens/lists/_filter_form.html", view=self, query=query, changing=changing,
            fields=filter_fields(self, query, changing),
            kept=query.arguments(**({changing.key: None} if changing else {}), all=None),
        )

    def visible_bulk_offers(self) -> list[Any]:
        """Return bulk actions that the caller may use."""
        return [
            offer for offer in self.bulk_offers() if self.may_act(offer)
        ]

    def is_selectable(self) -> bool:
        """Return whether there is anything that the caller could do with several rows."""
        return bool(
            self.visible_bulk_offers() or self.offered_bulk_columns() or self.can("can_export")
            or self.can_bulk_delete()
        )

    def count_text(self, count: Count) -> str:
        """Return the number of rows as text: ``1,000+`` when there are more."""
        number = f"{count.value:,}"
        return f"{number}+" if count.capped else number

    # --- markup for templates ----------------------------------------------------------------
    def badge(self, column: str, value: Any) -> Markup | str:
        """Return a choice value as a badge."""
        return writer(self.columns[column], drawn_choices(self, column))(value)

    def empty_text(self) -> str:
        """Return what an empty list says."""
        return gettext("As soon as there is something, it will stand here.")

    def add_url(self) -> str:
        """Return the address of the form for a new row, or an empty text without the right."""
        allowed = "can_add" in self.base_permissions and self.can("can_add")
        return url_for(f"{self.endpoint}.add") if allowed else ""
