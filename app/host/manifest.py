"""``plugin.toml``: what a plugin says about itself, read and checked before any import."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from app.host.contract import admits
from app.i18n import N_

_NAME = re.compile(r"^[a-z][a-z0-9_]{1,30}$")
_PREFIX = re.compile(r"^[a-z][a-z0-9_]{1,30}_$")
# Tables of the core begin with these; a plugin's must not.
CORE_PREFIXES = (
    "ab_", "access_", "core_", "customers_", "deadlines_", "forms_", "host_", "jobs_", "metrics_",
    "notices_", "people_", "records_", "screens_", "settings_", "workflow_",
)
_KEYS = {"name", "title", "version", "api", "requires", "table_prefix", "description", "author",
         "icon", "catch_up"}
# Hooks of the core that a plugin may want to hear of later; events of plugins say it themselves.
CAUGHT_UP = ("on_record_saved", "on_transition", "on_comment", "on_deadline")


class ManifestError(ValueError):
    """A manifest is missing, malformed or incomplete.

    Args:
        text: one sentence, a message id.
        detail: what the reader of the file says.
        values: what stands in the sentence's placeholders.
    """

    def __init__(self, text: str, detail: str = "", **values: str) -> None:
        self.text, self.detail, self.values = text, detail, values
        super().__init__(f"{text % values if values else text} {detail}".rstrip())


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A plugin's description of itself.

    Attributes:
        name: identifier; also the folder and the prefix of permissions.
        title: shown name by language (``zh`` and ``en``).
        version: version of the plugin.
        api: range of host contract versions it works with, e.g. ``>=3.0,<4``.
        requires: names of plugins that must be loaded before it.
        table_prefix: prefix of every table it owns, ending in an underscore.
        description: one sentence by language.
        icon: name of an icon for the plugin manager.
        catch_up: hooks of which it gets, once it is back, what happened while it was switched off
            or set aside; see ``CAUGHT_UP``.
        module: import path of the package, e.g. ``plugins.complaints``.
        path: folder of the package.
    """

    name: str
    title: dict[str, str]
    version: str
    api: str
    table_prefix: str
    module: str
    path: Path
    requires: tuple[str, ...] = ()
    description: dict[str, str] = dataclasses.field(default_factory=dict)
    icon: str = "plug"
    catch_up: tuple[str, ...] = ()

    @property
    def is_compatible(self) -> bool:
        """Whether the plugin's ``api`` range admits this host."""
        return admits(self.api)


def read_manifest(path: Path, module: str) -> Manifest:
    """Read and check ``plugin.toml`` in a folder.

    Args:
        path: folder of the plugin package.
        module: import path of the package.

    Raises:
        ManifestError: with one sentence about the first thing wrong.
    """
    file = path / "plugin.toml"
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(N_("%(folder)s has no plugin.toml."), folder=path.name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ManifestError(N_("plugin.toml cannot be read."), str(error)) from None
    return _check(raw, path, module)


def _check(raw: dict[str, Any], path: Path, module: str) -> Manifest:
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise ManifestError(
            N_("plugin.toml has unknown keys: %(keys)s."), keys=", ".join(unknown)
        )
    name = _name(raw, path)
    title = _title(raw)
    prefix = _table_prefix(raw, name)
    requires = raw.get("requires", [])
    if not isinstance(requires, list) or not all(isinstance(item, str) for item in requires):
        raise ManifestError(N_("plugin.toml: requires must be a list of plugin names."))
    version, api = _versions(raw)
    description = raw.get("description", {})
    if not isinstance(description, dict):
        raise ManifestError(N_("plugin.toml: description must have a text by language."))
    return Manifest(
        name=name,
        title=title,
        version=version,
        api=api,
        table_prefix=prefix,
        requires=tuple(requires),
        description=dict(description),
        icon=str(raw.get("icon", "plug")),
        catch_up=_catch_up(raw),
        module=module,
        path=path,
    )


def _name(raw: Mapping[str, Any], path: Path) -> str:
    name = raw.get("name")
    if not isinstance(name, str) or not _NAME.match(name):
        raise ManifestError(
            N_("plugin.toml: name must be lower-case letters, digits, underscores.")
        )
    if name != path.name:
        raise ManifestError(
            N_("plugin.toml: name '%(plugin)s' differs from its folder '%(folder)s'."),
            plugin=name, folder=path.name,
        )
    return name


def _title(raw: Mapping[str, Any]) -> dict[str, str]:
    title = raw.get("title")
    if not isinstance(title, dict) or not all(
        isinstance(title.get(language), str) and title[language] for language in ("zh", "en")
    ):
        raise ManifestError(N_("plugin.toml: title must have a text for zh and for en."))
    return dict(title)


def _table_prefix(raw: Mapping[str, Any], name: str) -> str:
    prefix = raw.get("table_prefix", f"{name}_")
    if not isinstance(prefix, str) or not _PREFIX.match(prefix):
        raise ManifestError(
            N_("plugin.toml: table_prefix must be letters ending in an underscore.")
        )
    if prefix.startswith(CORE_PREFIXES):
        raise ManifestError(
            N_("plugin.toml: table_prefix %(prefix)s belongs to the core."), prefix=prefix
        )
    return prefix


def _catch_up(raw: Mapping[str, Any]) -> tuple[str, ...]:
    hooks = raw.get("catch_up", [])
    if not isinstance(hooks, list) or not all(hook in CAUGHT_UP for hook in hooks):
        raise ManifestError(
            N_("plugin.toml: catch_up must be a list of some of %(hooks)s."),
            hooks=", ".join(CAUGHT_UP),
        )
    return tuple(hooks)


def _versions(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return the plugin's version and the range of hosts that it works with."""
    try:
        Version(str(raw.get("version", "")))
        SpecifierSet(str(raw.get("api", "")) or "!")
    except InvalidVersion:
        raise ManifestError(
            N_("plugin.toml: version must be a version such as 1.2.0.")
        ) from None
    except InvalidSpecifier:
        raise ManifestError(N_("plugin.toml: api must be a range such as >=3.0,<4.")) from None
    return str(raw["version"]), str(raw["api"])
