"""Loads a plugin that is not in force for one question: whether it denies to be switched on."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pluggy

from app.host import hookspecs
from app.host.checking import ask
from app.host.contents import Contents
from app.host.contributions import Veto
from app.host.loader import import_plugin
from app.host.manifest import Manifest
from app.host.preflight import preflight
from app.host.tracing import HookTrace


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A plugin that is to be switched on.

    Attributes:
        name: its name.
        off: names of the plugins that are switched off.
    """

    name: str
    off: Collection[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What it takes to load one more plugin than was started with.

    Attributes:
        manifests: plugins whose manifests are in order, in load order.
        cache: folder for verdicts of the preflight.
        core_models: import path of the module that imports the core's tables.
        root: folder from which everything is imported.
    """

    manifests: Sequence[Manifest]
    cache: Path
    core_models: str
    root: Path

    def ask(
        self, candidate: Candidate, hook: str, arguments: Mapping[str, Any], trace: HookTrace
    ) -> list[Veto]:
        """Ask a plugin whether it denies an act; one that cannot be loaded denies it as well.

        It is imported into this process, so it goes through the preflight first, as at a start. It
        brings nothing here: nothing of it is registered.

        Args:
            candidate: the plugin.
            hook: name of a ``check_*`` hook.
            arguments: arguments of the hook.
            trace: traces the call.
        """
        name = candidate.name
        wanted = [one for one in self.manifests
                  if one.name == name or one.name not in candidate.off]
        manifest = next((one for one in wanted if one.name == name), None)
        if manifest is None:
            return []
        _, faults = preflight(Contents(wanted), self.cache, self.core_models, self.root)
        for fault in faults:
            if fault.plugin == name:
                return [Veto(plugin=name, message=fault.text, values=fault.values)]
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        manager.register(import_plugin(manifest), name=name)
        return ask(manager, hook, arguments, trace)
