"""Columns that other plugins add to the lists of a kind of record."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from flask import has_request_context
from sqlalchemy import ColumnElement, null

from app.access.actor import Actor
from app.host.collaboration import RecordColumn
from app.host.host import current_host
from app.host.lookups import added_to
from app.lazy_texts import lazy_gettext
from app.screens.columns.columns import Column
from app.web.request import actor

log = logging.getLogger(__name__)
_NOTHING: Mapping[str, Column] = {}


class AddedColumns:
    """The columns that other plugins add to the lists of one model.

    Args:
        model: mapped class; one that is no record has none.
    """

    def __init__(self, model: type[Any]) -> None:
        self._model = model
        self._kind = getattr(model, "__record_type__", "")
        self._offered: Sequence[RecordColumn] = ()
        self._known: dict[tuple[str, ...], Mapping[str, Column]] = {}

    def columns(self) -> Mapping[str, Column]:
        """Return the columns that the caller may choose, by name: the same object for the same.

        None outside of a request, such as at start.
        """
        if not self._kind or not has_request_context():
            return _NOTHING
        offered = self._in_force()
        if not offered:
            return _NOTHING
        person = actor()
        allowed = [one for one in offered if person.can(one.permission, one.view)]
        names = tuple(one.name for one in allowed)
        found = self._known.get(names)
        if found is None:
            found = self._known[names] = {one.name: self._column(one) for one in allowed}
        return found

    def keys(self) -> list[str]:
        """Return the names of the columns that the caller may choose."""
        return list(self.columns())

    def _in_force(self) -> Sequence[RecordColumn]:
        """Return what the plugins in force offer; read anew when one is set aside."""
        offered = added_to(current_host(), "register_record_columns", self._kind)
        if self._offered is not offered:
            self._offered, self._known = offered, {}
        return offered

    def _column(self, added: RecordColumn) -> Column:
        def made_for(person: Actor) -> ColumnElement[Any]:
            try:
                return added.expression(person, self._model)
            except Exception:
                log.exception("a column added to %s failed: %s", self._kind, added.name)
                return null()

        return Column(
            name=added.name, kind=added.kind, attribute=None, shown=None,
            label=lazy_gettext(added.label), sortable=True, nullable=True, made_for=made_for)
