"""Which migrations the processes of the version before outlive. Pure.

A version is deployed beside running processes in three steps, each a version of its own: expand
(new tables, new columns that may be empty or have a default in the database), migrate (copy what
is there), contract (drop what nobody reads any more). A migration that does more at once says why
in ``STANDSTILL``; processes have to be stopped for it.
"""

from __future__ import annotations

import ast

NAME = "STANDSTILL"
"""Constant of a migration: why processes of the version before have to be stopped, in a sentence
for whoever deploys."""

# Whoever still reads or writes these the old way fails.
_TAKEN_AWAY = frozenset({"drop_column", "drop_table", "rename_table"})
# A default that is taken away again is missed by an INSERT that does not name the column.
_NARROWING = {"nullable": False, "server_default": None}
_RETYPING = ("type_", "new_column_name")


def breaking(source: str) -> list[str]:
    """Return what of a migration a process of the version before would fail on.

    Args:
        source: text of the migration; what ``upgrade`` and the functions that it calls do counts.

    Returns:
        The calls, as written, in their order.
    """
    functions = [node for node in ast.parse(source).body
                 if isinstance(node, ast.FunctionDef) and node.name != "downgrade"]
    made = {_text(call.args[0]) for call in _calls(functions, "create_table") if call.args}
    return [ast.unparse(call) for function in functions for call in ast.walk(function)
            if isinstance(call, ast.Call) and _breaks(call, made)]


def reason(source: str) -> str:
    """Return the ``STANDSTILL`` of a migration, or an empty text.

    Args:
        source: text of the migration.
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == NAME:
            return _text(node.value)
    return ""


def _calls(functions: list[ast.FunctionDef], name: str) -> list[ast.Call]:
    return [call for function in functions for call in ast.walk(function)
            if isinstance(call, ast.Call) and _name(call) == name]


def _breaks(call: ast.Call, made: set[str]) -> bool:
    name, given = _name(call), {one.arg: one.value for one in call.keywords if one.arg}
    if name in _TAKEN_AWAY:
        # What the migration itself has made nobody knows yet.
        return _text(call.args[0]) not in made if call.args else True
    if name == "alter_column":
        narrowed = any(key in given and _value(given[key]) is value
                       for key, value in _NARROWING.items())
        return narrowed or any(key in given for key in _RETYPING)
    return name == "add_column" and any(map(_must_be_named, call.args))


def _must_be_named(argument: ast.expr) -> bool:
    """Return whether a new column refuses a row that does not name it."""
    if not isinstance(argument, ast.Call) or _name(argument) != "Column":
        return False
    given = {one.arg: one.value for one in argument.keywords if one.arg}
    return _value(given.get("nullable")) is False and "server_default" not in given


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _value(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else node


def _text(node: ast.expr) -> str:
    value = _value(node)
    return value if isinstance(value, str) else ast.unparse(node)
