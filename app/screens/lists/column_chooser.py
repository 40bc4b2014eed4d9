"""Columns of a list: which, in what order, how wide, and how dense its rows are."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.list_preferences import ListPreferences
from app.screens.lists.reader import ListReader
from app.screens.query.list_query import ListQuery
from app.screens.saved_views.tabs import PLAIN, SavedViewTabs, ViewTab, active_tab
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import safe_next

DENSITIES = ("compact", "comfortable")
# Pixels; a column is neither lost nor wider than a screen.
_NARROWEST, _WIDEST = 48, 900
_VIEWS_KEPT = 50


class ColumnPage(Page):
    """What each person has made of a list.

    Args:
        screen: the screen.
        list_reader: reads the address of the list.
        list_preferences: what the caller has set up.
        saved_view_tabs: the tabs above the list, which have columns of their own.
        extra_columns: columns that are no columns of the table.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, list_preferences: ListPreferences,
        saved_view_tabs: SavedViewTabs, extra_columns: ExtraColumns,
    ) -> None:
        super().__init__(screen)
        self._reader, self._preferences = list_reader, list_preferences
        self._tabs, self._extra = saved_view_tabs, extra_columns

    def _known(self) -> list[str]:
        return [*self.screen.declared.list_columns, *self.screen.declared.list_choice]

    def chosen(self, query: ListQuery | None = None, tab: ViewTab | None = None) -> dict[str, Any]:
        """Return the caller's columns, widths and density for this list.

        What the person chose for a saved view comes first, then what the view holds, then what
        the person chose for the plain list.

        Args:
            query: what the list shows.
            tab: the saved view in force, where it is known already.
        """
        kept = self._preferences.read()
        if tab is None and query is not None and query.view:
            tab = active_tab(self._tabs.tabs(query))
        layers = [kept]
        if tab is not None:
            layers = [kept.get("views", {}).get(tab.key, {}), tab.layout, kept]
        known = self._known()
        found: dict[str, Any] = {"columns": list(self.screen.declared.list_columns),
                                 "density": DENSITIES[0], "widths": {}}
        for layer in reversed(layers):
            columns = [name for name in layer.get("columns", ()) if name in known]
            found["columns"] = columns or found["columns"]
            if layer.get("density") in DENSITIES:
                found["density"] = layer["density"]
            found["widths"] = layer.get("widths") or found["widths"]
        return found

    @expose("/columns", methods=["GET"])
    @requires("list")
    def column_form(self) -> str:
        """Return the menu in which columns and density are chosen."""
        query = self._reader.query()
        chosen = self.chosen(query)
        return self.screen.render(
            "screens/lists/_column_form.html", query=query, chosen=chosen["columns"],
            density=chosen["density"], extra=self._extra.labels,
        )

    @expose("/columns", methods=["POST"])
    @requires("list")
    def choose_columns(self) -> BaseResponse:
        """Keep the caller's columns, their order, and the density of rows."""
        known = self._known()
        columns = [name for name in request.form.getlist("column") if name in known]
        density = request.form.get("density")
        if "reset" in request.form:
            self._keep_layout({"columns": [], "density": "", "widths": {}})
        else:
            self._keep_layout({
                "columns": list(dict.fromkeys(columns)) or self.screen.declared.list_columns,
                "density": density if density in DENSITIES else DENSITIES[0],
            })
        return redirect(safe_next(request.form.get("next"), self.screen.url()))

    @expose("/columns/widths", methods=["POST"])
    @requires("list")
    def keep_widths(self) -> BaseResponse:
        """Keep the widths of columns, in pixels, as they were drawn by hand."""
        known = set(self._known())
        widths = {
            name: min(max(width, _NARROWEST), _WIDEST)
            for name, text in request.form.items()
            if name in known and (width := whole_number(text)) is not None
        }
        self._keep_layout({"widths": widths})
        return Response(status=204)

    def _keep_layout(self, layout: dict[str, Any]) -> None:
        kept = dict(self._preferences.read())
        key = request.form.get("view", "")[:40]
        if key not in ("", PLAIN):
            views = dict(kept.get("views", {}))
            views[key] = {**views.get(key, {}), **layout}
            kept["views"] = {name: views[name] for name in list(views)[-_VIEWS_KEPT:]}
        else:
            kept |= layout
        self._preferences.save(kept)
