"""Imports plugins that passed the preflight, collects and checks what they contribute."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pluggy

from app.host import hookspecs
from app.host.checks import check_contributions
from app.host.faults import PluginFault, located
from app.host.implementations import hook_fault, hook_names
from app.host.loaded import LoadedPlugin
from app.host.manifest import Manifest
from app.host.tracing import HookTrace
from app.i18n import N_

log = logging.getLogger(__name__)

CORE = "core"

PluginCheck = Callable[[LoadedPlugin], PluginFault | None]
"""A check of a plugin by a part of the core that the host does not know."""


class HookFailed(Exception):
    """A ``register_*`` hook raised something; that is its cause.

    Args:
        hook: its name.
    """

    def __init__(self, hook: str) -> None:
        self.hook = hook
        super().__init__(f"{hook} failed")


class HookReturnedNoList(TypeError):
    """A ``register_*`` hook returned something else than a list.

    Args:
        hook: its name.
    """

    def __init__(self, hook: str) -> None:
        self.hook = hook
        super().__init__(f"{hook} must return a list")


def import_plugin(manifest: Manifest) -> ModuleType:
    """Import a plugin's hook module.

    Args:
        manifest: the plugin's manifest.

    Raises:
        Exception: whatever the import raises.
    """
    return importlib.import_module(f"{manifest.module}.plugin")


def collect(
    manager: pluggy.PluginManager, name: str, module: Any, trace: HookTrace | None = None
) -> dict[str, list[Any]]:
    """Register a module with pluggy and call its ``register_*`` hooks.

    Args:
        manager: manager that knows the specifications.
        name: name of the plugin.
        module: module or object with the implementations.
        trace: traces the calls.

    Raises:
        pluggy.PluginValidationError: a hook asks for arguments that there are not.
        HookFailed: a hook raised something.
        HookReturnedNoList: a hook returned no list.
    """
    trace = trace or HookTrace()
    manager.register(module, name=name)
    collected: dict[str, list[Any]] = {}
    for hook in sorted(hook_names()):
        if not hook.startswith("register_"):
            continue
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            if implementation.plugin_name == name:
                with trace.call(hook, name):
                    collected.setdefault(hook, []).extend(_listed(hook, implementation.function))
    return collected


def _listed(hook: str, function: Callable[[], Any]) -> list[Any]:
    try:
        result = function()
        if result is None or isinstance(result, str) or not isinstance(result, Iterable):
            raise HookReturnedNoList(hook)
        return list(result)
    except HookReturnedNoList:
        raise
    except (Exception, SystemExit) as error:
        raise HookFailed(hook) from error


def stage(
    manifests: Iterable[Manifest],
    core: Iterable[tuple[str, Any]] = (),
    checks: Iterable[PluginCheck] = (),
    trace: HookTrace | None = None,
) -> tuple[pluggy.PluginManager, list[LoadedPlugin], list[PluginFault]]:
    """Load plugins in order; set aside what fails together with those that need it.

    Args:
        manifests: manifests in load order, those that passed the preflight.
        core: name and module of the core's own parts, loaded first; a failure there is raised.
        checks: further checks of what a plugin contributes.
        trace: traces the calls of hooks.

    Returns:
        The pluggy manager, the plugins in force, and the faults of the others.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded: list[LoadedPlugin] = []
    faults: list[PluginFault] = []
    for name, module in core:
        contributions = collect(manager, name, module, trace)
        loaded.append(LoadedPlugin(name, None, module, contributions))
    checks = (_by_contributions(loaded), *checks)
    failed: set[str] = set()
    for manifest in manifests:
        fault = needs_failed(manifest, failed)
        if fault is None:
            fault = _load_one(manager, manifest, loaded, checks, trace)
        if fault is not None:
            log.error("plugin %s: %s: %s", fault.plugin, fault.stage, fault.message)
            faults.append(fault)
            failed.add(manifest.name)
            if manager.has_plugin(manifest.name):
                manager.unregister(name=manifest.name)
    return manager, loaded, faults


def needs_failed(manifest: Manifest, failed: Iterable[str]) -> PluginFault | None:
    """Return the fault of a plugin that requires one which was set aside, or ``None``.

    Args:
        manifest: the plugin.
        failed: names of plugins that were set aside.
    """
    missing = sorted(set(failed).intersection(manifest.requires))
    if not missing:
        return None
    return PluginFault(
        manifest.name, "requirement", N_("%(plugin)s requires %(others)s, which failed."),
        {"plugin": manifest.name, "others": ", ".join(missing)},
    )


def _by_contributions(loaded: list[LoadedPlugin]) -> PluginCheck:
    def check(candidate: LoadedPlugin) -> PluginFault | None:
        wrong = check_contributions(candidate, loaded)
        return PluginFault(candidate.name, "check", wrong.msgid, wrong.params) if wrong else None

    return check


def _load_one(
    manager: pluggy.PluginManager, manifest: Manifest, loaded: list[LoadedPlugin],
    checks: Iterable[PluginCheck], trace: HookTrace | None,
) -> PluginFault | None:
    name = manifest.name
    # A plugin is foreign code: whatever it raises becomes its own fault, never the product's.
    try:
        module = import_plugin(manifest)
    except (Exception, SystemExit) as error:
        return PluginFault(name, "import", N_("The import failed."),
                           detail=located(error, manifest.path))
    wrong = hook_fault(module)
    if wrong is not None:
        return PluginFault(name, "hook", wrong.msgid, wrong.params)
    try:
        contributions = collect(manager, name, module, trace)
    except (HookReturnedNoList, HookFailed, pluggy.PluginValidationError) as error:
        return _collecting_failed(manifest, error)
    candidate = LoadedPlugin(name, manifest, module, contributions)
    fault = _checked(candidate, manifest, checks)
    if fault is None:
        loaded.append(candidate)
    return fault


def _collecting_failed(manifest: Manifest, error: Exception) -> PluginFault:
    if isinstance(error, HookReturnedNoList):
        return PluginFault(manifest.name, "hook", N_("%(hook)s must return a list."),
                           {"hook": error.hook})
    if isinstance(error, HookFailed):
        return PluginFault(manifest.name, "hook", N_("The hook %(hook)s failed."),
                           {"hook": error.hook}, located(error.__cause__ or error, manifest.path))
    return PluginFault(manifest.name, "hook", N_("A hook asks for arguments that there are not."),
                       detail=str(error).strip().splitlines()[-1])


def _checked(
    candidate: LoadedPlugin, manifest: Manifest, checks: Iterable[PluginCheck]
) -> PluginFault | None:
    try:
        for check in checks:
            fault = check(candidate)
            if fault is not None:
                return fault
    except Exception as error:
        return PluginFault(
            candidate.name, "check", N_("What its hooks return is not what they must return."),
            detail=located(error, manifest.path),
        )
    return None
