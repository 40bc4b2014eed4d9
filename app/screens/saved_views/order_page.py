"""The screen on which saved views are put in order and the one to begin with is chosen."""

from __future__ import annotations

import dataclasses

from flask import abort, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.screens.lists.reader import ListReader
from app.screens.models import SavedView
from app.screens.saved_views import store as saved_views
from app.screens.saved_views.ordering import stepped
from app.screens.saved_views.tabs import MINE, SHARED, SHIPPED, SavedViewTabs, ViewTab
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to


@dataclasses.dataclass(frozen=True, slots=True)
class ViewLine:
    """A view on the screen.

    Attributes:
        tab: the view as it stands above the list.
        roles: names of the roles that see it; empty for everyone.
        begins: names of the roles whose lists begin with it.
    """

    tab: ViewTab
    roles: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


class ViewOrderPage(Page):
    """Order of the tabs above a list.

    Args:
        screen: the screen.
        list_reader: reads what the list shows.
        saved_view_tabs: the tabs.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, saved_view_tabs: SavedViewTabs
    ) -> None:
        super().__init__(screen)
        self._reader, self._tabs = list_reader, saved_view_tabs

    @expose("/views/order", methods=["GET"])
    @requires("list")
    def view_order(self) -> str:
        """Show all views of the list in their order, those that come with it first."""
        query = self._reader.query(MultiDict())
        rows = {
            str(row.id): row for row in
            saved_views.visible_views(db.session, actor(), self.screen.class_permission_name)
        }
        groups: dict[str, list[ViewLine]] = {SHIPPED: [], MINE: [], SHARED: []}
        for tab in self._tabs.tabs(query):
            groups[tab.group].append(_line(tab, rows.get(tab.key)))
        shares = saved_views.may_share(actor())
        titles = (
            (SHIPPED, gettext("What comes with the list"), False),
            (MINE, gettext("Your own"), True),
            (SHARED, gettext("Shared"), shares),
        )
        return self.screen.render(
            "screens/saved_views/view_order.html",
            groups=[(name, title, may_order, groups[name]) for name, title, may_order in titles],
            moved=request.args.get("moved", ""), way=request.args.get("way", ""),
        )

    @expose("/views/order", methods=["POST"])
    @requires("list")
    def order_views(self) -> BaseResponse:
        """Put the views of a group in the order sent; ``up`` or ``down`` moves a single one."""
        group = request.form.get("group", "")
        if group not in (MINE, SHARED):
            abort(400)
        sent = request.form.getlist("key")
        keys = [key for text in sent if (key := whole_number(text)) is not None]
        move = request.form.get("move", "")
        if move:
            keys = stepped(keys, move)
        try:
            saved_views.order_views(
                db.session, actor(), self.screen.class_permission_name, keys, shared=group == SHARED
            )
        except saved_views.NotYours:
            abort(403)
        way, _, moved = move.partition(" ")
        return go_to(self.screen.url("view_order", moved=moved or None, way=way or None))


def _line(tab: ViewTab, row: SavedView | None) -> ViewLine:
    if row is None or tab.group != SHARED:
        return ViewLine(tab)
    return ViewLine(tab, tuple(row.roles), tuple(row.default_roles))
