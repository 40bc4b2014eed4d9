"""The tabs of a record's page: rows of other kinds that belong to it, and panels of plugins."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask import abort
from flask_appbuilder.baseviews import expose
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.database import db
from app.records.referring import reference_refusal
from app.screens.columns.columns import Column
from app.screens.lists.page import ListTable
from app.screens.lists.reader import ListReader
from app.screens.registry import panels_for, registry
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor

_RELATED_ROWS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the record page whose content is fetched when it is opened."""

    name: str
    label: Any
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of another kind that belong to a record: what they are, how many, and where."""

    label: Any
    count: int
    url: str


class TabsPage(Page):
    """What else belongs to a record."""

    def tabs(self, record: Any) -> Sequence[Tab]:
        """Return the tabs beside the details: related lists and panels of plugins."""
        person = actor()
        found = [
            Tab(related.endpoint, title,
                self.screen.url("related", pk=record.id, name=related.endpoint))
            for related, title in self._related()
            if person.can("can_list", related.class_permission_name)
        ]
        for place, panel in enumerate(panels_for(self.screen.model)):
            if panel.rows_of is None and person.can("can_list", panel.view):
                address = self.screen.url("panel", pk=record.id, name=panel.template)
                found.append(Tab(f"panel-{place}", panel.title, address))
        return found

    def belongings(self, record: Any) -> Sequence[Belonging]:
        """Return how many rows of other kinds belong to a record, one statement for each kind.

        Only what the person may list counts; kinds without any row are left out.
        """
        found = []
        for other, title in self._related():
            if not other.can("can_list"):
                continue
            relation = _relation_to(other, self.screen.model)
            count = db.session.scalar(
                select(func.count()).select_from(other.model)
                .where(other.datamodel.visible(), relation.attribute == record.id)) or 0
            if count:
                found.append(Belonging(
                    title, count, other.url("list", **{f"{relation.name}__in": record.id})))
        return found

    def _related(self) -> list[tuple[Screen, Any]]:
        """Return screens whose rows belong to records of this one, each with its title here."""
        names = [kind.__name__ for kind in self.screen.declared.related_views]
        known = {screen.endpoint: screen for screen in registry().screens}
        own = [(known[name], known[name].list_title) for name in names if name in known]
        brought = [
            (registry().screen_of(panel.rows_of), panel.title)
            for panel in panels_for(self.screen.model) if panel.rows_of is not None
        ]
        return own + [(screen, title) for screen, title in brought if screen is not None]

    @expose("/related/<pk>/<name>")
    @requires("show")
    def related(self, pk: str, name: str) -> str:
        """Show the first rows of another kind that belong to this record."""
        record = self.screen.get_or_404(pk)
        other = next((one for one, _title in self._related() if one.endpoint == name), None)
        if other is None:
            abort(404)
        if not other.can("can_list"):
            abort(403)
        relation, table = _relation_to(other, self.screen.model), other.part(ListTable)
        query = dataclasses.replace(
            other.part(ListReader).query(MultiDict({"all": "1"})), size=_RELATED_ROWS
        )
        context = table.context(
            query, [column for column in other.declared.list_columns if column != relation.name],
            also=[relation.attribute == record.id],
        )
        adds = (relation.name in other.declared.prefill_columns and other.can("can_add")
                and reference_refusal(db.session, actor(), record) is None)
        context["add_url"] = other.url("add", **{relation.name: record.id}) if adds else ""
        return other.render(
            "screens/records/_related.html", **context,
            all_url=other.url("list", **{f"{relation.name}__in": record.id}),
        )

    @expose("/panel/<pk>/<path:name>")
    @requires("show")
    def panel(self, pk: str, name: str) -> str:
        """Show a tab that another plugin puts on this kind of record."""
        record = self.screen.get_or_404(pk)
        panel = next((p for p in panels_for(self.screen.model) if p.template == name), None)
        if panel is None or panel.load is None:
            abort(404)
        if not actor().can("can_list", panel.view):
            abort(403)
        content = panel.load(db.session, actor(), record)
        if content is None:
            abort(404)
        return self.screen.render(panel.template, record=record, content=content, **content)


def _relation_to(screen: Screen, model: type[Any]) -> Column:
    """Return the column over which rows of a screen belong to rows of ``model``.

    Raises:
        LookupError: there is none.
    """
    for name in (*screen.declared.filter_columns, *screen.columns):
        column = screen.filter_column(name)
        if column.target is model and not column.has_several:
            return column
    raise LookupError(f"{screen.endpoint} has no relation to {model.__name__}")
