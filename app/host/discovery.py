"""Where plugins are looked for, and in which order they load."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
from pathlib import Path

from app.host.contract import refusal
from app.host.faults import PluginFault, first_line
from app.host.manifest import Manifest, ManifestError, read_manifest
from app.i18n import N_

ENTRY_POINT_GROUP = "careline.plugins"


@dataclasses.dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: manifests in load order, and what cannot be loaded and why."""

    manifests: tuple[Manifest, ...]
    faults: tuple[PluginFault, ...]
    rejected: tuple[Manifest, ...] = ()


def discover(folder: Path, package: str = "plugins") -> Discovery:
    """Find plugins in a folder and among entry points; read, check and order their manifests.

    Args:
        folder: folder that holds one package for each plugin; may be absent.
        package: import path of that folder.
    """
    found: dict[str, Manifest] = {}
    faults: list[PluginFault] = []
    places: list[tuple[Path, str]] = []
    if folder.is_dir():
        places += [
            (path, f"{package}.{path.name}")
            for path in sorted(folder.iterdir())
            if path.is_dir() and not path.name.startswith((".", "_"))
        ]
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)):
        place, detail = _place_of(point.value)
        if place is None:
            faults.append(PluginFault(
                point.name, "manifest", N_("%(module)s is not installed."),
                {"module": point.value}, detail,
            ))
        else:
            places.append((place, point.value))
    for path, module in places:
        try:
            manifest = read_manifest(path, module)
        except ManifestError as error:
            faults.append(PluginFault(
                path.name, "manifest", error.text, error.values, error.detail
            ))
            continue
        if manifest.name in found:
            faults.append(
                PluginFault(manifest.name, "manifest", N_("%(plugin)s was found twice."),
                        {"plugin": manifest.name})
            )
            continue
        found[manifest.name] = manifest
    return order(found, faults)


def _place_of(module: str) -> tuple[Path | None, str]:
    """Return the folder of an installed module; else ``None`` and what its parents say."""
    try:
        spec = importlib.util.find_spec(module)
    except Exception as error:  # The packages around it are imported; anything may happen there.
        return None, first_line(error)
    if spec is None or spec.origin is None:
        return None, ""
    return Path(spec.origin).parent, ""


def order(found: dict[str, Manifest], faults: list[PluginFault]) -> Discovery:
    """Put manifests into load order and set aside what cannot load.

    Args:
        found: manifests by name.
        faults: what is already known to be wrong.

    Returns:
        Manifests so that everything a plugin requires comes before it, by name otherwise.
    """
    faults = list(faults)
    good = dict(found)
    for manifest in found.values():
        if not manifest.is_compatible:
            faults.append(
                PluginFault(manifest.name, "compatibility", refusal(manifest.api),
                        {"plugin": manifest.name, "range": manifest.api})
            )
            del good[manifest.name]
    for manifest in list(good.values()):
        other = _shares_prefix(manifest, good)
        if other is not None:
            faults.append(
                PluginFault(manifest.name, "check",
                        N_("The table prefix of %(plugin)s overlaps with that of %(other)s."),
                        {"plugin": manifest.name, "other": other})
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
            N_("%(plugin)s requires %(others)s, which is not there.") if missing
            else N_("%(plugin)s requires plugins that cannot load or require it in turn.")
        )
        values = {"plugin": name, "others": ", ".join(missing)}
        faults.append(PluginFault(name, "requirement", reason, values))
    rejected = tuple(m for name, m in sorted(found.items()) if name not in placed)
    return Discovery(tuple(ordered), tuple(faults), rejected)


def _shares_prefix(manifest: Manifest, others: dict[str, Manifest]) -> str | None:
    """Return the first plugin by name whose tables could be mistaken for this one's."""
    for name in sorted(others):
        if name == manifest.name:
            return None
        ours, theirs = manifest.table_prefix, others[name].table_prefix
        if ours.startswith(theirs) or theirs.startswith(ours):
            return name
    return None
