"""Several values of one row, in one statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from app.database import AnySelect
from app.statements import built_once


@built_once
def values_of_row(key: Any, expressions: tuple[ColumnElement[Any], ...]) -> AnySelect:
    """Return the SELECT of expressions about the row whose key is the parameter ``key``.

    Args:
        key: attribute of the primary key.
        expressions: what is wanted, in order.
    """
    wanted = [expression.label(f"c{place}") for place, expression in enumerate(expressions)]
    return select(*wanted).where(key == bindparam("key"))
