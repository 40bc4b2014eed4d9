"""The base of every REST API: the same rows, rights and rules as on the screens, as JSON.

Over Flask-AppBuilder's ``ModelRestApi``, with its addresses and its list arguments; reading goes by
tuples and orjson, paging by key. What the caller sends wrong is a 4xx with a sentence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, current_app, request
from flask_appbuilder.api import ModelRestApi, expose
from flask_appbuilder.security.decorators import protect
from flask_babel import gettext
from sqlalchemy import select

from app.database import db
from app.forms.build import translate
from app.i18n import N_
from app.screens.api.write import ApiWriting, json_response
from app.screens.columns.added_columns import AddedColumns
from app.screens.columns.columns import Column, describe
from app.screens.columns.custom_fields import CustomFields, LiveColumns, LiveNames
from app.screens.columns.model_choices import model_choices
from app.screens.columns.seen_labels import seen_by
from app.screens.contracts import Choice
from app.screens.declaration import BadDeclaration
from app.screens.query import rison
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery, read_query
from app.screens.registry import registry
from app.screens.screen import Screen
from app.web.request import actor

# What an author may set of Flask-AppBuilder's. Its other names have no effect here; one that would
# narrow the rows, or check them before they are saved, must not be lost without a word.
_OF_FLASK_APPBUILDER = frozenset({
    "add_columns", "allow_browser_login", "base_permissions", "class_permission_name",
    "csrf_exempt", "datamodel", "edit_columns", "exclude_route_methods", "list_columns",
    "method_permission_name", "resource_name", "route_base", "search_columns", "show_columns",
    "version",
})


class RecordApi(ApiWriting, ModelRestApi):
    """REST API of one model.

    Class attributes, beside Flask-AppBuilder's (``resource_name``, ``list_columns``,
    ``show_columns``, ``add_columns``, ``edit_columns``, ``class_permission_name`` …):

        datamodel: a ``RecordInterface``.
        default_sort: column, with ``-`` in front for large values first.

    The rights are those of a screen, which ``class_permission_name`` names: reading the list needs
    ``can_list`` and so on. Its choices and actions are those of that screen.
    """

    # Flask-AppBuilder knows lists only; ours grow by the custom fields in force.
    list_columns: Sequence[str]
    show_columns: Sequence[str]
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    class_permission_name: str
    default_sort = ""
    allow_browser_login = True
    csrf_exempt = False
    exclude_route_methods = {"info"}
    method_permission_name = {
        "get_list": "list", "get": "show", "post": "add", "put": "edit", "delete": "delete",
        "act": "show", "reveal": "show",
    }

    # --- set-up ------------------------------------------------------------------------------
    def __init__(self) -> None:
        _check_attributes(type(self))
        super().__init__()

    def _init_properties(self) -> None:
        model = self.datamodel.obj
        mapped = [name for name, _ in model.__mapper__.columns.items() if name != "extra"]
        self.list_columns = list(self.list_columns or mapped)
        self.show_columns = list(self.show_columns or mapped)
        self.edit_columns = list(self.edit_columns or [])
        self.add_columns = list(self.add_columns or self.edit_columns)
        names = (*self.list_columns, *self.show_columns, *self.add_columns, *self.edit_columns,
                 *(self.search_columns or ()), self.default_sort.removeprefix("-") or "id")
        self.default_sort = self.default_sort or "-id"
        custom, self._added = CustomFields(model), AddedColumns(model)
        self.columns = LiveColumns(
            lambda: {name: describe(model, name) for name in names},
            custom.columns, self._added.columns)
        self.list_columns = LiveNames(self.list_columns, custom.keys)
        self.show_columns = LiveNames(self.show_columns, custom.keys, self._added.keys)
        if self.add_columns:
            self.add_columns = LiveNames(self.add_columns, custom.used)
        if self.edit_columns:
            self.edit_columns = LiveNames(self.edit_columns, custom.used)

    def _init_titles(self) -> None:
        """Titles belong to screens."""

    def _init_model_schemas(self) -> None:
        """No marshmallow schemas: values are checked against the columns themselves."""

    # --- hooks -------------------------------------------------------------------------------
    @property
    def _screen(self) -> Screen | None:
        return registry().screen_of(self.datamodel.obj, self.class_permission_name)

    def choices_of(self, column: str) -> Sequence[Choice]:
        """Return the values of a choice column."""
        if self._screen is not None:
            return self._screen.choices_of(column)
        return model_choices(self.datamodel.obj, column)

    # --- reading -----------------------------------------------------------------------------
    def _query(self) -> ListQuery:
        settings = current_app.config["CARELINE_SETTINGS"]
        given = {name: request.args.getlist(name) for name in request.args}
        filterable = {name: column for name, column in self.columns.items()
                      if "." not in name or column.made_for is not None}
        if "q" in given:
            given |= rison.arguments(rison.read(given.pop("q")[0]), filterable)
        if "search" in given:
            given["q"] = given.pop("search")
        given.pop("columns", None)
        return read_query(
            given, filterable,
            [name for name, column in filterable.items() if column.sortable],
            self.default_sort, self.datamodel.key, settings.page_size_most,
        )

    def _wanted(self) -> list[Column]:
        names = [name for text in request.args.getlist("columns") for name in text.split(",")]
        if not names and "q" in request.args:
            asked = rison.read(request.args["q"]).get("columns", [])
            names = [str(name) for name in asked] if isinstance(asked, list) else []
        # Each of those that others add costs a subquery for every row: only who names it pays.
        offered = {*self.list_columns, *self._added.keys()}
        unknown = [name for name in names if name not in offered]
        if unknown:
            raise BadFilter(N_("There is no column %(name)s."), name=unknown[0])
        return [self.columns[name] for name in names or self.list_columns]

    @expose("/", methods=("GET",))
    @protect(allow_browser_login=True)
    def get_list(self, **_: Any) -> Response:
        """Rows as filtered and sorted, a page at a time.

        Arguments as on the list page (``state__in=new``, ``sort=-received_at``, ``size=50``,
        ``after=…``), ``search=`` for words, ``columns=`` for some columns only, among
        which those of other plugins may be; or Flask-AppBuilder's ``q=``.
        """
        try:
            query = self._query()
            columns = self._wanted()
            cap = current_app.config["CARELINE_SETTINGS"].count_cap
            count = self.datamodel.count(query, None if "exact" in request.args else cap)
            page = self.datamodel.page(query, _with_keys(columns), many=count.is_large)
        except BadFilter as error:
            abort(400, description=translate(error.message))
        return json_response({
            "count": count.value,
            "count_capped": count.capped,
            "ids": [row[0] for row in page.rows],
            "result": [_row(columns, row[2:]) for row in page.rows],
            "next": page.after,
            "previous": page.before,
        })

    def _found(self, pk: Any) -> Any:
        record = self.datamodel.get(pk)
        if record is None:
            abort(404, description=gettext("There is no such record."))
        return record

    def _item(self, pk: int) -> dict[str, Any]:
        item = self._seen_item(pk)
        if item is None:
            # Notes in the audit trail who asked for what is there, but not for them.
            self._found(pk)
            abort(404, description=gettext("There is no such record."))
        return item

    def _seen_item(self, pk: int) -> dict[str, Any] | None:
        """Return a row as the API shows it, or ``None`` where the caller may not see it."""
        columns = [self.columns[name] for name in self.show_columns]
        person = actor()
        shown = [seen_by(column, person).shown.label(f"c{i}")
                 for i, column in enumerate(_with_keys(columns))]
        row = db.session.execute(
            select(*shown).where(self.datamodel.key == pk, self.datamodel.visible())
        ).one_or_none()
        return None if row is None else _row(columns, row)

    @expose("/<pk>", methods=("GET",))
    @protect(allow_browser_login=True)
    def get(self, pk: str, **_: Any) -> Response:
        """One row."""
        key = self.datamodel.parse_key(pk)
        if key is None:
            abort(404, description=gettext("There is no such record."))
        return json_response({"id": key, "result": self._item(key)})


def _check_attributes(api: type[RecordApi]) -> None:
    """Refuse attributes of Flask-AppBuilder's API that ours does not read.

    Raises:
        BadDeclaration: with the name.
    """
    for kind in api.__mro__:
        if not issubclass(kind, RecordApi) or kind is RecordApi:
            continue
        for name, value in vars(kind).items():
            if name.startswith("_") or name in _OF_FLASK_APPBUILDER or hasattr(value, "_urls"):
                continue
            if hasattr(ModelRestApi, name):
                raise BadDeclaration(
                    f"{kind.__name__}.{name} has no effect: rows follow the scope of the model, "
                    "and rules belong to its operations"
                )


def _with_keys(columns: Sequence[Column]) -> list[Column]:
    """Return the columns to select: a relation needs its key beside its label."""
    found: list[Column] = []
    for column in columns:
        if column.kind == "relation":
            found.append(dataclasses.replace(
                column, kind="integer", target=None, shown=column.attribute))
        found.append(column)
    return found


def _row(columns: Sequence[Column], values: Sequence[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    place = 0
    for column in columns:
        if column.kind == "relation":
            key, label = values[place], values[place + 1]
            row[column.name] = None if key is None else {"id": key, "label": label}
            place += 2
        else:
            row[column.name] = values[place]
            place += 1
    return row
