"""Puts the screens on an application; the wiring only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Flask
from flask_appbuilder.security.manager import BaseSecurityManager

from app.database import db
from app.host.host import Host
from app.screens import assets, csrf, errors, headers, language, theme
from app.screens.builder import CarelineBuilder
from app.screens.menu import Category, ScreenMenu
from app.screens.registry import KEY, Registry
from app.screens.search import SearchView
from config import Settings

_TEMPLATES = Blueprint("screens", __name__, template_folder="templates")

# What Flask-AppBuilder must not do by itself: tables come by migration, permissions by command.
_FRAMEWORK = {
    "FAB_CREATE_DB": False,
    "FAB_UPDATE_PERMS": False,
    "FAB_ADD_SECURITY_VIEWS": False,
    "FAB_ADD_OPENAPI_VIEWS": False,
    "FAB_ADD_MENU_API": False,
    "FAB_API_ALLOW_JSON_QS": True,
    "FAB_API_SHOW_STACKTRACE": False,
}


def install(
    app: Flask,
    settings: Settings,
    security_manager: type[BaseSecurityManager],
    catalogues: Sequence[Path] = (),
) -> CarelineBuilder:
    """Set up theme, security headers, errors, languages and Flask-AppBuilder.

    Must run within an application context, after the database and before any view is added.

    Args:
        app: the application.
        settings: all settings.
        security_manager: class that decides on access.
        catalogues: folders of plugins' translations.

    Returns:
        The builder; views are added with ``add_screen``.
    """
    for name, value in _FRAMEWORK.items():
        app.config[name] = value
    app.config["FAB_API_MAX_PAGE_SIZE"] = settings.page_size_most
    app.config.setdefault("SESSION_COOKIE_HTTPONLY", True)
    app.config.setdefault("SESSION_COOKIE_SAMESITE", "Lax")
    app.config.setdefault("SESSION_COOKIE_SECURE", settings.behind_tls)
    # Lines that hold nothing but a tag would otherwise be a tenth of every page.
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.register_blueprint(_TEMPLATES)
    app.extensions[KEY] = Registry()
    headers.install(app, settings.behind_tls)
    csrf.install(app)
    errors.install(app)
    assets.install(app)
    language.configure(app, settings.default_locale, settings.timezone, catalogues)
    menu = ScreenMenu()
    theme.install(app, menu)
    builder = CarelineBuilder(
        app, db.session, menu=menu, security_manager_class=security_manager, update_perms=False
    )
    language.install(app, settings.default_locale)
    builder.add_view_no_menu(SearchView)
    return builder


def apply_contributions(app: Flask, builder: CarelineBuilder, host: Host) -> None:
    """Register what the core's parts and plugins contribute to the screens.

    Args:
        app: the application.
        builder: see ``install``.
        host: the loaded plugins.
    """
    registered: Registry = app.extensions[KEY]
    categories = {
        item.name: Category(name=item.name, label=item.label, icon=item.icon, order=item.order)
        for item in host.contributions("register_categories")
    }
    for screen in host.contributions("register_screens"):
        category = categories.get(screen.category)
        if category is None and screen.category:
            category = Category(name=screen.category, label=screen.category)
        builder.add_screen(
            screen.view, label=screen.label, icon=screen.icon, category=category,
            order=screen.order, permission=screen.permission, menu=bool(screen.label),
        )
    for api in host.contributions("register_apis"):
        builder.add_api(api.view)
    registered.cards.extend(host.contributions("register_cards"))
    registered.panels.extend(host.contributions("register_panels"))
