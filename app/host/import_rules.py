"""What files of a plugin may import, read from their source without running it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from app.host.manifest import Manifest
from app.i18n import N_, Message

_ALLOWED = ("app.sdk", "app.testing")
# Tests look behind the sdk to check what came out, and a migration belongs to its time.
_FREE_FOLDERS = {"tests", "migrations"}


def forbidden_import(manifest: Manifest, others: Collection[str] = ()) -> Message | None:
    """Return a sentence on the first import that plugins must not make, or ``None``.

    A plugin imports ``app.sdk`` (and ``app.testing``) of the product, and no other plugin: what
    lies behind the sdk changes without notice, and another plugin may be switched off.

    Args:
        manifest: the plugin.
        others: import paths of other plugins.
    """
    siblings = manifest.module.rpartition(".")[0]
    for file in sorted(manifest.path.rglob("*.py")):
        relative = file.relative_to(manifest.path)
        if relative.parts[0] in _FREE_FOLDERS:
            continue
        for line, names in _imports(file, manifest):
            for name in names:
                if _is_within(name, manifest.module):
                    continue
                values = {"file": str(relative), "line": str(line), "module": name}
                if _is_within(name, "app") and not any(_is_within(name, one) for one in _ALLOWED):
                    return Message(N_(
                        "%(file)s, line %(line)s imports %(module)s; plugins import app.sdk only."
                    ), values)
                if (siblings and _is_within(name, siblings) and name != siblings) or any(
                    _is_within(name, other) for other in others
                ):
                    return Message(N_(
                        "%(file)s, line %(line)s imports %(module)s; plugins do not import "
                        "each other."
                    ), values)
    return None


def _is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _imports(file: Path, manifest: Manifest) -> Iterator[tuple[int, list[str]]]:
    """Yield line and full names of each import; a file that is no Python has none."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return  # the import of the plugin says it
    parts = [manifest.module, *file.relative_to(manifest.path).parent.parts]
    package = ".".join(parts).split(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield node.lineno, [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, [f"{start}.{alias.name}" for alias in node.names]
