"""Where plugins are looked for, and in which order they load."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from app.host.manifest import Manifest, ManifestError, read_manifest
from app.i18n import N_

ENTRY_POINT_GROUP = "careline.plugins"
_LONGEST_DETAIL = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Why a plugin is not loaded.

    Attributes:
        plugin: name of the plugin.
        stage: where it failed: manifest, compatibility, requirement, order, disabled, import,
            mapper, check, hook.
        text: one sentence for the administrator, a message id.
        values: what stands in its placeholders.
        detail: what a foreign exception says, which nobody translates.
    """

    plugin: str
    stage: str
    text: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    detail: str = ""

    @property
    def message(self) -> str:
        """The sentence and the detail in English, for logs and the command line."""
        sentence = self.text % self.values if self.values else self.text
        return f"{sentence} {self.detail}".rstrip()


def first_line(error: BaseException) -> str:
    """Return kind and first line of a foreign exception, as the detail of a problem.

    It is shown on a page and a terminal, and may hold what neither can: half characters of a file
    name in another encoding, signs that turn the direction of the line.
    """
    try:
        lines = str(error).strip().splitlines()
    except Exception as worse:
        lines = [f"its own text fails with {type(worse).__name__}"]
    text = (lines[0] if lines else "no message")[:_LONGEST_DETAIL]
    shown = "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign).startswith("C") else sign for sign in text
    )
    return f"{type(error).__name__}: {shown}"


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
        place, detail = _place_of(point.value)
        if place is None:
            problems.append(Problem(
                point.name, "manifest", N_("%(module)s is not installed."),
                {"module": point.value}, detail,
            ))
        else:
            places.append((place, point.value))
    for path, module in places:
        try:
            manifest = read_manifest(path, module)
        except ManifestError as error:
            problems.append(Problem(
                path.name, "manifest", error.text, error.values, error.detail
            ))
            continue
        if manifest.name in found:
            problems.append(
                Problem(manifest.name, "manifest", N_("%(plugin)s was found twice."),
                        {"plugin": manifest.name})
            )
            continue
        found[manifest.name] = manifest
    return order(found, problems)


def _place_of(module: str) -> tuple[Path | None, str]:
    """Return the folder of an installed module; else ``None`` and what its parents say."""
    try:
        spec = importlib.util.find_spec(module)
    except Exception as error:  # The packages around it are imported; anything may happen there.
        return None, first_line(error)
    if spec is None or spec.origin is None:
        return None, ""
    return Path(spec.origin).parent, ""


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
                        N_("%(plugin)s asks for contract %(range)s."),
                        {"plugin": manifest.name, "range": manifest.api})
            )
            del good[manifest.name]
    for manifest in list(good.values()):
        other = _shares_prefix(manifest, good)
        if other is not None:
            problems.append(
                Problem(manifest.name, "check",
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
        problems.append(Problem(name, "requirement", reason, values))
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
