"""Writes the page of the reference that lists every hook; ``scripts.sdk_reference`` keeps it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from app.host import hookspecs
from app.host.implementations import hook_names
from config import ROOT

EXAMPLE = ROOT / "tests" / "conformance" / "example" / "plugins" / "visits" / "plugin.py"
_LONGEST_LINE = 100
_INTRODUCTION = """\
# Hooks

What the core asks plugins. A plugin answers with a function of the hook's name in `plugin.py`,
marked with `@hookimpl` of `app.sdk`; it may leave out arguments that it does not need.
[plugin-authors.md](../plugin-authors.md#every-hook) has notes on some. The examples are those of
the plugin in `tests/conformance/example`, which the tests run, each hook in a test of its own.
"""
_KINDS = {
    "register_": (
        "What a plugin brings",
        """\
Called once, when a process starts, in the order in which plugins are loaded: what a plugin requires
comes first. Returns a list. A failure sets the plugin aside, with those that require it.""",
    ),
    "check_": (
        "What a plugin may deny",
        """\
Called before the act, in the transaction of whoever acts, for every plugin in force. A sentence
denies the act. A failure denies it too, and so does any other answer; both are written to the
log.""",
    ),
    "on_": (
        "What a plugin is told",
        """\
Called by the worker after the commit, for each plugin alone, in a transaction of its own. A failure
is tried again, later and later. It may be delivered twice: `event_id` in the payload tells.""",
    ),
}


def hooks_page() -> str:
    """Return the page: each hook with signature, docstring, when it is called and an example."""
    examples = _examples()
    # In the order of the source, which goes from tables to what is told.
    names = [name for name in vars(hookspecs) if name in hook_names()]
    lines = [_INTRODUCTION]
    for prefix, (title, when) in _KINDS.items():
        found = [name for name in names if name.startswith(prefix)]
        lines += [f"## {title}", "", when, "",
                  " · ".join(f"[{name}](#{name})" for name in found), ""]
        for name in found:
            lines += _entry(name, examples[name])
    return "\n".join(lines).rstrip() + "\n"


def _entry(name: str, example: str) -> Iterator[str]:
    text = inspect.getdoc(getattr(hookspecs, name)) or ""
    yield from (f"### {name}", "", "```python", _signature(name), "```", "")
    yield from (text.replace("``", "`"), "", "Example:", "", "```python", example, "```", "")


def _signature(name: str) -> str:
    found = inspect.signature(getattr(hookspecs, name))
    line = f"{name}{found}".replace("'", "")
    if len(line) <= _LONGEST_LINE:
        return line
    arguments = "\n".join(f"    {one},".replace("'", "") for one in found.parameters.values())
    return f"{name}(\n{arguments}\n) -> {found.return_annotation}".replace("'", "")


def _examples() -> dict[str, str]:
    source = EXAMPLE.read_text(encoding="utf-8")
    lines = source.splitlines()
    return {
        node.name: "\n".join(lines[node.decorator_list[0].lineno - 1:node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }
