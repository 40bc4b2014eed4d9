"""Imports plugins that passed the preflight, collects and checks what they contribute."""

from __future__ import annotations

import dataclasses
import importlib
import logging
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pluggy

from app.host import hookspecs
from app.host.checks import check_contributions
from app.host.discovery import Problem, first_line
from app.host.manifest import Manifest
from app.i18n import N_

log = logging.getLogger(__name__)

CORE = "core"
_IMPL_MARK = f"{hookspecs.PROJECT}_impl"


@dataclasses.dataclass(slots=True)
class Loaded:
    """A plugin in force: its manifest (``None`` for the core's own parts) and contributions."""

    name: str
    manifest: Manifest | None
    module: Any
    contributions: dict[str, list[Any]]


class NoList(TypeError):
    """A ``register_*`` hook returned something else than a list.

    Args:
        hook: its name.
    """

    def __init__(self, hook: str) -> None:
        self.hook = hook
        super().__init__(f"{hook} must return a list")


def spec_names() -> frozenset[str]:
    """Return the names of all hooks."""
    return frozenset(
        name for name in vars(hookspecs)
        if name.startswith(("register_", "check_", "on_")) and callable(getattr(hookspecs, name))
    )


def import_plugin(manifest: Manifest) -> ModuleType:
    """Import a plugin's hook module.

    Args:
        manifest: the plugin's manifest.

    Raises:
        Exception: whatever the import raises.
    """
    return importlib.import_module(f"{manifest.module}.plugin")


def unknown_hooks(module: Any) -> list[str]:
    """Return hooks that a module marks as implemented but that do not exist (misspelt ones)."""
    known = spec_names()
    return sorted(
        name for name in dir(module)
        # A dict: objects such as ``sqlalchemy.func`` have any attribute that one asks for.
        if isinstance(getattr(getattr(module, name, None), _IMPL_MARK, None), dict)
        and name not in known
    )


def collect(manager: pluggy.PluginManager, name: str, module: Any) -> dict[str, list[Any]]:
    """Register a module with pluggy and call its ``register_*`` hooks.

    Args:
        manager: manager that knows the specifications.
        name: name of the plugin.
        module: module or object with the implementations.

    Raises:
        Exception: whatever a hook raises, or ``NoList`` when one returns no list.
    """
    manager.register(module, name=name)
    collected: dict[str, list[Any]] = {}
    for hook in sorted(spec_names()):
        if not hook.startswith("register_") or not hasattr(module, hook):
            continue
        result = getattr(module, hook)()
        if result is None or isinstance(result, str) or not isinstance(result, Iterable):
            raise NoList(hook)
        collected[hook] = list(result)
    return collected


def stage(
    manifests: Iterable[Manifest], core: Iterable[tuple[str, Any]] = ()
) -> tuple[pluggy.PluginManager, list[Loaded], list[Problem]]:
    """Load plugins in order; set aside what fails together with those that need it.

    Args:
        manifests: manifests in load order, those that passed the preflight.
        core: name and module of the core's own parts, loaded first; a failure there is raised.

    Returns:
        The pluggy manager, the plugins in force, and the problems of the others.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for name, module in core:
        loaded.append(Loaded(name, None, module, collect(manager, name, module)))
    failed: set[str] = set()
    for manifest in manifests:
        missing = failed.intersection(manifest.requires)
        if missing:
            problems.append(
                Problem(manifest.name, "requirement",
                        N_("%(plugin)s requires %(others)s, which failed."),
                        {"plugin": manifest.name, "others": ", ".join(sorted(missing))})
            )
            failed.add(manifest.name)
            continue
        problem = _load_one(manager, manifest, loaded)
        if problem is not None:
            log.error("plugin %s: %s: %s", problem.plugin, problem.stage, problem.message)
            problems.append(problem)
            failed.add(manifest.name)
            if manager.has_plugin(manifest.name):
                manager.unregister(name=manifest.name)
    return manager, loaded, problems


def _load_one(
    manager: pluggy.PluginManager, manifest: Manifest, loaded: list[Loaded]
) -> Problem | None:
    name = manifest.name
    # A plugin is foreign code: whatever it raises becomes its own problem, never the house's.
    try:
        module = import_plugin(manifest)
    except (Exception, SystemExit) as error:
        return Problem(name, "import", N_("The import failed."), detail=first_line(error))
    misspelt = unknown_hooks(module)
    if misspelt:
        return Problem(name, "hook", N_("There is no hook %(names)s."),
                       {"names": ", ".join(misspelt)})
    try:
        contributions = collect(manager, name, module)
    except NoList as error:
        return Problem(name, "hook", N_("%(hook)s must return a list."), {"hook": error.hook})
    except (Exception, SystemExit) as error:
        return Problem(name, "hook", N_("A hook failed."), detail=first_line(error))
    candidate = Loaded(name, manifest, module, contributions)
    complaint = check_contributions(candidate, loaded)
    if complaint:
        return Problem(name, "check", *complaint)
    loaded.append(candidate)
    return None
