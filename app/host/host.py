"""The host: what is in force, what is not and why; calls hooks by their failure policy."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pluggy
from flask import current_app

from app.host.checking import ask
from app.host.concerns import is_concerned
from app.host.contents import Contents
from app.host.contributions import Veto
from app.host.discovery import discover
from app.host.faults import PluginFault
from app.host.full_checks import full_checks_of
from app.host.loaded import LoadedPlugin
from app.host.loader import PluginCheck, needs_failed, stage
from app.host.lookups import ContributionLookups
from app.host.manifest import Manifest
from app.host.preflight import preflight
from app.host.tracing import HookTrace
from app.host.trial import Candidate, Trial
from app.i18n import N_

log = logging.getLogger(__name__)
EXTENSION = "careline.host"


@dataclasses.dataclass(frozen=True, slots=True)
class PluginStatus:
    """A line of the plugin list.

    Attributes:
        name: identifier.
        title: shown name by language, as far as the manifest could be read.
        version: version, or an empty text.
        state: ``active``, ``disabled`` or ``quarantined``.
        stage: where it failed, for quarantined ones.
        message: why it is not active, in English.
        fault: the same in parts, to be translated; ``None`` for active ones.
    """

    name: str
    title: dict[str, str]
    version: str
    state: str
    stage: str = ""
    message: str = ""
    fault: PluginFault | None = None


class Host(ContributionLookups):
    """Plugins in force and their contributions."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        loaded: list[LoadedPlugin],
        faults: list[PluginFault],
        manifests: dict[str, Manifest],
        trace: HookTrace | None = None,
        trial: Trial | None = None,
    ) -> None:
        self._manager = manager
        self._trace = trace or HookTrace()
        self._trial = trial
        self.loaded = loaded
        self._awaiting_migration: set[str] = set()
        self.faults = faults
        self.manifests = manifests
        # Operations by mapped class, made at their first use (``app.records.operations``).
        self.operations = self._registered_operations()

    def _registered_operations(self) -> dict[type[Any], Any]:
        return {
            model: operations
            for plugin in self.loaded for model, operations in plugin.operations.items()
        }

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        core: list[tuple[str, Any]],
        core_models: str,
        cache: Path,
        root: Path,
        disabled: frozenset[str] = frozenset(),
        package: str = "plugins",
        checks: Iterable[PluginCheck] = (),
        trace: HookTrace | None = None,
    ) -> Host:
        """Find, check and load plugins.

        Args:
            folder: where plugins are.
            core: name and module of the core's own parts.
            core_models: import path of the module that imports the core's tables.
            cache: folder for preflight verdicts.
            root: folder from which everything is imported.
            disabled: names switched off.
            package: import path of ``folder``.
            checks: further checks of what a plugin contributes, by parts that the host does not
                know.
            trace: traces the calls of hooks.
        """
        found = discover(folder, package)
        faults = list(found.faults)
        wanted: list[Manifest] = []
        off: set[str] = set()
        for manifest in found.manifests:
            if manifest.name in disabled:
                off.add(manifest.name)
                faults.append(PluginFault(manifest.name, "disabled", N_("Switched off.")))
            elif off.intersection(manifest.requires):
                off.add(manifest.name)
                needed = ", ".join(sorted(off.intersection(manifest.requires)))
                faults.append(
                    PluginFault(manifest.name, "requirement",
                            N_("%(plugin)s requires %(others)s, which is switched off."),
                            {"plugin": manifest.name, "others": needed})
                )
            else:
                wanted.append(manifest)
        contents = Contents(wanted)
        passed, failed = preflight(contents, cache, core_models, root)
        manager, loaded, broken = stage(passed, core, checks, trace)
        manifests = {m.name: m for m in (*found.manifests, *found.rejected)}
        full_checks = full_checks_of(contents, cache)
        for plugin in loaded:
            plugin.full_check = full_checks.get(plugin.name)
        return cls(manager, loaded, [*faults, *failed, *broken], manifests, trace,
                   Trial(found.manifests, cache, core_models, root))

    # --- contributions ------------------------------------------------------------------------
    def contributions(self, hook: str) -> list[Any]:
        """Return what all plugins in force returned from a ``register_*`` hook, in load order."""
        return [item for plugin in self.loaded for item in plugin.contributions.get(hook, [])]

    def contributions_by_plugin(self, hook: str) -> Iterator[tuple[LoadedPlugin, Any]]:
        """Yield each contribution with the plugin it came from."""
        for plugin in self.loaded:
            for item in plugin.contributions.get(hook, []):
                yield plugin, item

    def quarantine(self, fault: PluginFault) -> list[PluginFault]:
        """Take a plugin out of force together with those that require it.

        Args:
            fault: why, with the name of the plugin.

        Returns:
            The fault and one for each plugin that went along.
        """
        faults = [fault]
        failed = {fault.plugin}
        for manifest in self.active_manifests:
            along = None if manifest.name in failed else needs_failed(manifest, failed)
            if along is not None:
                faults.append(along)
                failed.add(manifest.name)
        self.loaded = [plugin for plugin in self.loaded if plugin.name not in failed]
        self.faults += faults
        if fault.stage == "database":
            self._awaiting_migration |= failed
        for name in failed:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
        self.forget_indexes()
        self.operations = self._registered_operations()
        return faults

    @property
    def active_manifests(self) -> list[Manifest]:
        """Manifests of plugins in force, in load order."""
        return [plugin.manifest for plugin in self.loaded if plugin.manifest is not None]

    @property
    def migratable_manifests(self) -> list[Manifest]:
        """Manifests of plugins in force and of those that wait for their migration, in order."""
        wanted = {m.name for m in self.active_manifests} | self._awaiting_migration
        return [manifest for name, manifest in self.manifests.items() if name in wanted]

    def status(self) -> list[PluginStatus]:
        """Return every plugin that was found with its state."""
        lines = [
            PluginStatus(m.name, m.title, m.version, "active") for m in self.active_manifests
        ]
        for fault in self.faults:
            manifest = self.manifests.get(fault.plugin)
            lines.append(
                PluginStatus(
                    fault.plugin,
                    manifest.title if manifest else {},
                    manifest.version if manifest else "",
                    "disabled" if fault.stage == "disabled" else "quarantined",
                    fault.stage,
                    fault.message,
                    fault,
                )
            )
        return sorted(lines, key=lambda line: line.name)

    # --- calls --------------------------------------------------------------------------------
    def _implementations(self, hook: str) -> list[tuple[str, Any]]:
        caller = getattr(self._manager.hook, hook)
        return [(impl.plugin_name, impl) for impl in caller.get_hookimpls()]

    def check(
        self, hook: str, candidate: Candidate | None = None, **arguments: Any
    ) -> list[Veto]:
        """Ask every plugin whether it denies an act; a plugin that fails denies it.

        Args:
            hook: name of a ``check_*`` hook.
            candidate: a plugin that is not in force and is asked besides.
            arguments: arguments of the hook.

        Raises:
            Exception: the database is busy or away, which is no answer of the plugin: the whole
                act may be tried again (``is_passing``).
        """
        vetoes = ask(self._manager, hook, arguments, self._trace)
        if candidate is not None and self._trial is not None and not vetoes:
            return self._trial.ask(candidate, hook, arguments, self._trace)
        return vetoes

    def subscribers(self, hook: str, payload: Mapping[str, Any] | None = None) -> list[str]:
        """Return the names of plugins that get what happens at an ``on_*`` hook.

        These are the plugins in force that implement it, and those that are switched off or set
        aside and will catch up, by their manifest.

        Args:
            hook: name of an ``on_*`` hook.
            payload: of an event; plugins that have nothing to do with it are left out then. Those
                that will catch up stay, for nothing of them is loaded that could say.
        """
        active = {plugin.name for plugin in self.loaded}
        later = sorted(name for name, one in self.manifests.items()
                       if hook in one.catch_up and name not in active)
        return [*dict.fromkeys(
            name for name, impl in self._implementations(hook)
            if payload is None or is_concerned(impl.function, payload)), *later]

    def deliver(self, hook: str, subscriber: str, session: Any, payload: dict[str, Any]) -> bool:
        """Call an ``on_*`` hook of one plugin; called by the worker.

        Returns:
            Whether the plugin is in force and was called.

        Raises:
            Exception: whatever the plugin raises; the outbox will try again.
        """
        arguments = {"session": session, "payload": payload}
        was_called = False
        for name, impl in self._implementations(hook):
            if name == subscriber:
                with self._trace.call(hook, name):
                    impl.function(*[arguments[key] for key in impl.argnames])
                was_called = True
        return was_called


def current_host() -> Host:
    """Return the host of the running application."""
    return current_app.extensions[EXTENSION]
