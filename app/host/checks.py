"""Checks of one plugin's contributions against its manifest and against what is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.host.loader import Loaded


def check_contributions(candidate: Loaded, loaded: list[Loaded]) -> str:
    """Return one sentence on the first thing wrong, or an empty text.

    Args:
        candidate: the plugin to check.
        loaded: plugins already in force, the core's parts among them.
    """
    manifest = candidate.manifest
    if manifest is None:
        return ""
    for check in (_tables, _permission_names, _classes, _names, _settings):
        complaint = check(candidate, loaded)
        if complaint:
            return complaint
    return ""


def _items(candidate: Loaded, hook: str) -> list[Any]:
    return candidate.contributions.get(hook, [])


def _tables(candidate: Loaded, loaded: list[Loaded]) -> str:
    prefix = candidate.manifest.table_prefix
    for model in _items(candidate, "register_models"):
        table = getattr(model, "__table__", None)
        if table is None:
            return f"{model!r} in register_models is not a mapped class."
        if not table.name.startswith(prefix):
            return f"Table {table.name} lacks the prefix {prefix}."
    taken = {
        model.__table__.name
        for other in loaded
        for model in other.contributions.get("register_models", [])
    }
    for model in _items(candidate, "register_models"):
        if model.__table__.name in taken:
            return f"Table {model.__table__.name} belongs to another plugin."
    return ""


def _views(candidate: Loaded) -> list[Any]:
    return [item.view for hook in ("register_screens", "register_apis")
            for item in _items(candidate, hook)]


def _permission_names(candidate: Loaded, _loaded: list[Loaded]) -> str:
    start = f"{candidate.name}."
    for view in _views(candidate):
        name = getattr(view, "class_permission_name", None)
        if not name or not str(name).startswith(start):
            return f"{view.__name__}: class_permission_name must begin with {start!r}."
    for item in (*_items(candidate, "register_permissions"),
                 *_items(candidate, "register_dictionaries")):
        if not item.view.startswith(start):
            return f"Permissions of {item.view}: the name must begin with {start!r}."
    return ""


def _classes(candidate: Loaded, loaded: list[Loaded]) -> str:
    # Flask-AppBuilder names blueprints and endpoints by class name.
    taken = {view.__name__ for other in loaded for view in _views(other)}
    names = [view.__name__ for view in _views(candidate)]
    for name in names:
        if name in taken or names.count(name) > 1:
            return f"There is already a screen or API class named {name}."
    return ""


def _settings(candidate: Loaded, _loaded: list[Loaded]) -> str:
    forms = [item.form.name for item in _items(candidate, "register_settings")]
    if forms and forms != [candidate.name]:
        return f"register_settings must return one form named {candidate.name!r}."
    return ""


def _names(candidate: Loaded, loaded: list[Loaded]) -> str:
    for hook in ("register_categories", "register_cards", "register_metrics", "register_jobs",
                 "register_importers", "register_demo_data", "register_dictionaries"):
        taken = {
            item.name: other.name
            for other in loaded
            for item in other.contributions.get(hook, [])
        }
        for item in _items(candidate, hook):
            if item.name in taken:
                return f"{hook}: {item.name} is already taken by {taken[item.name]}."
    return ""
