"""The record page: header, tabs, timeline; comments, deletion, the way to the next record."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.database import db
from app.screens.columns.cells import writer
from app.screens.columns.custom_fields import value_of
from app.screens.columns.dictionaries import drawn_choices
from app.screens.contracts import TimelineEntry
from app.screens.query.list_query import ListQuery
from app.screens.records import timeline
from app.screens.records.redirect_after_action import LeavingPages
from app.screens.records.reveal_page import RevealPages
from app.screens.registry import panels_for, registry
from app.web.permission_check import requires
from app.web.request import actor

_RELATED_ROWS = 20
_LONGEST_COMMENT = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the record page whose content is fetched when it is opened."""

    name: str
    label: Any
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the record page."""

    name: str
    label: Any
    value: Any
    wide: bool
    is_empty: bool
    reveals: bool = False
    calls: bool = False


class RecordPages(LeavingPages, RevealPages):
    """Show, comment, delete and related tabs of a record view."""

    show_template = "screens/records/record.html"

    # --- hooks -------------------------------------------------------------------------------
    def told(self, record: Any, entries: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
        """Return what happened to a record, newest first, with what this kind of it knows."""
        return entries

    def timeline(self, record: Any, skip: int = 0) -> dict[str, Any]:
        """Return values for the template of a timeline, from the entry after ``skip`` others on."""
        page = timeline.page_of(db.session, self, record, skip)
        return {"entries": page.entries, "earlier": page.earlier}

    def tabs(self, record: Any) -> Sequence[Tab]:
        """Return the tabs beside the details: related lists and panels of plugins."""
        person = actor()
        found = []
        for related, title in self._related():
            if person.can("can_list", related.class_permission_name):
                found.append(
                    Tab(
                        related.endpoint, title,
                        self.url("related", pk=record.id, name=related.endpoint),
                    )
                )
        for place, panel in enumerate(panels_for(self.datamodel.obj)):
            if panel.rows_of is None and person.can("can_list", panel.view):
                address = self.url("panel", pk=record.id, name=panel.template)
                found.append(Tab(f"panel-{place}", panel.title, address))
        return found

    def _related(self) -> list[tuple[Any, str]]:
        """Return views whose rows belong to records of this one, each with its title here."""
        known = registry().views
        own = [(view, view.list_title) for kind in self.related_views
               for view in known.values() if type(view) is kind]
        brought = [(known.get(panel.rows_of), panel.title)
                   for panel in panels_for(self.datamodel.obj) if panel.rows_of is not None]
        return own + [(view, title) for view, title in brought if view is not None]

    def show_context(self, record: Any) -> dict[str, Any]:
        """Return further values for the template of the record page."""
        return {}

    # --- the page ----------------------------------------------------------------------------
    def found(self, pk: Any) -> Any:
        """Return the record with a key.

        Raises:
            NotFound: there is none, or the caller may not see it.
        """
        record = self.datamodel.get(pk)
        if record is None:
            abort(404)
        return record

    @expose("/show/<pk>")
    @requires("show")
    def show(self, pk: str) -> str:
        """Show one record."""
        record = self.found(pk)
        offers = [offer for offer in self.offers(record) if self.may_act(offer)]
        # What usually comes next stands first, what cannot be done now last.
        offers.sort(key=lambda offer: (bool(offer.blocked_reason), not offer.primary))
        return self.render_template(
            self.show_template,
            view=self, record=record, title=self.record_title(record),
            sections=self.shown_sections(record), chips=self.header_chips(record),
            offers=offers, tabs=self.tabs(record), **self.timeline(record),
            can_edit=self.can("can_edit") and not self.change_refusal(record),
            can_delete=self.can("can_delete"), changeable=self.changeable_facts(record),
            can_comment=self.can("can_comment") and hasattr(record, "__record_type__"),
            origin=self.origin(), **self.show_context(record),
        )

    def _may(self, permission: str) -> bool:
        return not permission or self.can(permission)

    def shown_sections(self, record: Any) -> list[dict[str, Any]]:
        """Return the sections of the details; labels of all relations come in one statement."""
        names = [name for section in self.show_sections for name in section.fields]
        columns = [self.columns[name] for name in names if name in self.columns]
        related = [c for c in columns if c.kind == "relation" or "." in c.name]
        values = self._related_values(record, related)
        formatters = self.formatters_columns or {}
        sections = []
        for section in (*self.show_sections, *self.custom.shown_section(record)):
            fields = []
            for name in section.fields:
                column = self.columns.get(name)
                if column is None:
                    continue
                if column.custom is not None:
                    value = value_of(record, column.custom)
                else:
                    value = values[name] if name in values else getattr(record, name)
                is_empty = value in (None, "", [])
                shown = writer(
                    column, drawn_choices(self, name), formatters.get(name), full=True
                )(value)
                if column.target is not None and value:
                    shown = self.linked(column, record, shown)
                wide = column.kind == "long_text" or name in section.wide
                fields.append(ShownField(
                    name, column.label, shown, wide, is_empty, **self.revealing(record, column)
                ))
            if fields:
                empty = sum(field.is_empty for field in fields)
                sections.append({"title": section.title, "fields": fields, "empty": empty,
                                 "is_empty": empty == len(fields)})
        return sections

    def _related_values(self, record: Any, columns: Sequence[Any]) -> dict[str, Any]:
        if not columns:
            return {}
        labels = [column.shown.label(f"c{place}") for place, column in enumerate(columns)]
        row = db.session.execute(
            select(*labels).where(self.datamodel.key == record.id)
        ).one_or_none()
        if row is None:
            return {}
        return {column.name: value for column, value in zip(columns, row, strict=True)}

    def linked(self, column: Any, record: Any, shown: Any) -> Any:
        """Return the label of a related row as a link where the caller may open it."""
        view = registry().view_of(column.target)
        key = getattr(record, column.attribute.key, None)
        if view is None or key is None or not view.can("can_show"):
            return shown
        return Markup('<a href="{}">{}</a>').format(view.url("show", pk=key), shown)

    # --- previous and next -------------------------------------------------------------------
    def origin(self) -> str:
        """Return the query part of the list that one came from, or an empty text."""
        given = request.args.get("list")
        if given is not None:
            return given[:2000]
        with contextlib.suppress(ValueError):  # whatever a browser may send
            referrer = urlsplit(request.referrer or "")
            if referrer.netloc != request.host:
                return ""
            if referrer.path == self.url("list"):
                return referrer.query
            if referrer.path.startswith(f"{request.script_root}{self.route_base}/"):
                # A step on a page of a record goes back to it, and the list stays the same.
                return parse_qs(referrer.query, max_num_fields=100).get("list", [""])[0][:2000]
        return ""

    def page_of(self, pk: int) -> str:
        """Return the address of a record's page that goes on with the list one came from."""
        return self.url("show", pk=pk, list=self.origin() or None)

    def list_of_origin(self) -> str:
        """Return the address of the list that one came from."""
        origin = self.origin()
        return f"{self.url('list')}?{origin}" if origin else self.url("list")

    def list_query_of_origin(self) -> ListQuery:
        """Return the list that one came from; the plain list when that is unknown."""
        try:
            pairs = parse_qs(self.origin(), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            abort(400)
        for name in ("after", "before", "end", "exact"):
            pairs.pop(name, None)
        arguments = MultiDict(
            (name, value) for name, values in pairs.items() for value in values
        )
        return self.list_query(arguments)

    @expose("/step/<pk>/<way>")
    @requires("show")
    def step(self, pk: str, way: str) -> Response:
        """Go to the record before or after this one in the list one came from."""
        if way not in ("previous", "next"):
            abort(404)
        record = self.found(pk)
        before, after = self.datamodel.neighbours(self.list_query_of_origin(), record.id)
        target = before if way == "previous" else after
        if target is None:
            flash(
                gettext("This is the first one.") if way == "previous"
                else gettext("This is the last one."), "info",
            )
            target = record.id
        return redirect(self.page_of(target))

    # --- tabs --------------------------------------------------------------------------------
    @expose("/related/<pk>/<name>")
    @requires("show")
    def related(self, pk: str, name: str) -> str:
        """Show the first rows of another kind that belong to this record."""
        record = self.found(pk)
        view = next((one for one, _title in self._related() if one.endpoint == name), None)
        if view is None:
            abort(404)
        if not view.can("can_list"):
            abort(403)
        relation = view.relation_to(self.datamodel.obj)
        query = dataclasses.replace(
            view.list_query(MultiDict({"all": "1"})), size=_RELATED_ROWS
        )
        context = view.list_context(
            query, [column for column in view.list_columns if column != relation.name],
            also=[relation.attribute == record.id],
        )
        return self.render_template(
            "screens/records/_related.html", **context,
            all_url=view.url("list", **{f"{relation.name}__in": record.id}),
            add_url=url_for(f"{view.endpoint}.add", **{relation.name: record.id})
            if view.add_url() and relation.name in view.prefill_columns else "",
        )

    def relation_to(self, model: type[Any]) -> Any:
        """Return the column over which rows of this view belong to rows of ``model``."""
        for name in (*self.filter_columns, *self.columns):
            column = self.filter_column(name)
            if column.target is model and not column.has_several:
                return column
        raise LookupError(f"{type(self).__name__} has no relation to {model.__name__}")

    @expose("/panel/<pk>/<path:name>")
    @requires("show")
    def panel(self, pk: str, name: str) -> str:
        """Show a tab that another plugin puts on this kind of record."""
        record = self.found(pk)
        panel = next((p for p in panels_for(self.datamodel.obj) if p.template == name), None)
        if panel is None or panel.load is None:
            abort(404)
        if not actor().can("can_list", panel.view):
            abort(403)
        content = panel.load(db.session, actor(), record)
        if content is None:
            abort(404)
        return self.render_template(panel.template, record=record, content=content, **content)
