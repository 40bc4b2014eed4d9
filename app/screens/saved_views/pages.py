"""Saved views of a list: their counts, saving, sharing, choosing the one to begin with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, flash, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.forms.build import translate
from app.screens.forms import submissions
from app.screens.lists.column_chooser import ColumnPage
from app.screens.lists.list_preferences import ListPreferences
from app.screens.lists.reader import ListReader
from app.screens.models import SavedView
from app.screens.query.list_query import Count, ListQuery
from app.screens.saved_views import store as saved_views
from app.screens.saved_views.store import EVERYONE, LONGEST_TITLE, PRIVATE, ROLES
from app.screens.saved_views.tabs import PLAIN, SavedViewTabs
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial

_UNPROCESSABLE = 422
_MOST_COUNTED = 24


class SavedViewsPage(Page):
    """Saving, sharing and deleting the views above a list.

    Args:
        screen: the screen.
        list_reader: reads the address of the list.
        list_preferences: what the caller has set up.
        saved_view_tabs: the tabs above the list.
        column_page: which columns the caller has chosen.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, list_preferences: ListPreferences,
        saved_view_tabs: SavedViewTabs, column_page: ColumnPage,
    ) -> None:
        super().__init__(screen)
        self._reader, self._preferences = list_reader, list_preferences
        self._tabs, self._columns = saved_view_tabs, column_page

    @expose("/views/counts")
    @requires("list")
    def view_counts(self) -> str:
        """Return how many rows each tab has, and how many the default filters hide."""
        query = self._reader.query()
        tabs = [tab for tab in self._tabs.tabs(query) if tab.query is not None][:_MOST_COUNTED]
        queries = [tab.query for tab in tabs if tab.query is not None]
        cap = current_app.config["CARELINE_SETTINGS"].count_cap
        hides = self._hiding(query)
        counts = self.screen.datamodel.counts([*queries, *hides[:1]], cap)
        hidden = Markup("")
        if hides and counts[-1].value:
            hidden = self._hidden_note(counts[-1], hides[1])
        return self.screen.render(
            "screens/saved_views/_view_counts.html", hidden=hidden,
            counts=[(tab, count.text)
                    for tab, count in zip(tabs, counts, strict=False)],
        )

    def _hiding(self, query: ListQuery) -> list[ListQuery]:
        """Return the list of what the default filters hide, and the list without them."""
        declared = self.screen.declared.default_filters
        defaults = {
            condition.key: condition
            for condition in query.conditions
            if condition.key in declared
            and set(condition.values) == set(declared[condition.key])
        }
        if len(defaults) != len(declared) or not defaults:
            return []
        pairs = [pair for pair in query.arguments() if pair[0] not in defaults]
        whole = self._reader.query(MultiDict([*pairs, ("all", "1")]))
        return [whole.without_rows_of(tuple(defaults.values())), whole]

    def _hidden_note(self, count: Count, whole: ListQuery) -> Markup:
        """Return the sentence that says how much the default filters hide, with the way to it."""
        is_open = set(self.screen.declared.default_filters) == {"is_open__is"}
        number = count.text
        text = (
            gettext("%(number)s closed ones hidden", number=number) if is_open
            else gettext("%(number)s hidden by these filters", number=number)
        )
        address = self.screen.url("list") + whole.address()
        return Markup('{} – <a href="{}">{}</a>').format(text, address, gettext("show"))

    # --- saving ------------------------------------------------------------------------------
    @expose("/views/form")
    @requires("list")
    def view_form(self) -> str:
        """Return the dialog in which a view is named, shared and made the default."""
        key = request.args.get("id", "")
        return self._view_form(self._saved_view(key) if key else None)

    def _view_form(self, saved: SavedView | None, problem: str = "") -> str:
        query = self._reader.query(
            MultiDict([(name, value) for name, value in request.args.items(multi=True)
                       if name != "id"])
        )
        shares = saved_views.may_share(actor())
        roles = db.session.scalars(select(Role.name).order_by(Role.name)) if shares else ()
        return self.screen.render(
            "screens/saved_views/view_form.html", query=query, saved=saved,
            shares=shares, roles=list(roles), partial=is_partial(), problem=problem,
            begins=saved is not None and self._preferences.read().get("default") == str(saved.id),
        )

    def _saved_view(self, key: str) -> SavedView:
        found = saved_views.find_view(db.session, actor(), self.screen.class_permission_name, key)
        if found is None:
            abort(404)
        return found

    @expose("/views/save", methods=["POST"])
    @requires("list")
    def save_view(self) -> BaseResponse | tuple[str, int]:
        """Save the list as a new view, or change a view.

        The list stands in the address; the form holds name, sharing and whether to begin with it.
        """
        key = request.form.get("id", "")
        saved = self._saved_view(key) if key else None
        query = self._reader.query()
        values: dict[str, Any] = {}
        if (saved is None or "content" in request.form) and query.names_numbers():
            problem = gettext("A view that looks for the number of a person cannot be saved.")
            return self._view_form(saved, problem), _UNPROCESSABLE
        if saved is None or "content" in request.form:
            layout = self._columns.chosen(query)
            values = {"query": urlencode(query.content()), **layout}
        if "title" in request.form:
            values |= self._named()
        try:
            saved = self._keep(values, saved)
        except saved_views.NotYours:
            abort(403)
        except saved_views.TooMany as error:
            return self._view_form(saved, translate(error.message)), _UNPROCESSABLE
        except ValueError:
            return self._view_form(saved, gettext("Give the view a name.")), _UNPROCESSABLE
        self._keep_default(str(saved.id))
        flash(gettext("The view “%(name)s” has been saved.", name=saved.title), "success")
        return go_to(self.screen.url("list", view=saved.id))

    def _keep(self, values: dict[str, Any], saved: SavedView | None) -> SavedView:
        """Save a view; a new one once, however often its form is sent."""
        def keep() -> SavedView:
            return saved_views.keep_view(
                db.session, actor(), self.screen.class_permission_name, values, saved
            )

        if saved is not None:
            return keep()
        place = f"{self.screen.endpoint}.views?{values['query']}"
        made, before = submissions.create_once(
            db.session, actor(), submissions.name_of(place, request.form), keep
        )
        # What was deleted meanwhile is wanted again.
        return made or saved_views.find_view(
            db.session, actor(), self.screen.class_permission_name, before
        ) or keep()

    def _named(self) -> dict[str, Any]:
        values: dict[str, Any] = {"title": request.form["title"].strip()[:LONGEST_TITLE]}
        if not saved_views.may_share(actor()):
            return values
        shared = request.form.get("shared", PRIVATE)
        known = list(db.session.scalars(select(Role.name).order_by(Role.name)))
        roles = [name for name in request.form.getlist("role") if name in known]
        if shared not in (PRIVATE, EVERYONE, ROLES) or (shared == ROLES and not roles):
            shared = PRIVATE
        holders = {PRIVATE: [], EVERYONE: known, ROLES: roles}[shared]
        return {
            **values, "shared": shared, "roles": roles if shared == ROLES else [],
            "default_roles": holders if "default_roles" in request.form else [],
        }

    def _keep_default(self, key: str) -> None:
        """Note or forget that the person begins with a view; drop what it had of its own."""
        kept = dict(self._preferences.read())
        views = {name: value for name, value in kept.get("views", {}).items() if name != key}
        kept["views"] = views
        if "title" in request.form:
            if "begins" in request.form:
                kept["default"] = key
            elif kept.get("default") == key:
                kept["default"] = PLAIN
        if kept != self._preferences.read():
            self._preferences.save(kept)

    @expose("/views/delete", methods=["POST"])
    @requires("list")
    def delete_view(self) -> BaseResponse:
        """Delete a saved view; the records stay."""
        saved = self._saved_view(request.form.get("id", ""))
        title = saved.title
        try:
            saved_views.drop_view(db.session, actor(), saved)
        except saved_views.NotYours:
            abort(403)
        flash(gettext("The view “%(name)s” has been deleted.", name=title), "success")
        return go_to(self.screen.url("list", view=PLAIN))

    @expose("/views/default", methods=["POST"])
    @requires("list")
    def begin_with_view(self) -> BaseResponse:
        """Let the list begin with a view for the person."""
        key = request.form.get("id", "")
        shipped = {item.name for item in self.screen.declared.saved_views or ()}
        if key != PLAIN and key not in shipped:
            key = str(self._saved_view(key).id)
        self._preferences.save({**self._preferences.read(), "default": key})
        flash(gettext("The list now begins with this view."), "success")
        if "ordering" in request.form:
            return go_to(self.screen.url("view_order"))
        return go_to(self.screen.url("list", view=key))
