"""The host: what is in force, what is not and why; calls hooks by their failure policy."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pluggy
from flask import current_app

from app.host.contributions import Veto
from app.host.discovery import Problem, discover
from app.host.loader import Loaded, stage
from app.host.manifest import Manifest
from app.host.preflight import preflight
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
        problem: the same in parts, to be translated; ``None`` for active ones.
    """

    name: str
    title: dict[str, str]
    version: str
    state: str
    stage: str = ""
    message: str = ""
    problem: Problem | None = None


class Host:
    """Plugins in force and their contributions."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        loaded: list[Loaded],
        problems: list[Problem],
        manifests: dict[str, Manifest],
    ) -> None:
        self._manager = manager
        self.loaded = loaded
        self.problems = problems
        self.manifests = manifests
        # Operations by mapped class, made at their first use (``app.records.operations``).
        self.operations: dict[type[Any], Any] = {
            item.model: item.operations(item.model)
            for hook in ("register_record_types", "register_operations")
            for item in self.contributions(hook) if item.operations is not None
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
        """
        found = discover(folder, package)
        problems = list(found.problems)
        wanted: list[Manifest] = []
        off: set[str] = set()
        for manifest in found.manifests:
            if manifest.name in disabled:
                off.add(manifest.name)
                problems.append(Problem(manifest.name, "disabled", N_("Switched off.")))
            elif off.intersection(manifest.requires):
                off.add(manifest.name)
                needed = ", ".join(sorted(off.intersection(manifest.requires)))
                problems.append(
                    Problem(manifest.name, "requirement",
                            N_("%(plugin)s requires %(others)s, which is switched off."),
                            {"plugin": manifest.name, "others": needed})
                )
            else:
                wanted.append(manifest)
        passed, failed = preflight(wanted, cache, core_models, root)
        manager, loaded, broken = stage(passed, core)
        manifests = {m.name: m for m in (*found.manifests, *found.rejected)}
        return cls(manager, loaded, [*problems, *failed, *broken], manifests)

    # --- contributions ------------------------------------------------------------------------
    def contributions(self, hook: str) -> list[Any]:
        """Return what all plugins in force returned from a ``register_*`` hook, in load order."""
        return [item for plugin in self.loaded for item in plugin.contributions.get(hook, [])]

    def contributions_by_plugin(self, hook: str) -> Iterator[tuple[Loaded, Any]]:
        """Yield each contribution with the plugin it came from."""
        for plugin in self.loaded:
            for item in plugin.contributions.get(hook, []):
                yield plugin, item

    def quarantine(self, problem: Problem) -> None:
        """Take a plugin out of force after it failed while being applied."""
        name = problem.plugin
        self.loaded = [plugin for plugin in self.loaded if plugin.name != name]
        self.problems.append(problem)
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)

    @property
    def active_manifests(self) -> list[Manifest]:
        """Manifests of plugins in force, in load order."""
        return [plugin.manifest for plugin in self.loaded if plugin.manifest is not None]

    def status(self) -> list[PluginStatus]:
        """Return every plugin that was found with its state."""
        lines = [
            PluginStatus(m.name, m.title, m.version, "active") for m in self.active_manifests
        ]
        for problem in self.problems:
            manifest = self.manifests.get(problem.plugin)
            lines.append(
                PluginStatus(
                    problem.plugin,
                    manifest.title if manifest else {},
                    manifest.version if manifest else "",
                    "disabled" if problem.stage == "disabled" else "quarantined",
                    problem.stage,
                    problem.message,
                    problem,
                )
            )
        return sorted(lines, key=lambda line: line.name)

    # --- calls --------------------------------------------------------------------------------
    def _implementations(self, hook: str) -> list[tuple[str, Any]]:
        caller = getattr(self._manager.hook, hook)
        return [(impl.plugin_name, impl) for impl in caller.get_hookimpls()]

    def check(self, hook: str, **arguments: Any) -> list[Veto]:
        """Ask every plugin whether it denies an act; a plugin that fails denies it.

        Args:
            hook: name of a ``check_*`` hook.
            arguments: arguments of the hook.
        """
        vetoes: list[Veto] = []
        for name, impl in self._implementations(hook):
            try:
                answer = impl.function(*[arguments[key] for key in impl.argnames])
            except Exception:
                log.exception("%s of plugin %s failed and so denies", hook, name)
                vetoes.append(Veto(plugin=name, message="A check of plugin %(plugin)s failed.",
                                   values={"plugin": name}))
                continue
            if answer:
                vetoes.append(Veto(plugin=name, message=str(answer)))
        return vetoes

    def subscribers(self, hook: str) -> list[str]:
        """Return the names of plugins that implement an ``on_*`` hook."""
        return [name for name, _ in self._implementations(hook)]

    def deliver(self, hook: str, subscriber: str, session: Any, payload: dict[str, Any]) -> bool:
        """Call an ``on_*`` hook of one plugin; called by the worker.

        Returns:
            Whether the plugin is in force and was called.

        Raises:
            Exception: whatever the plugin raises; the outbox will try again.
        """
        for name, impl in self._implementations(hook):
            if name == subscriber:
                arguments = {"session": session, "payload": payload}
                impl.function(*[arguments[key] for key in impl.argnames])
                return True
        return False


def current_host() -> Host:
    """Return the host of the running application."""
    return current_app.extensions[EXTENSION]
