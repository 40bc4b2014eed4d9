"""A screen as Flask-AppBuilder sees it: its permissions, its addresses, its blueprint."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from flask_appbuilder.baseviews import BaseModelView
from flask_appbuilder.const import PERMISSION_PREFIX
from flask_appbuilder.hooks import get_before_request_hooks, wrap_route_handler_with_hooks

from app.screens.composition import compose
from app.screens.declaration import FIELDS, BadDeclaration, ScreenDeclaration, declaration_of
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.parts import DEFAULTS, parts_of
from app.screens.query.datamodel import RecordInterface
from app.screens.screen import Part, Screen, ScreenPlace

_MOVED = {
    "action_defaults": "record_actions (RecordActions.defaults)",
    "choices_of": "choices, or the record's model",
    "exported_column": "extra_columns (ExtraColumns.exported)",
    "extra_cells": "extra_columns (ExtraColumns.cells)",
    "form_context": "form_page (FormPage.context)",
    "header_chips": "record_header (RecordHeader.badges)",
    "is_seen_by_nobody": "form_page (FormPage.is_seen_by_nobody)",
    "list_rows": "list_table (ListTable)",
    "moves": "board_page (BoardPage.moves)",
    "option_conditions": "record_forms (RecordForms.option_conditions)",
    "prefill": "form_page (FormPage.prefill)",
    "record_data": "record_forms (RecordForms.data)",
    "record_title": "record_header (RecordHeader.title)",
    "row_steps": "record_actions (RecordActions.row_offers)",
    "show_context": "record_page (RecordPage.context)",
    "told": "timeline (Timeline.decorate)",
    "version_of": "record_forms (RecordForms.version_of)",
    # Of Flask-AppBuilder: what would narrow or order its own lists and forms.
    "base_filters": "the row scope of the model (__scope_people__ and so on)",
    "base_order": "default_sort",
    "search_columns": "filter_columns",
    "search_form_query_rel_fields": "narrowed_by",
}
# What an author may set of Flask-AppBuilder's; its other names have no effect on our pages.
_OF_FLASK_APPBUILDER = frozenset({
    "base_permissions", "class_permission_name", "datamodel", "default_view", "endpoint",
    "exclude_route_methods", "get_method_permission", "method_permission_name", "route_base",
    "static_folder", "template_folder",
})


class RecordView(BaseModelView):
    """The screen of one table: list, record page, forms, actions, export, import.

    An author writes, as attributes of the class, what ``ScreenDeclaration`` describes, and names
    classes in the place of those of ``ScreenParts``. ``datamodel``, ``route_base``,
    ``class_permission_name`` and ``base_permissions`` are Flask-AppBuilder's.

    Attributes:
        screen: what the pages of the view share.
    """

    datamodel: RecordInterface
    screen: Screen

    def __init__(self) -> None:
        _check_attributes(type(self))
        self.title = self.list_title = ""
        super().__init__()

    # --- set-up, called by Flask-AppBuilder ----------------------------------------------------
    def _init_properties(self) -> None:
        """Make the screen; its columns and parts wait for the first who opens it."""
        name, classes = type(self).__name__, parts_of(type(self))
        place = ScreenPlace(
            endpoint=name, permission_name=self.class_permission_name or name,
            render=self.render_template,
        )
        extra_columns = cast("type[ExtraColumns]", classes["extra_columns"]).labels
        self._parts, self._declaration = classes, self._declared()
        self.screen = Screen(place, self.datamodel, self._declaration, extra_columns,
                             functools.partial(compose, classes=classes))

    def _declared(self) -> ScreenDeclaration:
        """Return what the author declares."""
        return declaration_of(type(self))

    def _init_forms(self) -> None:
        """Nothing to make: forms belong to the parts, and lists are filtered without one."""

    def _init_titles(self) -> None:
        self.title = self.list_title = self.screen.list_title
        offered = self._offered_permissions()
        self.base_permissions = self.screen.base_permissions = offered

    def _offered_permissions(self) -> list[str]:
        """Return what the screen offers: as declared, or what its addresses need."""
        if self.base_permissions is not None:
            offered = list(self.base_permissions)
        else:
            needed = (getattr(method, "_permission_name", "") for _, _, method in self._exposed())
            offered = sorted({PERMISSION_PREFIX + name for name in needed if name})
        self.screen.base_permissions = offered
        further = [name for part in self._parts.values()
                   for name in part.further_permissions(self.screen, self._declaration)]
        return list(dict.fromkeys([*offered, *further]))

    # --- addresses -----------------------------------------------------------------------------
    def _exposed(self) -> Iterator[tuple[str, str, Callable[..., Any]]]:
        """Yield part, name and function of each address of the parts."""
        for part, kind in self._parts.items():
            for name, function in _exposed_by(kind):
                yield part, name, function

    def _register_urls(self) -> None:
        """Register the addresses of the pages under the names of their methods."""
        hooks = get_before_request_hooks(self)
        assert self.blueprint is not None
        own = ((name, function, getattr(self, name))
               for name, function in _exposed_by(type(self)))
        parts = ((name, function, self._answer(part, function))
                 for part, name, function in self._exposed())
        for name, function, answer in (*own, *parts):
            if name in self.exclude_route_methods:
                continue
            handler = wrap_route_handler_with_hooks(name, answer, hooks)
            for url, methods in cast("Any", function)._urls:
                self.blueprint.add_url_rule(url, name, handler, methods=methods)

    def _answer(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return what answers at an address: a method of a part that is made with the screen."""
        @functools.wraps(function)
        def answer(*arguments: Any, **values: Any) -> Any:
            return function(self.screen.parts[part], *arguments, **values)

        return answer

    def get_method_permission(self, method_name: str) -> str:
        """Return the permission that a method of a page needs, without ``can_``."""
        given = (self.method_permission_name or {}).get(method_name)
        methods = {name: function for _, name, function in self._exposed()}
        if given or method_name not in methods:
            return given or super().get_method_permission(method_name)
        return cast("Any", methods[method_name])._permission_name


@functools.cache
def _exposed_by(kind: type[Any]) -> Sequence[tuple[str, Callable[..., Any]]]:
    """Return the methods of a view or part that answer at addresses, by name."""
    found = ((name, getattr(kind, name)) for name in dir(kind))
    return tuple((name, function) for name, function in found if hasattr(function, "_urls"))


def _check_attributes(view: type[RecordView]) -> None:
    """Refuse what no screen knows: a misspelt declaration, a method that no page calls, or an
    attribute of Flask-AppBuilder that only its own pages read.

    Raises:
        BadDeclaration: with the name, and where such a method belongs.
    """
    ours = [kind for kind in view.__mro__
            if issubclass(kind, RecordView) and not kind.__module__.startswith("app.screens.")]
    for kind in ours:
        for name, value in vars(kind).items():
            if name.startswith("_") or name in FIELDS or name in _OF_FLASK_APPBUILDER:
                continue
            if hasattr(value, "_urls") or (isinstance(value, type) and issubclass(value, Part)):
                continue
            place = f"{kind.__name__}.{name}"
            if name in DEFAULTS:
                raise BadDeclaration(f"{place} must be a class of {DEFAULTS[name].__name__}")
            moved = f"; it belongs to {_MOVED[name]}" if name in _MOVED else ""
            raise BadDeclaration(f"{place} is nothing that a screen knows{moved}")
