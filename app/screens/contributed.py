"""Screens, REST APIs and commands of plugins: made as a whole first, then registered."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping

import click
from flask import Flask
from jinja2 import FileSystemLoader

from app.host.faults import PluginFault, located
from app.host.host import Host
from app.host.loaded import LoadedPlugin
from app.i18n import N_
from app.screens.builder import CarelineBuilder, PreparedView, lead_to_lists
from app.screens.registry import registry
from app.web import language
from app.web.menu import MenuHeading

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class _Prepared:
    """What a plugin adds to the application once all of it could be made."""

    views: list[PreparedView]
    commands: list[click.Command]

    def permission_pairs(self) -> set[tuple[str, str]]:
        return {pair for view in self.views for pair in view.permission_pairs()}


def apply_contributions(app: Flask, builder: CarelineBuilder, host: Host) -> None:
    """Register what the core and plugins contribute to screens.

    All screens of a plugin are made before the first is registered. A plugin where one cannot be
    made is set aside together with those that require it, and nothing of it is in the application.
    What a screen makes when somebody first opens it is made here too, once for each state of the
    plugin's files: no page of a plugin in force finds out that a column is misspelt.

    Args:
        app: the application.
        builder: registers views.
        host: gives the contributions.
    """
    categories = {
        item.name: MenuHeading(
            name=item.name, label=language.lazy(item.label), icon=item.icon, order=item.order,
            group=item.group, administration=item.administration,
        )
        for item in host.contributions("register_categories")
    }
    known = builder.permission_pairs()
    registered: list[PreparedView] = []
    for plugin in list(host.loaded):
        # One that was set aside took along those that require it.
        if plugin not in host.loaded:
            continue
        prepared = _prepare(builder, plugin, categories)
        if isinstance(prepared, _Prepared):
            own = prepared.permission_pairs() | declared_permissions(plugin)
            fault = _unknown_grant(plugin, known | own)
            if fault is None:
                known |= own
                _register(app, builder, plugin, prepared)
                registered += prepared.views
                _share_groups(builder, prepared, categories)
                continue
        else:
            fault = prepared
        for one in host.quarantine(fault):
            log.error("plugin %s: %s: %s", one.plugin, one.stage, one.message)
    lead_to_lists(one.view for one in registered if not one.is_api)
    registry().cards.extend(host.contributions("register_cards"))


def _share_groups(
    builder: CarelineBuilder, prepared: _Prepared, categories: Mapping[str, MenuHeading]
) -> None:
    """Give the menu the groups in which the categories of a plugin stand."""
    for view in prepared.views:
        if view.category is not None and view.category.group in categories:
            builder.menu.add_category_entry(categories[view.category.group])


def declared_permissions(plugin: LoadedPlugin) -> set[tuple[str, str]]:
    """Return the permissions of a plugin that belong to no screen, as (permission, view)."""
    contributions = plugin.contributions
    return {
        (name, item.view)
        for item in contributions.get("register_permissions", []) for name in item.names
    } | {
        (name, item.view)
        for item in contributions.get("register_dictionaries", [])
        for name in ("can_list", "can_edit")
    }


def _prepare(
    builder: CarelineBuilder, plugin: LoadedPlugin, categories: Mapping[str, MenuHeading]
) -> _Prepared | PluginFault:
    try:
        views = [
            builder.prepare_screen(
                screen.view, label=language.lazy(screen.label), icon=screen.icon,
                order=screen.order, category=categories.get(screen.category),
                menu=bool(screen.label),
                administration=screen.administration, waiting=screen.waiting,
            )
            for screen in plugin.contributions.get("register_screens", [])
        ]
        views += [
            builder.prepare_api(api.view) for api in plugin.contributions.get("register_apis", [])
        ]
        if plugin.full_check is not None and not plugin.full_check.has_passed():
            for view in views:
                view.make_in_full(builder)
            plugin.full_check.note()
        return _Prepared(views, [
            _command(one) for one in plugin.contributions.get("register_commands", [])
        ])
    except (Exception, SystemExit) as error:
        if plugin.manifest is None:
            raise
        log.debug("screens of plugin %s cannot be made", plugin.name, exc_info=True)
        return PluginFault(
            plugin.name, "screens", N_("Its screens cannot be set up."),
            detail=located(error, plugin.manifest.path),
        )


def _command(command: object) -> click.Command:
    if not isinstance(command, click.Command) or not command.name:
        raise TypeError(f"{command!r} of register_commands is no command with a name")
    return command


def _unknown_grant(plugin: LoadedPlugin, known: set[tuple[str, str]]) -> PluginFault | None:
    """Return the fault of a plugin that grants what no screen asks for; the core is trusted."""
    if plugin.manifest is None:
        return None
    kinds = {item.view for item in plugin.contributions.get("register_record_types", [])}
    for grant in plugin.contributions.get("register_role_grants", []):
        if grant.reach is not None and grant.view not in kinds:
            return PluginFault(
                plugin.name, "grant", N_(
                    "It gives the role %(role)s a reach on %(view)s, which is no kind of record "
                    "of this plugin."
                ), {"view": grant.view, "role": grant.role},
            )
        for name in grant.names:
            if (name, grant.view) not in known:
                return PluginFault(
                    plugin.name, "grant", N_(
                        "It grants %(permission)s on %(view)s to the role %(role)s; there is no "
                        "such permission."
                    ), {"permission": name, "view": grant.view, "role": grant.role},
                )
    return None


def _register(
    app: Flask, builder: CarelineBuilder, plugin: LoadedPlugin, prepared: _Prepared
) -> None:
    if plugin.manifest is not None and (plugin.manifest.path / "templates").is_dir():
        assert isinstance(app.jinja_loader, FileSystemLoader)
        app.jinja_loader.searchpath.append(str(plugin.manifest.path / "templates"))
    for view in prepared.views:
        builder.add_prepared(view)
    for command in prepared.commands:
        app.cli.add_command(command)
