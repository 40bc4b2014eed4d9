"""Imports plugins in another process and says whether they may be imported here.

One broken mapper poisons every query of the process that imported it, and a plugin may end the
interpreter or never return. All plugins are tried together first, and in smaller parts only where
that fails. The verdict is kept by the hash of the plugin's files, so that a start with
unchanged plugins runs no process at all.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.database import Base
from app.host.contents import Contents
from app.host.faults import PluginFault, first_line
from app.host.import_rules import forbidden_import
from app.host.loader import CORE, needs_failed, stage
from app.host.manifest import Manifest, read_manifest
from app.i18n import N_

TIMEOUT_SECONDS = 120
# Changes with what stands in a verdict: those of another form are not read.
_FORM = 4
_TOO_LONG = N_("The import took over %(number)s seconds.")

Verdict = dict[str, Any] | None
"""What is wrong with a plugin: a ``PluginFault`` without its name; ``None`` when all is well."""


@dataclasses.dataclass(frozen=True, slots=True)
class TrialReport:
    """What one process found out about several plugins, by name.

    Attributes:
        verdicts: what is wrong with each.
        classes: names of the mapped classes of each that is well; under ``CORE`` those of the core.
    """

    verdicts: dict[str, Verdict]
    classes: dict[str, list[str]]


class _Verdicts:
    """Verdicts in files, by content of a plugin and of what it requires."""

    def __init__(self, cache: Path, contents: Contents) -> None:
        self._cache = cache
        self._contents = contents
        self._files = {
            name: cache / f"{name}-{contents.hash_of(name, _FORM)}.json"
            for name in contents.by_name
        }

    def is_known(self, manifest: Manifest) -> bool:
        """Return whether there is a verdict."""
        return self._files[manifest.name].is_file()

    def is_open(self, manifest: Manifest) -> bool:
        """Return whether a verdict is missing, and nothing that the plugin requires has failed."""
        return not self.is_known(manifest) and not any(
            self.is_known(one) and self.fault(one) for one in self._contents.chain(manifest)
        )

    def keep(self, manifest: Manifest, verdict: Verdict, trial: TrialReport | None = None) -> None:
        """Keep a verdict with the mapped classes of the plugin and those of the core."""
        classes = trial.classes if trial is not None else {}
        self._cache.mkdir(parents=True, exist_ok=True)
        # Written aside and moved: two processes that start at once never read half a verdict.
        with tempfile.NamedTemporaryFile(
            "w", dir=self._cache, delete=False, encoding="utf-8"
        ) as out:
            json.dump({"fault": verdict, "classes": classes.get(manifest.name, []),
                       "core": classes.get(CORE, [])}, out)
        Path(out.name).replace(self._files[manifest.name])

    def fault(self, manifest: Manifest) -> PluginFault | None:
        """Return the verdict on a plugin that has one."""
        verdict = self._kept(manifest)["fault"]
        return None if verdict is None else PluginFault(manifest.name, **verdict)

    def same_class(
        self, manifest: Manifest, taken: dict[str, str]
    ) -> PluginFault | None:
        """Return the fault of a plugin with a mapped class of a name that is taken, or ``None``.

        A relation names its class by a text, and a name that two classes have breaks the mappers
        of the whole process; neither plugin shows that while it is tried alone.

        Args:
            manifest: a plugin that is well by itself.
            taken: whose each name is, in load order; gains the names of a plugin that may come in.
        """
        kept = self._kept(manifest)
        for name in kept["core"]:
            taken.setdefault(name, CORE)
        for name in kept["classes"]:
            if name in taken:
                return PluginFault(
                    manifest.name, "mapper", N_(
                        "The class %(name)s has the name of a class of %(other)s: "
                        "give it another one."), {"name": name, "other": taken[name]})
        taken.update(dict.fromkeys(kept["classes"], manifest.name))
        return None

    def _kept(self, manifest: Manifest) -> dict[str, Any]:
        return json.loads(self._files[manifest.name].read_text(encoding="utf-8"))


def preflight(
    contents: Contents, cache: Path, core_models: str, root: Path
) -> tuple[list[Manifest], list[PluginFault]]:
    """Try plugins in another process, each with what it requires.

    Args:
        contents: the plugins in load order, with their hashes.
        cache: folder for verdicts.
        core_models: import path of the module that imports all of the core's tables.
        root: folder from which ``app`` and the plugins are imported.

    Returns:
        Manifests that passed, in the same order, and the faults of the others.
    """
    manifests = list(contents.by_name.values())
    verdicts = _Verdicts(cache, contents)
    unknown = [manifest for manifest in manifests if not verdicts.is_known(manifest)]
    for manifest in unknown:
        others = [other.module for other in manifests if other is not manifest]
        wrong = forbidden_import(manifest, others)
        if wrong is not None:
            verdicts.keep(manifest, {"stage": "check", "text": wrong.msgid,
                                     "values": dict(wrong.params)})
    _settle(verdicts, contents, unknown, core_models, root)
    passed: list[Manifest] = []
    faults: list[PluginFault] = []
    taken: dict[str, str] = {}
    for manifest in manifests:
        fault = needs_failed(manifest, [fault.plugin for fault in faults])
        fault = fault or verdicts.fault(manifest) or verdicts.same_class(manifest, taken)
        if fault is None:
            passed.append(manifest)
        else:
            faults.append(fault)
    return passed, faults


def _settle(
    verdicts: _Verdicts, contents: Contents, manifests: Sequence[Manifest], core_models: str,
    root: Path,
) -> None:
    """Keep a verdict on each plugin, except where one that it requires has failed.

    Only a plugin that was alone with what it requires is called faulty. Those that are well in one
    process are well.
    """
    company = [one for one in manifests if verdicts.is_open(one)]
    if not company:
        return
    trial = _run(contents.chain(*company), core_models, root)
    found = trial.verdicts
    if len(company) == 1:
        verdicts.keep(company[0], found[company[0].name], trial)
        return
    if not any(found.values()):
        for manifest in company:
            verdicts.keep(manifest, None, trial)
        return
    for part in _parts(company, found):
        _settle(verdicts, contents, part, core_models, root)


def _parts(company: Sequence[Manifest], found: dict[str, Verdict]) -> Sequence[Sequence[Manifest]]:
    """Return how plugins that were not well together are tried next, in load order."""
    alone = [[one] for one in company if found[one.name]]
    if len(alone) < len(company):
        return [[one for one in company if not found[one.name]], *alone]
    if any(verdict and verdict["text"] == _TOO_LONG for verdict in found.values()):
        return alone  # halves would wait for the same one again and again
    # The process ended, or a mapper is broken: nobody knows by whom.
    middle = len(company) // 2
    return [company[:middle], company[middle:]]


def _run(chain: list[Manifest], core_models: str, root: Path) -> TrialReport:
    """Return what one process finds out about several plugins."""
    arguments = ["--core-models", core_models, *(f"{m.module}={m.path}" for m in chain)]
    folders = [str(root), *(str(m.path.parent.parent) for m in chain)]
    try:
        done = _process(arguments, list(dict.fromkeys(folders)), root)
    except subprocess.TimeoutExpired:
        return TrialReport(_of_all(chain, {
            "stage": "import", "text": _TOO_LONG,
            "values": {"number": str(TIMEOUT_SECONDS)},
        }), {})
    for line in done.stdout.splitlines():
        if line.startswith("verdicts:"):
            return TrialReport(**json.loads(line.removeprefix("verdicts:")))
    last = done.stderr.strip().splitlines()[-1:] or ["no message"]
    return TrialReport(_of_all(chain, {
        "stage": "import", "text": N_("The import ended the process."), "detail": last[0],
    }), {})


def _process(
    arguments: list[str], folders: list[str], root: Path
) -> subprocess.CompletedProcess[str]:
    """Run this module in a process of its own, which imports from some folders."""
    return subprocess.run(
        [sys.executable, "-m", "app.host.preflight", *arguments], cwd=root, capture_output=True,
        text=True, timeout=TIMEOUT_SECONDS, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
    )


def _of_all(chain: Iterable[Manifest], verdict: Verdict) -> dict[str, Verdict]:
    return {manifest.name: verdict for manifest in chain}


def _class_names(manifests: Sequence[Manifest]) -> dict[str, list[str]]:
    """Return the names of the mapped classes of each plugin, and of the core."""
    found: dict[str, list[str]] = {CORE: [], **{one.name: [] for one in manifests}}
    owners = {f"{one.module}.": one.name for one in manifests}
    for mapper in Base.registry.mappers:
        module = f"{mapper.class_.__module__}."
        owner = next((name for start, name in owners.items() if module.startswith(start)), CORE)
        found[owner].append(mapper.class_.__name__)
    return {owner: sorted(names) for owner, names in found.items()}


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the process: prints the verdict on each plugin as one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--core-models", required=True)
    parser.add_argument("plugins", nargs="+")
    options = parser.parse_args(arguments)
    importlib.import_module(options.core_models)
    manifests = []
    for item in options.plugins:
        module, _, path = item.partition("=")
        manifests.append(read_manifest(Path(path), module))
    from sqlalchemy.orm import configure_mappers

    _, _, faults = stage(manifests)
    verdicts = _of_all(manifests, None)
    for fault in faults:
        verdict = dataclasses.asdict(fault)
        del verdict["plugin"]
        verdicts[fault.plugin] = verdict
    if not faults:
        try:
            configure_mappers()
        except Exception as error:
            verdicts = _of_all(manifests, {
                "stage": "mapper", "text": N_("Its tables do not fit together."),
                "detail": first_line(error),
            })
    print("verdicts:" + json.dumps({"verdicts": verdicts, "classes": _class_names(manifests)}))


if __name__ == "__main__":
    main()
