"""Flask-AppBuilder without its Bootstrap 3 screens, its GET state changes and its own menu."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, cast

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import AbstractViewApi, BaseView
from werkzeug.wrappers import Response

from app.access.security import CarelineSecurityManager, current_actor
from app.screens.abilities import AbilityView
from app.screens.api.read import RecordApi
from app.screens.columns.custom_fields import declared_columns
from app.screens.forms.suggestions import SuggestView
from app.screens.home.command_palette import PaletteView
from app.screens.home.home import HomeView
from app.screens.home.navigation import AdministrationView, NavigationView
from app.screens.home.notifications import NoticesView
from app.screens.home.search import SearchView
from app.screens.registry import registry
from app.screens.view import RecordView
from app.web.menu import LAST, MenuEntry, MenuHeading, ScreenMenu, Waiting
from app.web.routing import LazyMap
from app.web.sign_in import AccountView, PasswordView, SignInView


class DuplicateView(ValueError):
    """Two views answer to the same name or hold the same permissions."""


def _first_permission(view: Any) -> str:
    return "can_" + view.get_method_permission(view.default_view)


def _icon(view: Any) -> str:
    return view.screen.icon if isinstance(view, RecordView) else getattr(view, "icon", "")


def lead_to_lists(views: Iterable[Any]) -> None:
    """Let the bare address of screens lead to their lists; for others it stays unknown.

    Args:
        views: screens that have been registered.
    """
    taken = cast("LazyMap", current_app.url_map).patterns()
    for view in views:
        root = f"{(view.route_base or '').rstrip('/')}/"
        if view.default_view == "list" and view.route_base and not (
            taken & {root, root.rstrip("/")}
        ):
            _lead_to_list(view, root)
            taken.add(root)


def _lead_to_list(view: Any, root: str) -> None:
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


@dataclasses.dataclass(frozen=True, slots=True)
class PreparedView:
    """A view that has been made and is not registered yet.

    Attributes:
        view: the view.
        entry: its line of the menu, if it has one.
        category: the heading it stands below.
        is_api: whether it is a REST API.
    """

    view: AbstractViewApi
    entry: MenuEntry | None = None
    category: MenuHeading | None = None
    is_api: bool = False

    def permission_pairs(self) -> set[tuple[str, str]]:
        """Return the permissions that it asks for, as (permission, view)."""
        return permission_pairs_of(self.view)

    def make_in_full(self, builder: CarelineBuilder) -> None:
        """Make what otherwise waits for the first who opens it, and try its addresses.

        Args:
            builder: that of the running application, in which nothing changes.

        Raises:
            Exception: whatever is wrong with the view.
        """
        if isinstance(self.view, RecordApi):
            declared_columns(self.view.columns)
        elif isinstance(self.view, RecordView):
            _ = self.view.screen.columns, self.view.screen.parts
        # Addresses that Flask refuses are found in an application that serves nobody.
        trial = Flask("trial", static_folder=None)
        trial.url_rule_class = current_app.url_rule_class
        trial.url_map.converters.update(current_app.url_map.converters)
        blueprint = self.view.create_blueprint(builder)
        assert isinstance(blueprint, Blueprint)
        trial.register_blueprint(blueprint)


def permission_pairs_of(view: AbstractViewApi) -> set[tuple[str, str]]:
    """Return the permissions that a view asks for, as (permission, view)."""
    holder = view.class_permission_name or type(view).__name__
    return {(name, holder) for name in view.base_permissions or ()}


class CarelineBuilder(AppBuilder):
    """Registers our views where Flask-AppBuilder would register its own.

    Left out on purpose: ``/back``, ``/lang/<locale>`` (changes state by GET), the security screens
    (ours are in ``app/admin/access``), the OpenAPI and menu pages, the static files.
    """

    menu: ScreenMenu
    baseviews: list[AbstractViewApi]
    sm: CarelineSecurityManager

    def _add_global_static(self) -> None:
        """Serve none of Flask-AppBuilder's files."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(HomeView)
        self.sm.auth_view = self.add_view_no_menu(SignInView)
        self.sm.user_view = self.add_view_no_menu(AccountView)
        self.add_view_no_menu(PasswordView)
        self.add_view_no_menu(SearchView)
        self.add_view_no_menu(PaletteView)
        self.add_view_no_menu(NavigationView)
        self.add_view_no_menu(AdministrationView)
        self.add_view_no_menu(NoticesView)
        self.add_view_no_menu(AbilityView)
        self.add_view_no_menu(SuggestView)
        self.add_api(self.sm.security_api)

    def _add_menu_permissions(self, update_perms: bool = False) -> None:
        """Nothing to add: an entry is shown to those who may open what it leads to."""

    def _add_permissions_menu(self, name: str, update_perms: bool = False) -> None:
        """Nothing to add, for the same reason."""

    @property
    def get_url_for_userinfo(self) -> str:
        """Address of the caller's own page."""
        return url_for("AccountView.profile")

    def prepare_screen(
        self,
        view: type[AbstractViewApi],
        *,
        label: Any = "",
        icon: str = "",
        category: MenuHeading | None = None,
        order: int = LAST,
        permission: str = "",
        menu: bool = True,
        administration: bool = False,
        waiting: Waiting | None = None,
    ) -> PreparedView:
        """Make a view and its line of the menu; nothing of it is in the application yet.

        Args:
            view: class of the view; its ``class_permission_name`` must be set.
            label: text in the menu; the view's list title by default.
            icon: name of an icon.
            category: heading it stands below; on top without one.
            order: place below the heading, small first.
            permission: permission that shows the entry; the one of the view's first page by
                default.
            menu: whether it stands in the menu at all.
            administration: whether it stands on the page Administration.
            waiting: ``(actor) -> Select`` of what waits for the actor there.

        Raises:
            DuplicateView: another view has the class name, or no permission name is given.
            TypeError: it is no page.
            Exception: whatever the view raises while it is made.
        """
        if not isinstance(view, type) or not issubclass(view, BaseView):
            raise TypeError(f"{view!r} is no page: a REST API belongs into register_apis")
        if not view.class_permission_name:
            raise DuplicateView(f"{view.__name__} has no class_permission_name")
        if view.__name__ in current_app.blueprints:
            raise DuplicateView(f"there is a view named {view.__name__} already")
        instance = view()
        if not menu:
            return PreparedView(instance)
        entry = MenuEntry(
            name=view.__name__,
            label=label or getattr(instance, "list_title", view.__name__),
            icon=icon or _icon(instance),
            category=category.name if category else "",
            endpoint=f"{view.__name__}.{instance.default_view}",
            permission=permission or _first_permission(instance),
            view=view.class_permission_name,
            order=order,
            administration=administration or (category is not None and category.administration),
            waiting=waiting,
        )
        return PreparedView(instance, entry, category)

    def prepare_api(self, view: type[AbstractViewApi]) -> PreparedView:
        """Make a REST API; nothing of it is in the application yet.

        Args:
            view: its class.

        Raises:
            Exception: whatever it raises while it is made.
        """
        return PreparedView(view(), is_api=True)

    def add_prepared(self, prepared: PreparedView) -> AbstractViewApi:
        """Register a view that ``prepare_screen`` made, and put it into the menu."""
        instance = self.add_view_no_menu(prepared.view)
        if isinstance(instance, RecordView):
            registry().screens.append(instance.screen)
        if prepared.category is not None:
            self.menu.add_category_entry(prepared.category)
        if prepared.entry is not None:
            self.menu.add_entry(prepared.entry)
        return instance

    def add_screen(self, view: type[AbstractViewApi], **place: Any) -> AbstractViewApi:
        """Prepare and register a view at once; see ``prepare_screen`` for the arguments.

        Raises:
            DuplicateView: another view has the class name, or no permission name is given.
        """
        instance = self.add_prepared(self.prepare_screen(view, **place))
        lead_to_lists([instance])
        return instance

    def permission_pairs(self) -> set[tuple[str, str]]:
        """Return every permission that the registered views ask for, as (permission, view).

        The permission sync writes them to the database; no web process does.
        """
        return {pair for view in self.baseviews for pair in permission_pairs_of(view)}
