"""The source files of the project, and what they import."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

# Made by tools or installed: nobody writes them.
_NOT_OURS = {".venv", "node_modules", "var", "vendor", "__pycache__", ".git"}


def files(*patterns: str, under: tuple[str, ...] = ("app", "plugins", "scripts", "tests")) -> (
    list[Path]
):
    """Return the project's files that match, by path.

    Args:
        patterns: e.g. ``*.py``.
        under: top folders to look in; files beside them count as well.
    """
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    for folder in under:
        found |= {path for pattern in patterns for path in (ROOT / folder).rglob(pattern)}
    return sorted(path for path in found if not _NOT_OURS & set(path.relative_to(ROOT).parts))


def name_of(path: Path) -> str:
    """Return the path as one writes it, from the top folder."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Return the import name of a Python file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return the parsed content of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> set[str]:
    """Return the modules that a Python file names in imports, anywhere in it.

    ``from app.sdk import models`` gives ``app.sdk`` and ``app.sdk.models``.
    """
    package = module_of(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def is_within(module: str, package: str) -> bool:
    """Return whether a module is a package or lies in it."""
    return module == package or module.startswith(package + ".")


def docstrings(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """Yield line, name and docstring of a module and of its public functions and classes."""
    yield 1, module_of(path), ast.get_docstring(tree(path))
    yield from _members(tree(path), "")


def _members(parent: ast.AST, prefix: str) -> Iterator[tuple[int, str, str | None]]:
    for node in ast.iter_child_nodes(parent):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield node.lineno, prefix + node.name, ast.get_docstring(node)
        if isinstance(node, ast.ClassDef):
            yield from _members(node, f"{prefix}{node.name}.")
