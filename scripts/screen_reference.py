"""Writes docs/screens.md: what a screen declares and what it is made of, from the code.

    python -m scripts.screen_reference
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from app.screens.declaration import ScreenDeclaration
from app.screens.parts import ScreenParts
from config import ROOT

FILE = ROOT / "docs" / "screens.md"
_HEADING = re.compile(r"    # --- (.+?) -+$")
_INTRODUCTION = """\
# What a screen declares

`python -m scripts.screen_reference` writes this page from `app/screens/declaration.py` and
`app/screens/parts.py`. How a view uses it stands in [plugin-authors.md](plugin-authors.md).
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A field of a documented dataclass.

    Attributes:
        heading: group that it stands in.
        name: name of the field.
        default: its default as written.
        text: its docstring as markdown, in one line.
    """

    heading: str
    name: str
    default: str
    text: str


def entries(kind: type[Any]) -> Iterator[Entry]:
    """Yield the fields of a dataclass with their docstrings, in the order of the source.

    Raises:
        LookupError: a field has none.
    """
    source = inspect.getsource(kind)
    headings = {
        number: found.group(1) for number, line in enumerate(source.splitlines(), 1)
        if (found := _HEADING.match(line))
    }
    [definition] = ast.parse(source).body
    assert isinstance(definition, ast.ClassDef)
    body = definition.body
    for place, node in enumerate(body):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        after = body[place + 1] if place + 1 < len(body) else None
        text = _text_of(after)
        if text is None:
            raise LookupError(f"{kind.__name__}.{node.target.id} has no docstring")
        heading = [text for number, text in headings.items() if number < node.lineno][-1]
        yield Entry(heading, node.target.id, ast.unparse(node.value) if node.value else "",
                    _markdown(text))


def _text_of(node: ast.stmt | None) -> str | None:
    held = node.value if isinstance(node, ast.Expr) else None
    text = held.value if isinstance(held, ast.Constant) else None
    return text if isinstance(text, str) else None


def _markdown(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _tables(kind: type[Any], column: str) -> Iterator[str]:
    heading = ""
    for entry in entries(kind):
        if entry.heading != heading:
            heading = entry.heading
            yield from (f"\n### {heading.capitalize()}\n", f"| {column} | what it is |",
                        "| --- | --- |")
        default = f" (`{entry.default}`)" if kind is ScreenParts else ""
        yield f"| `{entry.name}`{default} | {entry.text} |"


def page() -> str:
    """Return the page as it should stand in the file."""
    return "\n".join([
        _INTRODUCTION, "## Attributes of a view\n",
        inspect.cleandoc(ScreenDeclaration.__doc__ or ""),
        *_tables(ScreenDeclaration, "attribute"), "", "## Pages and parts\n",
        inspect.cleandoc(ScreenParts.__doc__ or "").replace("``", "`"),
        *_tables(ScreenParts, "name"),
    ]) + "\n"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
