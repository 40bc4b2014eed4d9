"""What a relation can be set to, as somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, jsonify, request
from flask_appbuilder.baseviews import expose
from sqlalchemy import inspect as sa_inspect

from app.screens.columns.columns import UnknownColumn
from app.screens.forms.record_forms import RecordForms
from app.screens.query.record_search import cleaned
from app.screens.screen import Page, Screen
from app.web.permission_check import requires


class OptionsPage(Page):
    """Choices of the relations of a form, of filters, of cells.

    Args:
        screen: the screen.
        record_forms: knows further conditions on what can be chosen.

    Raises:
        UnknownColumn: ``narrowed_by`` names columns that have no such tie.
    """

    def __init__(self, screen: Screen, record_forms: RecordForms) -> None:
        super().__init__(screen)
        self._forms = record_forms
        # A wrong declaration is found at start, not when somebody types.
        for column in screen.declared.narrowed_by:
            self._belonging(column)

    @expose("/options/<column>")
    @requires("list")
    def options(self, column: str) -> Response:
        """Return what a relation can be set to, as a person types; only what the person sees."""
        found = self.screen.filter_only.get(column) or self.screen.columns.get(column)
        if found is None or found.target is None:
            abort(404)
        text = cleaned(request.args.get("q", ""))
        interface = self.screen.datamodel.get_related_interface(column)
        options = interface.options(
            text, limit=20, also=[*self._forms.option_conditions(column), *self._narrowing(column)],
            retired="retired" in request.args,
        )
        body = [{"value": str(key), "label": label} for key, label in options]
        return jsonify(options=body)

    def _narrowing(self, column: str) -> Sequence[Any]:
        key = self.screen.datamodel.parse_key(request.args.get("within", ""))
        if key is None or column not in self.screen.declared.narrowed_by:
            return ()
        return (self._belonging(column) == key,)

    def _belonging(self, column: str) -> Any:
        """Return the foreign key over which what is offered belongs to the other value.

        Raises:
            UnknownColumn: the two have no such tie, or one of them is no relation.
        """
        other = self.screen.declared.narrowed_by[column]
        named = (self.screen.columns.get(name) for name in (column, other))
        target, base = (getattr(one, "target", None) for one in named)
        for relation in sa_inspect(target).relationships if target is not None else ():
            if relation.mapper.class_ is base and not relation.uselist:
                return next(iter(relation.local_columns))
        raise UnknownColumn(f"{self.screen.endpoint}: rows of {column!r} do not belong to rows of "
                            f"{other!r}")
