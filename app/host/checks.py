"""Checks of one plugin's contributions against its manifest and against what is in force."""

from __future__ import annotations

import dataclasses
import functools
import typing
from typing import Any

from app.host import hookspecs
from app.host.loaded import LoadedPlugin
from app.i18n import N_, Message

_LONGEST_ITEM = 80
# Other plugins name these items, and see in the name whose they are.
_NAMED_BY_OTHERS = ("register_events", "register_abilities", "register_link_kinds",
                    "register_suggestions", "register_served")

# What is wrong in one sentence; None where all is well.
ContributionError = Message | None


def check_contributions(candidate: LoadedPlugin, loaded: list[LoadedPlugin]) -> ContributionError:
    """Return a sentence on the first thing wrong, or ``None``.

    Args:
        candidate: the plugin to check.
        loaded: plugins already in force, the core's parts among them.
    """
    manifest = candidate.manifest
    if manifest is None:
        return None
    for check in (_types, _tables, _permission_names, _classes, _names, _own_names, _settings):
        fault = check(candidate, loaded)
        if fault:
            return fault
    return None


def _items(candidate: LoadedPlugin, hook: str) -> list[Any]:
    return candidate.contributions.get(hook, [])


@functools.cache
def _item_types() -> dict[str, type[Any]]:
    """Return the class of what a hook lists, for hooks whose specification names one of ours."""
    found: dict[str, type[Any]] = {}
    for name, hook in vars(hookspecs).items():
        if name.startswith("register_"):
            [item] = typing.get_args(typing.get_type_hints(hook)["return"])
            if isinstance(item, type) and dataclasses.is_dataclass(item):
                found[name] = item
    return found


def _types(candidate: LoadedPlugin, _loaded: list[LoadedPlugin]) -> ContributionError:
    for hook, wanted in _item_types().items():
        for item in _items(candidate, hook):
            if not isinstance(item, wanted):
                return Message(
                    N_("%(hook)s must list objects of %(wanted)s; it lists %(item)s."),
                    {"hook": hook, "wanted": wanted.__name__, "item": repr(item)[:_LONGEST_ITEM]},
                )
    for kind in _items(candidate, "register_record_types"):
        if not hasattr(kind.model, "__record_type__"):
            return Message(N_("%(model)s in register_record_types has no __record_type__."),
                           {"model": repr(kind.model)[:_LONGEST_ITEM]})
    return None


def _tables(candidate: LoadedPlugin, loaded: list[LoadedPlugin]) -> ContributionError:
    assert candidate.manifest is not None, "the core is not checked"
    prefix = candidate.manifest.table_prefix
    for model in _items(candidate, "register_models"):
        table = getattr(model, "__table__", None)
        if table is None:
            return Message(N_("%(model)s in register_models is not a mapped class."),
                           {"model": repr(model)})
        if not table.name.startswith(prefix):
            return Message(N_("Table %(table)s lacks the prefix %(prefix)s."),
                           {"table": table.name, "prefix": prefix})
    taken = {
        model.__table__.name
        for other in loaded
        for model in other.contributions.get("register_models", [])
    }
    for model in _items(candidate, "register_models"):
        if model.__table__.name in taken:
            return Message(N_("Table %(table)s belongs to another plugin."),
                           {"table": model.__table__.name})
    return None


def _views(candidate: LoadedPlugin) -> list[Any]:
    return [item.view for hook in ("register_screens", "register_apis")
            for item in _items(candidate, hook)]


def _permission_names(candidate: LoadedPlugin, _loaded: list[LoadedPlugin]) -> ContributionError:
    start = f"{candidate.name}."
    for view in _views(candidate):
        name = getattr(view, "class_permission_name", None)
        if not name or not str(name).startswith(start):
            return Message(N_("%(view)s: class_permission_name must begin with '%(start)s'."),
                           {"view": view.__name__, "start": start})
    for item in (*_items(candidate, "register_permissions"),
                 *_items(candidate, "register_dictionaries")):
        if not item.view.startswith(start):
            return Message(N_("Permissions of %(view)s: the name must begin with '%(start)s'."),
                           {"view": item.view, "start": start})
    return None


def _classes(candidate: LoadedPlugin, loaded: list[LoadedPlugin]) -> ContributionError:
    # Flask-AppBuilder names blueprints and endpoints by class name.
    taken = {view.__name__ for other in loaded for view in _views(other)}
    names = [view.__name__ for view in _views(candidate)]
    for name in names:
        if name in taken or names.count(name) > 1:
            return Message(N_("There is already a screen or API class named %(name)s."),
                           {"name": name})
    return None


def _settings(candidate: LoadedPlugin, _loaded: list[LoadedPlugin]) -> ContributionError:
    forms = [item.form.name for item in _items(candidate, "register_settings")]
    if forms and forms != [candidate.name]:
        return Message(N_("register_settings must return one form named '%(plugin)s'."),
                {"plugin": candidate.name})
    return None


def _own_names(candidate: LoadedPlugin, _loaded: list[LoadedPlugin]) -> ContributionError:
    start = f"{candidate.name}."
    for hook in _NAMED_BY_OTHERS:
        for item in _items(candidate, hook):
            if not item.name.startswith(start):
                return Message(N_("%(hook)s: %(name)s must begin with '%(start)s'."),
                               {"hook": hook, "name": item.name, "start": start})
    return None


def _names(candidate: LoadedPlugin, loaded: list[LoadedPlugin]) -> ContributionError:
    for hook in ("register_categories", "register_cards", "register_metrics", "register_jobs",
                 "register_importers", "register_demo_data", "register_dictionaries",
                 *_NAMED_BY_OTHERS):
        taken = {
            item.name: other.name
            for other in loaded
            for item in other.contributions.get(hook, [])
        }
        for item in _items(candidate, hook):
            if item.name in taken:
                return Message(N_("%(hook)s: %(name)s is already taken by %(plugin)s."),
                               {"hook": hook, "name": item.name, "plugin": taken[item.name]})
    return None
