"""Where plugins are looked for, and in which order they load."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
from pathlib import Path

from app.host.manifest import Manifest, ManifestError, read_manifest

ENTRY_POINT_GROUP = "careline.plugins"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Why a plugin is not loaded.

    Attributes:
        plugin: name of the plugin.
        stage: where it failed: manifest, compatibility, requirement, order, disabled, import,
            mapper, check, hook.
        message: one sentence for the administrator.
    """

    plugin: str
    stage: str
    message: str


@dataclasses.dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: manifests in load order, and what cannot be loaded and why."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Problem, ...]
    rejected: tuple[Manifest, ...] = ()


def discover(folder: Path, package: str = "plugins") -> Discovery:
    """Find plugins in a folder and among entry points; read, check and order their manifests.

    Args:
        folder: folder that holds one package for each plugin; may be absent.
        package: import path of that folder.
    """
    found: dict[str, Manifest] = {}
    problems: list[Problem] = []
    places: list[tuple[Path, str]] = []
    if folder.is_dir():
        places += [
            (path, f"{package}.{path.name}")
            for path in sorted(folder.iterdir())
            if path.is_dir() and not path.name.startswith((".", "_"))
        ]
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)):
        spec = importlib.util.find_spec(point.value)
        if spec is None or spec.origin is None:
            problems.append(Problem(point.name, "manifest", f"{point.value} is not installed."))
        else:
            places.append((Path(spec.origin).parent, point.value))
    for path, module in places:
        try:
            manifest = read_manifest(path, module)
        except ManifestError as error:
            problems.append(Problem(path.name, "manifest", str(error)))
            continue
        if manifest.name in found:
            problems.append(
                Problem(manifest.name, "manifest", f"{manifest.name} was found twice.")
            )
            continue
        found[manifest.name] = manifest
    return order(found, problems)


def order(found: dict[str, Manifest], problems: list[Problem]) -> Discovery:
    """Put manifests into load order and set aside what cannot load.

    Args:
        found: manifests by name.
        problems: what is already known to be wrong.

    Returns:
        Manifests so that everything a plugin requires comes before it, by name otherwise.
    """
    problems = list(problems)
    good = dict(found)
    for manifest in found.values():
        if not manifest.is_compatible:
            problems.append(
                Problem(manifest.name, "compatibility",
                        f"{manifest.name} asks for contract {manifest.api}.")
            )
            del good[manifest.name]
    for manifest in list(good.values()):
        other = _shares_prefix(manifest, good)
        if other is not None:
            problems.append(
                Problem(manifest.name, "check",
                        f"The table prefix of {manifest.name} overlaps with that of {other}.")
            )
            del good[manifest.name]
    ordered: list[Manifest] = []
    placed: set[str] = set()
    while True:
        ready = sorted(
            (m for m in good.values() if m.name not in placed and placed.issuperset(m.requires)),
            key=lambda m: m.name,
        )
        if not ready:
            break
        ordered.append(ready[0])
        placed.add(ready[0].name)
    for name in sorted(set(good) - placed):
        missing = sorted(set(good[name].requires) - set(good))
        reason = (
            f"{name} requires {', '.join(missing)}, which is not there."
            if missing
            else f"{name} requires plugins that cannot load or require it in turn."
        )
        problems.append(Problem(name, "requirement", reason))
    rejected = tuple(m for name, m in sorted(found.items()) if name not in placed)
    return Discovery(tuple(ordered), tuple(problems), rejected)


def _shares_prefix(manifest: Manifest, others: dict[str, Manifest]) -> str | None:
    """Return the first plugin by name whose tables could be mistaken for this one's."""
    for name in sorted(others):
        if name == manifest.name:
            return None
        ours, theirs = manifest.table_prefix, others[name].table_prefix
        if ours.startswith(theirs) or theirs.startswith(ours):
            return name
    return None
