"""Statements that are built once for a process and run with other values each time.

Building a SELECT of a dozen columns and its cache key takes SQLAlchemy longer than SQLite needs to
answer it: a third of the CPU of a record's page went there. A statement that differs in nothing but
values is therefore built by a function marked with ``built_once`` and names its values with
``bindparam``; a list of keys is ``bindparam(name, expanding=True)``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Built = TypeVar("Built")
# What is built depends on the kinds of record and the columns shown, of which there are hundreds.
_MOST_KEPT = 256


def built_once(build: Callable[Arguments, Built]) -> Callable[Arguments, Built]:
    """Let a function keep what it builds, by its arguments; the least used is built anew.

    SQLAlchemy also keeps the cache key of a statement with it, so neither is made again.

    Args:
        build: returns a statement or an expression. Its arguments, all hashable, say in which
            form it is wanted; values of one request are no arguments but parameters.
    """
    return cast("Callable[Arguments, Built]", functools.lru_cache(maxsize=_MOST_KEPT)(build))
