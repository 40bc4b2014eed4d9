"""What a relation can be set to, as somebody types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, current_app, request
from flask_appbuilder.baseviews import expose
from sqlalchemy import inspect as sa_inspect

from app.screens.columns.columns import UnknownColumn
from app.web.permission_check import requires


class OptionPages:
    """Choices of the relations of a form, of filters, of cells.

    Class attributes:
        narrowed_by: relations of the form that offer only what belongs to the value of another
            one: ``{"vehicle": "customer"}`` offers the vehicles of the customer chosen before,
            and all while none is. It helps to choose and refuses nothing.
    """

    narrowed_by: Mapping[str, str] = {}

    @expose("/options/<column>")
    @requires("list")
    def options(self, column: str) -> Response:
        """Return what a relation can be set to, as a person types; only what the person sees."""
        found = self.several.get(column) or self.columns.get(column)
        if found is None or found.target is None:
            abort(404)
        text = request.args.get("q", "").strip()[:100].replace("\x00", "")
        interface = self.datamodel.get_related_interface(column)
        options = interface.options(
            text, limit=20, also=[*self.option_conditions(column), *self._narrowing(column)],
            retired="retired" in request.args,
        )
        body = [{"value": str(key), "label": label} for key, label in options]
        return current_app.json.response(options=body)

    def option_conditions(self, column: str) -> Sequence[Any]:
        """Return further conditions on what a relation may be set to."""
        return ()

    def _narrowing(self, column: str) -> Sequence[Any]:
        key = self.datamodel.parse_key(request.args.get("within", ""))
        if key is None or column not in self.narrowed_by:
            return ()
        return (self._belonging(column) == key,)

    def _belonging(self, column: str) -> Any:
        """Return the foreign key over which what is offered belongs to the other value.

        Raises:
            UnknownColumn: the two have no such tie, or one of them is no relation.
        """
        named = (self.columns.get(name) for name in (column, self.narrowed_by[column]))
        target, base = (getattr(one, "target", None) for one in named)
        for relation in sa_inspect(target).relationships if target is not None else ():
            if relation.mapper.class_ is base and not relation.uselist:
                return next(iter(relation.local_columns))
        raise UnknownColumn(f"{type(self).__name__}: rows of {column!r} do not belong to rows of "
                            f"{self.narrowed_by[column]!r}")

    def _check_narrowing(self) -> None:
        """Find a wrong declaration at start, not when somebody types."""
        for column in self.narrowed_by:
            self._belonging(column)
