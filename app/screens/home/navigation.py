"""What the menu asks for after the page: numbers of what waits, folding, favourites."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    has_request_context,
    jsonify,
    request,
    session,
    url_for,
)
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_login import user_logged_in, user_logged_out
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.database import AnySelect, db
from app.records.search.tokens import initials
from app.screens.current_builder import current_builder
from app.screens.models import SavedView
from app.screens.preferences import keep_preference, preference_of, read_preference
from app.screens.registry import registry
from app.screens.saved_views.ordering import stepped
from app.screens.saved_views.store import is_visible
from app.screens.screen import Screen
from app.web.input_limits import whole_number
from app.web.menu import MenuEntry
from app.web.menu_state import FAVOURITES_MOST, MenuState
from app.web.request import actor, go_to
from app.web.sidebar import SESSION_KEY, Favourite, Sidebar, favourites, menu_state
from app.web.texts import translated
from app.web.theme import SIDEBAR

PREFERENCE = "menu"
COUNT_MOST = 99
_UNPROCESSABLE = 422

log = logging.getLogger(__name__)


def numbers_waiting(
    session: Session, person: Actor, entries: Iterable[MenuEntry]
) -> dict[str, int]:
    """Return how much waits for a person at each entry, all in one statement.

    An entry whose number cannot be read is left out; the others keep theirs.

    Args:
        session: any session.
        person: who asks; entries that they may not open are passed over.
        entries: entries of the menu.

    Returns:
        Numbers by name of the entry, at most ``COUNT_MOST + 1`` each.
    """
    parts: dict[str, Any] = {}
    for entry in entries:
        if entry.waiting is None or not entry.visible_to(person):
            continue
        try:
            rows = entry.waiting(person)
            if rows is not None:
                part = select(func.count()).select_from(rows.limit(COUNT_MOST + 1).subquery())
                parts[entry.name] = part.scalar_subquery()
        except Exception:
            log.exception("what waits at %s cannot be counted", entry.name)
    if not parts:
        return {}
    try:
        statement: AnySelect = select(*parts.values())
        return dict(zip(parts, session.execute(statement).one(), strict=True))
    except SQLAlchemyError:
        log.exception("what waits cannot be counted in one statement")
        session.rollback()
        return {name: number for name, part in parts.items()
                if (number := _alone(session, name, part)) is not None}


def _alone(session: Session, name: str, part: Any) -> int | None:
    try:
        return session.scalar(select(part))
    except SQLAlchemyError:
        log.exception("what waits at %s cannot be counted", name)
        session.rollback()
        return None


def _screen_of(entry: MenuEntry) -> Screen | None:
    return next((one for one in registry().screens if one.endpoint == entry.screen), None)


def titles_of_views(session: Session, person: Actor, shown: Iterable[Favourite]) -> dict[str, str]:
    """Return the titles of the saved views among favourites, as far as the person sees them.

    Args:
        session: any session.
        person: who looks.
        shown: favourites; those without a view are passed over.

    Returns:
        Titles by item; a view that is gone is missing.
    """
    wanted = [one for one in shown if one.view]
    keys = {key for one in wanted if (key := whole_number(one.view)) is not None}
    rows = {row.id: row for row in session.scalars(
        select(SavedView).where(SavedView.id.in_(keys)))} if keys else {}
    titles = {}
    for one in wanted:
        screen = _screen_of(one.entry)
        if screen is None:
            continue
        row = rows.get(whole_number(one.view) or 0)
        if row is not None:
            if row.list_name == screen.class_permission_name and is_visible(person, row):
                titles[one.item] = row.title
            continue
        shipped = {item.name: item.title for item in screen.declared.saved_views or ()}
        if one.view in shipped:
            titles[one.item] = translated(shipped[one.view])
    return titles


class NavigationView(BaseView):
    """One's own menu; nobody sees that of others."""

    route_base = "/menu"
    default_view = "favourites"
    class_permission_name = "core.Navigation"
    base_permissions: list[str] = []

    @property
    def _menu(self) -> Any:
        return current_builder().menu

    @staticmethod
    def _sidebar() -> Sidebar:
        return current_app.extensions[SIDEBAR]

    def _keep(self, state: MenuState) -> None:
        session[SESSION_KEY] = state.value()
        keep_preference(db.session, actor(), PREFERENCE, state.value())

    @expose("/waiting")
    def waiting(self) -> Response:
        """Give the numbers of what waits, and titles of saved views among the favourites.

        What was set up at another desk since comes with it, as the menu drawn anew.
        """
        person = actor()
        state = MenuState.read(read_preference(db.session, person, PREFERENCE))
        is_stale = state != menu_state()
        if is_stale:
            session[SESSION_KEY] = state.value()
        shown = favourites(self._menu, person, state)
        numbers = numbers_waiting(db.session, person, self._menu.entries.values())
        return jsonify(
            counts={name: f"{COUNT_MOST}+" if number > COUNT_MOST else str(number)
                    for name, number in numbers.items() if number},
            views=titles_of_views(db.session, person, shown),
            menu=self._sidebar().draw(request.args.get("active", "")[:80]) if is_stale else "",
        )

    @expose("/fold", methods=["POST"])
    def fold(self) -> Response:
        """Keep that a group was folded or unfolded."""
        group = request.form.get("group", "")
        if group not in self._menu.categories:
            actor()
            abort(400)
        self._keep(menu_state().with_group(group, unfolded=request.form.get("unfolded") == "1"))
        return Response(status=204)

    @expose("/lines/<group>")
    def lines(self, group: str) -> Response:
        """Give all lines of a group, of which a page holds the first ones or none."""
        actor()
        markup = self._sidebar().lines(group, request.args.get("active", "")[:80])
        if markup is None:
            abort(404)
        return Response(markup)

    @expose("/pin", methods=["POST"])
    def pin(self) -> Response:
        """Pin an entry or a saved view of it, or take it away; gives the menu drawn anew."""
        person, item = actor(), request.form.get("item", "")
        pinned = request.form.get("pinned") == "1"
        if pinned and not self._may_pin(person, item):
            abort(400)
        try:
            self._keep(menu_state().with_favourite(item, pinned=pinned))
        except OverflowError:
            text = gettext("At most %(number)s favourites fit. Take one away first.",
                           number=FAVOURITES_MOST)
            return Response(text, status=_UNPROCESSABLE, mimetype="text/plain")
        return Response(self._sidebar().draw(request.form.get("active", "")[:80]))

    def _may_pin(self, person: Actor, item: str) -> bool:
        known = favourites(self._menu, person, MenuState.read({"favourites": [item]}))
        return bool(known) and (
            not known[0].view or bool(titles_of_views(db.session, person, known)))

    @expose("/favourites", methods=["GET"])
    def favourites(self) -> str:
        """Show the favourites, to put them in order and to take some away."""
        person = actor()
        shown = favourites(self._menu, person, menu_state())
        titles = titles_of_views(db.session, person, shown)
        return self.render_template(
            "screens/home/favourites.html",
            lines=[(one, titles.get(one.item, "")) for one in shown],
            moved=request.args.get("moved", ""), way=request.args.get("way", ""),
        )

    @expose("/favourites", methods=["POST"])
    def order_favourites(self) -> BaseResponse:
        """Put the favourites in the order sent, move one, or take one away."""
        actor()
        items, move = request.form.getlist("key"), request.form.get("move", "")
        gone = request.form.get("remove", "")
        state = menu_state()
        if move:
            items = stepped(items, move)
        state = state.with_favourite(gone, pinned=False) if gone else state.in_order(items)
        self._keep(state)
        way, _, moved = move.partition(" ")
        # Moved by its button, the line keeps the focus.
        return go_to(self._address(moved=moved or None, way=way or None))

    def _address(self, **values: Any) -> str:
        return url_for(f"{self.endpoint}.favourites", **values)


class AdministrationView(BaseView):
    """Everything that is set up once and looked after now and then, by subject."""

    route_base = "/administration"
    default_view = "index"
    class_permission_name = "core.Administration"
    base_permissions: list[str] = []

    @expose("/")
    def index(self) -> str:
        """Show what the caller may open, with a search over it."""
        person = actor()
        return self.render_template(
            "screens/home/administration.html",
            sections=current_builder().menu.administration(person),
            keys=lambda label: " ".join(initials(label)),
        )


def _take_over(_sender: Any, user: User) -> None:
    """Begin a session with the menu as the person has set it up."""
    if has_request_context() and not request.path.startswith("/api/"):
        session[SESSION_KEY] = MenuState.read(
            preference_of(db.session, user.id, PREFERENCE)).value()


def _forget(_sender: Any, **_values: Any) -> None:
    if has_request_context():
        session.pop(SESSION_KEY, None)


def install(app: Flask) -> None:
    """Let a session begin with the person's menu and forget it at its end."""
    user_logged_in.connect(_take_over, app)
    user_logged_out.connect(_forget, app)
