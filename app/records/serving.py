"""Which operations a table has: those registered with its kind of record, or the default."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.host.host import current_host

if TYPE_CHECKING:
    from app.records.operations import Operations

_DEFAULTS: list[tuple[type[Any], Callable[[type[Any]], Operations]]] = []


def serve_by_default(base: type[Any], make: Callable[[type[Any]], Operations]) -> None:
    """Let tables of a base class have operations of a kind where nothing else is registered.

    Args:
        base: mixin of the tables; one registered later goes first.
        make: makes the operations of a mapped class.
    """
    _DEFAULTS.insert(0, (base, make))


def operations_of(model: type[Any]) -> Operations:
    """Return the operations of a table: registered with its kind of record, or the default.

    Args:
        model: mapped class.
    """
    found = current_host().operations.get(model)
    if found is None:
        make = next(make for base, make in _DEFAULTS if issubclass(model, base))
        found = current_host().operations[model] = make(model)
    return found
