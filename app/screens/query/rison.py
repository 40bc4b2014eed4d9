"""Flask-AppBuilder's list arguments (``q=`` in Rison or JSON) as arguments of our lists (pure)."""

from __future__ import annotations

import json
from typing import Any

import prison

from app.i18n import N_
from app.screens.columns.columns import Column
from app.screens.query.filters import NO_FILTER, NO_OPERATOR, SEPARATOR, BadFilter, operators_of

_LONGEST = 4000
# Flask-AppBuilder's operators in ours, by the kinds they mean different things for.
_SET = {"eq": "in", "neq": "not_in", "rel_o_m": "in", "nrel_o_m": "not_in", "in": "in",
        "not_in": "not_in"}
_PLAIN = {"eq": "is", "neq": "not", "ct": "contains", "sw": "starts", "gt": "at_least",
          "lt": "at_most", "in": "is", "not_in": "not"}
_DAY = {"eq": "on", "gt": "after", "lt": "before"}


def read(text: str) -> dict[str, Any]:
    """Return what stands in ``q``.

    Raises:
        BadFilter: it is neither Rison nor JSON, or no object.
    """
    if len(text) > _LONGEST:
        raise BadFilter(N_("q is too long."))
    try:
        found = prison.loads(text)
    except Exception:
        # The parser fails in many ways on damaged input; JSON is the other form allowed.
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise BadFilter(N_("q is neither Rison nor JSON.")) from None
    if not isinstance(found, dict):
        raise BadFilter(N_("q must be an object."))
    return found


def arguments(given: dict[str, Any], columns: dict[str, Column]) -> dict[str, list[str]]:
    """Return the arguments of a list that mean the same.

    Args:
        given: what stood in ``q``.
        columns: what may be filtered by, by name.

    Raises:
        BadFilter: something in it cannot be.
    """
    result: dict[str, list[str]] = {}
    for item in _list(given.get("filters", [])):
        if not isinstance(item, dict) or not {"col", "opr", "value"} <= item.keys():
            raise BadFilter(N_("A filter needs col, opr and value."))
        name = str(item["col"])
        column = columns.get(name)
        if column is None:
            raise BadFilter(NO_FILTER, name=name)
        operator = _operator(column, str(item["opr"]))
        values = item["value"] if isinstance(item["value"], list) else [item["value"]]
        result.setdefault(f"{name}{SEPARATOR}{operator}", []).extend(map(_text, values))
    if given.get("order_column"):
        falling = given.get("order_direction", "asc") == "desc"
        result["sort"] = [("-" if falling else "") + str(given["order_column"])]
    if "page_size" in given:
        if type(given["page_size"]) is not int:
            raise BadFilter(N_("page_size must be a whole number."))
        # Flask-AppBuilder's clients ask for -1 when they want as much as they can get.
        result["size"] = [str(given["page_size"] if given["page_size"] > 0 else 10**6)]
    if given.get("page") not in (None, 0):
        raise BadFilter(
            N_("Pages are read in turn: ask for after= with the next of the answer.")
        )
    return result


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadFilter(N_("filters must be a list."))
    return value


def _operator(column: Column, name: str) -> str:
    ours = {known for known, _, _ in operators_of(column)}
    if name in ours and name not in ("in",):
        return name
    table = _SET if column.kind in ("choice", "relation") else _PLAIN
    table = _DAY if column.kind in ("date", "datetime") else table
    found = table.get(name)
    if found not in ours:
        raise BadFilter(NO_OPERATOR, name=column.name, operator=name)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise BadFilter(N_("A filter value must be plain."))
    return str(value)
