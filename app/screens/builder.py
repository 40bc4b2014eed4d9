"""Flask-AppBuilder without its Bootstrap 3 screens, its GET state changes and its own menu."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import AbstractViewApi
from werkzeug.wrappers import Response

from app.access.security import current_actor
from app.screens.home.command_palette import PaletteView
from app.screens.home.home import HomeView
from app.screens.home.notifications import NoticesView
from app.screens.home.search import SearchView
from app.screens.registry import registry
from app.screens.view import RecordView
from app.web.menu import LAST, Category, MenuEntry, ScreenMenu
from app.web.sign_in import AccountView, PasswordView, SignInView


class DuplicateView(ValueError):
    """Two views answer to the same name or hold the same permissions."""


def _first_permission(view: Any) -> str:
    return "can_" + view.get_method_permission(view.default_view)


def _icon(view: Any) -> str:
    return view.screen.icon if isinstance(view, RecordView) else getattr(view, "icon", "")


def _lead_to_list(view: Any) -> None:
    """Let the bare address of a screen lead to its list; for others it stays unknown."""
    if view.default_view != "list" or not view.route_base:
        return
    root = f"{view.route_base.rstrip('/')}/"
    taken = {rule.rule for rule in current_app.url_map.iter_rules()}
    if taken & {root, root.rstrip("/")}:
        return

    def root_page() -> Response:
        person = current_actor()
        if person is None or not person.can("can_list", view.class_permission_name):
            abort(404)
        query = request.query_string.decode("ascii", "ignore")
        address = url_for(f"{view.endpoint}.list")
        return redirect(f"{address}?{query}" if query else address)

    # Not a redirect to the slash first: that would tell strangers which screens there are.
    current_app.add_url_rule(
        root, endpoint=f"{view.endpoint}_root", view_func=root_page, methods=["GET"],
        strict_slashes=False,
    )


class CarelineBuilder(AppBuilder):
    """Registers our views where Flask-AppBuilder would register its own.

    Left out on purpose: ``/back``, ``/lang/<locale>`` (changes state by GET), the security screens
    (ours are in ``app/admin/access``), the OpenAPI and menu pages, the static files.
    """

    menu: ScreenMenu

    def _add_global_static(self) -> None:
        """Serve none of Flask-AppBuilder's files."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(HomeView)
        self.sm.auth_view = self.add_view_no_menu(SignInView)
        self.sm.user_view = self.add_view_no_menu(AccountView)
        self.add_view_no_menu(PasswordView)
        self.add_view_no_menu(SearchView)
        self.add_view_no_menu(PaletteView)
        self.add_view_no_menu(NoticesView)
        self.add_api(self.sm.security_api)

    def _add_menu_permissions(self, update_perms: bool = False) -> None:
        """Nothing to add: an entry is shown to those who may open what it leads to."""

    def _add_permissions_menu(self, name: str, update_perms: bool = False) -> None:
        """Nothing to add, for the same reason."""

    @property
    def get_url_for_userinfo(self) -> str:
        """Address of the caller's own page."""
        return self.sm.user_view.url()

    def add_screen(
        self,
        view: type[AbstractViewApi],
        *,
        label: Any = "",
        icon: str = "",
        category: Category | None = None,
        order: int = LAST,
        permission: str = "",
        menu: bool = True,
    ) -> AbstractViewApi:
        """Register a view and put it into the menu.

        Args:
            view: class of the view; its ``class_permission_name`` must be set.
            label: text in the menu; the view's list title by default.
            icon: name of an icon.
            category: heading it stands below; on top without one.
            order: place below the heading, small first.
            permission: permission that shows the entry; the one of the view's first page by
                default.
            menu: whether it stands in the menu at all.

        Raises:
            DuplicateView: another view has the class name, or no permission name is given.
        """
        if not view.class_permission_name:
            raise DuplicateView(f"{view.__name__} has no class_permission_name")
        if view.__name__ in current_app.blueprints:
            raise DuplicateView(f"there is a view named {view.__name__} already")
        instance = self.add_view_no_menu(view)
        if isinstance(instance, RecordView):
            registry().screens.append(instance.screen)
        _lead_to_list(instance)
        if menu:
            if category is not None:
                self.menu.add_category_entry(category)
            self.menu.add_entry(
                MenuEntry(
                    name=view.__name__,
                    label=label or instance.list_title,
                    icon=icon or _icon(instance),
                    category=category.name if category else "",
                    endpoint=f"{instance.endpoint}.{instance.default_view}",
                    permission=permission or _first_permission(instance),
                    view=instance.class_permission_name,
                    order=order,
                )
            )
        return instance

    def permission_pairs(self) -> set[tuple[str, str]]:
        """Return every permission that the registered views ask for, as (permission, view).

        The permission sync writes them to the database; no web process does.
        """
        return {
            (permission, view.class_permission_name)
            for view in self.baseviews
            for permission in (view.base_permissions or ())
        }
