"""The list page: rows, filters, columns, export, and the rows of related tabs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, current_app, redirect, request, stream_with_context, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.access.audit import record_act
from app.database import db, utcnow, write
from app.host.host import current_host
from app.screens.access import requires
from app.screens.cells import plain_writer, writer
from app.screens.columns import Column
from app.screens.context import actor, is_partial, safe_next
from app.screens.export import XLSX_ROWS, csv_parts, xlsx_parts
from app.screens.filterbar import filter_chips, filter_fields
from app.screens.filters import BadFilter
from app.screens.listing import Count, ListQuery, Page, read_query
from app.screens.preferences import keep_preference, read_preference
from app.screens.texts import translated

DENSITIES = ("compact", "comfortable")
_CSV, _XLSX = "csv", "xlsx"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, ready to be drawn."""

    pk: int
    url: str
    cells: tuple[Any, ...]


class ListPages:
    """List, export and column choice of a record view."""

    list_template = "screens/list.html"
    importer_name = ""

    # --- reading the address -----------------------------------------------------------------
    def list_query(self, arguments: Any = None) -> ListQuery:
        """Return what the address asks for.

        Args:
            arguments: a multi-dict; the running request's by default.

        Raises:
            BadRequest: the address holds something that cannot be.
        """
        settings = current_app.config["CARELINE_SETTINGS"]
        arguments = request.args if arguments is None else arguments
        columns = {name: self.columns[name] for name in self.filter_columns}
        columns |= {name: self.columns[name] for name in self.order_columns}
        sort = self.default_sort.removeprefix("-")
        columns.setdefault(sort, self.columns[sort])
        try:
            return read_query(
                {name: arguments.getlist(name) for name in arguments},
                columns, [*self.order_columns, sort], self.default_sort, self.datamodel.key,
                settings.page_size_most, self.default_filters,
            )
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))

    def preference_name(self) -> str:
        """Return the name under which a person's columns are kept."""
        return f"list:{self.class_permission_name}"

    def chosen(self) -> dict[str, Any]:
        """Return the caller's columns and density for this list."""
        kept = read_preference(db.session, actor(), self.preference_name())
        known = [*self.list_columns, *self.list_choice]
        columns = [name for name in kept.get("columns", ()) if name in known]
        density = kept.get("density")
        return {
            "columns": columns or list(self.list_columns),
            "density": density if density in DENSITIES else DENSITIES[0],
        }

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
            column.name: writer(column, self.choices_of(column.name), formatters.get(column.name))
            for column in columns
        }
        places = {column.name: 2 + place for place, column in enumerate(columns)}
        extra = self.extra_cells(page.rows) if set(names) - set(places) else {}
        shows = self.can("can_show")
        base = self.url("show", pk=0)[:-1] if shows else ""
        rows = []
        for row in page.rows:
            cells = tuple(
                writers[name](row[places[name]]) if name in places
                else extra.get(name, {}).get(row[0], "")
                for name in names
            )
            rows.append(Row(row[0], f"{base}{row[0]}" if shows else "", cells))
        return rows

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
            page = self.datamodel.page(query, columns, also, many=count.is_large)
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
    def list(self) -> str:
        """Show one page of rows."""
        query = self.list_query()
        chosen = self.chosen()
        context = self.list_context(query, chosen["columns"])
        template = "screens/parts/list_body.html" if is_partial() else self.list_template
        return self.render_template(
            template, **context, density=chosen["density"],
            chips=filter_chips(self, query), bulk=self.visible_bulk_offers(),
            position_lost=query.position is not None and not context["rows"],
        )

    @expose("/filters")
    @requires("list")
    def filter_form(self) -> str:
        """Return the filter menu of a list, with what is filtered already."""
        return self.render_template(
            "screens/parts/filter_form.html", view=self, query=self.list_query(),
            fields=filter_fields(self),
        )

    def visible_bulk_offers(self) -> list[Any]:
        """Return bulk actions that the caller may use."""
        return [offer for offer in self.bulk_offers() if self.can(offer.permission)]

    def count_text(self, count: Count) -> str:
        """Return the number of rows as text: ``1,000+`` when there are more."""
        number = f"{count.value:,}"
        return f"{number}+" if count.capped else number

    # --- columns -----------------------------------------------------------------------------
    @expose("/columns", methods=["GET"])
    @requires("list")
    def column_form(self) -> str:
        """Return the menu in which columns and density are chosen."""
        chosen = self.chosen()
        return self.render_template(
            "screens/parts/column_form.html", view=self, query=self.list_query(),
            chosen=chosen["columns"], density=chosen["density"],
        )

    @expose("/columns", methods=["POST"])
    @requires("list")
    def choose_columns(self) -> BaseResponse:
        """Keep the caller's columns, their order, and the density of rows."""
        known = [*self.list_columns, *self.list_choice]
        columns = [name for name in request.form.getlist("column") if name in known]
        density = request.form.get("density")
        value: dict[str, Any] = {}
        if "reset" not in request.form:
            value["columns"] = list(dict.fromkeys(columns)) or self.list_columns
            value["density"] = density if density in DENSITIES else DENSITIES[0]
        keep_preference(db.session, actor(), self.preference_name(), value)
        return redirect(safe_next(request.form.get("next"), self.url()))

    # --- export ------------------------------------------------------------------------------
    @expose("/export/<kind>")
    @requires("export")
    def export(self, kind: str) -> Response:
        """Give the rows of the list, as filtered and sorted, as a file."""
        if kind not in (_CSV, _XLSX):
            abort(404)
        query = self.list_query()
        names = [name for name in self.chosen()["columns"] if name in self.columns]
        columns = [self.columns[name] for name in names]
        most = current_app.config["CARELINE_SETTINGS"].export_rows
        most = min(most, XLSX_ROWS) if kind == _XLSX else most
        try:
            # Read now what cannot be: once the first part is sent, the answer is 200.
            self.datamodel.condition(query)
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))
        self._note_export(query, kind, names)
        header = [translated(column.label) for column in columns]
        writers = [plain_writer(column, self.choices_of(column.name)) for column in columns]
        lines = (
            [write_value(value) for write_value, value in zip(writers, row[2:], strict=True)]
            for row in self.datamodel.stream(query, columns, most)
        )
        parts = (csv_parts if kind == _CSV else xlsx_parts)(header, lines)
        response = Response(
            stream_with_context(parts),
            mimetype="text/csv; charset=utf-8" if kind == _CSV else _XLSX_TYPE,
        )
        name = f"{self.class_permission_name.rpartition('.')[2].lower()}-{utcnow():%Y%m%d}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _note_export(self, query: ListQuery, kind: str, names: Sequence[str]) -> None:
        with write(db.session):
            record_act(
                db.session, actor(), "export",
                record_type=getattr(self.datamodel.obj, "__record_type__", "")
                or self.class_permission_name,
                changes={"kind": kind, "columns": list(names), "list": query.address()},
            )

    # --- choices of a relation ---------------------------------------------------------------
    @expose("/options/<column>")
    @requires("list")
    def options(self, column: str) -> Response:
        """Return what a relation can be set to, as a person types; only what the person sees."""
        found = self.columns.get(column)
        if found is None or found.target is None:
            abort(404)
        text = request.args.get("q", "").strip()[:100].replace("\x00", "")
        interface = self.datamodel.get_related_interface(column)
        options = interface.options(text, limit=20, also=self.option_conditions(column))
        body = [{"value": str(key), "label": label} for key, label in options]
        return current_app.json.response(options=body)

    def option_conditions(self, column: str) -> Sequence[Any]:
        """Return further conditions on what a relation may be set to."""
        return ()

    # --- markup for templates ----------------------------------------------------------------
    def badge(self, column: str, value: Any) -> Markup | str:
        """Return a choice value as a badge."""
        return writer(self.columns[column], self.choices_of(column))(value)

    def empty_text(self) -> str:
        """Return what an empty list says."""
        return gettext("As soon as there is something, it will stand here.")

    def import_url(self) -> str:
        """Return the address of the import of such records, or an empty text without the right."""
        if not self.importer_name or not actor().can("can_list", "core.Imports"):
            return ""
        for importer in current_host().contributions("register_importers"):
            if importer.name == self.importer_name:
                allowed = actor().can(importer.permission, importer.view)
                return url_for("ImportsView.upload", name=importer.name) if allowed else ""
        return ""

    def add_url(self) -> str:
        """Return the address of the form for a new row, or an empty text without the right."""
        allowed = "can_add" in self.base_permissions and self.can("can_add")
        return url_for(f"{self.endpoint}.add") if allowed else ""
