"""Examples of what the sdk offers: where the tutorial, shipped and test plugins use each name."""

from __future__ import annotations

import ast
import dataclasses
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

_GUIDE = ROOT / "docs" / "plugin-authors.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TUTORIAL = "[the tutorial](../plugin-authors.md)"
# Plugins whose code the tests run; migrations are run by the tests as well.
_FOLDERS = (ROOT / "plugins", ROOT / "tests" / "conformance" / "probes")
_LONGEST = 14


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """How a name of the sdk is used.

    Attributes:
        place: where, as markdown.
        lines: the statement there that uses it.
        rank: the lower, the better an example it is.
    """

    place: str
    lines: tuple[str, ...]
    rank: tuple[int, int, int]


def examples() -> dict[tuple[str, str], Example]:
    """Return an example for each pair of module and name that somebody uses.

    A call says more than an annotation, the tutorial more than a shipped plugin, a short
    statement more than a long one.
    """
    found: dict[tuple[str, str], Example] = {}
    names: dict[str, tuple[str, str]] = {}
    sources = []
    for block in _blocks():
        # A block goes on with what the blocks before it have imported.
        names = names | _imported(ast.parse(block))
        sources.append((_TUTORIAL, block, names))
    for path in _files():
        source = path.read_text(encoding="utf-8")
        sources.append((_link(path), source, _imported(ast.parse(source))))
    for place, source, known in sources:
        for key, lines, kind in _uses(source, known):
            example = Example(place, lines, (kind, place != _TUTORIAL, len(lines)))
            if len(lines) <= _LONGEST and (
                key not in found or example.rank < found[key].rank
            ):
                found[key] = example
    return found


def _blocks() -> Iterator[str]:
    """Yield the code of the guide; signatures of hooks are none."""
    for block in _BLOCK.findall(_GUIDE.read_text(encoding="utf-8")):
        try:
            ast.parse(block)
        except SyntaxError:
            continue
        yield block


def _files() -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            if "tests" not in path.relative_to(folder).parts:
                yield path


def _link(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    return f"[{name}](../../{name})"


def _uses(
    source: str, names: dict[str, tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...], int]]:
    """Yield module and name, statement, and 0 for a call, for each statement that uses a name."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for statement in _statements(tree):
        first, last = _extent(statement)
        written = tuple(textwrap.dedent("\n".join(lines[first - 1:last])).splitlines())
        nodes = list(_own_nodes(statement))
        called: dict[int, tuple[str, ...]] = {
            id(node.func): written if len(written) <= _LONGEST else _written(node, lines)
            for node in nodes if isinstance(node, ast.Call)
        }
        if isinstance(statement, ast.ClassDef):
            called |= {id(base): written for base in (*statement.bases, *statement.decorator_list)}
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in names:
                found = called.get(id(node), written)
                if len(found) > _LONGEST:
                    # The line alone; what stands around it is too long to be read.
                    found = (lines[node.lineno - 1].strip(),)
                yield names[node.id], found, int(id(node) not in called)


def _written(node: ast.Call, lines: list[str]) -> tuple[str, ...]:
    """Return a call alone, without what stands around it."""
    found = "\n".join(lines[node.lineno - 1:node.end_lineno])
    cut = len(lines[(node.end_lineno or node.lineno) - 1].encode()) - (node.end_col_offset or 0)
    found = found.encode()[:len(found.encode()) - cut].decode()
    blank = " " * node.col_offset
    return tuple(textwrap.dedent(
        blank + found.encode()[node.col_offset:].decode()).splitlines())


def _imported(tree: ast.Module) -> dict[str, tuple[str, str]]:
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        and (node.module + ".").startswith("app.sdk.")
        for alias in node.names
    }


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _extent(statement: ast.stmt) -> tuple[int, int]:
    """Return first and last line: of what holds further statements, only the head."""
    first = min([statement.lineno, *(one.lineno for one in getattr(
        statement, "decorator_list", []))])
    body = getattr(statement, "body", None)
    if not body:
        return first, statement.end_lineno or statement.lineno
    return first, max(first, body[0].lineno - 1) if body[0].lineno > first else first


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without those of the statements that it holds."""
    waiting = [child for child in ast.iter_child_nodes(statement)
               if not isinstance(child, ast.stmt)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node)
                    if not isinstance(child, ast.stmt)]
