"""Typed look-ups over what plugins contribute, indexed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.host.contributions import DictionaryList, RecordType, Settings, WorkflowBinding

_Key = TypeVar("_Key")


class ContributionLookups:
    """Finds contributions by name or by model; a base of the host.

    A subclass says what the contributions are (``contributions``) and calls ``forget_indexes``
    when they change.
    """

    def contributions(self, hook: str) -> list[Any]:
        """Return what all plugins in force returned from a ``register_*`` hook, in load order."""
        raise NotImplementedError

    def record_types(self) -> list[RecordType]:
        """Return all kinds of record."""
        return self.contributions("register_record_types")

    def record_type(self, name: str) -> RecordType | None:
        """Return a kind of record by the name of its model (``__record_type__``)."""
        return self._index("register_record_types", lambda kind: kind.model.__record_type__).get(
            name
        )

    def record_type_of(self, model: type[Any]) -> RecordType | None:
        """Return the kind of record whose rows are of a mapped class."""
        return self._index("register_record_types", lambda kind: kind.model).get(model)

    def workflows(self) -> list[WorkflowBinding]:
        """Return all workflows with their code."""
        return self.contributions("register_workflows")

    def workflow(self, name: str) -> WorkflowBinding | None:
        """Return a workflow by name."""
        return self._index("register_workflows", lambda one: one.workflow.name).get(name)

    def workflow_of(self, model: type[Any]) -> WorkflowBinding | None:
        """Return the workflow that drives records of a mapped class."""
        return self._index("register_workflows", lambda one: one.model).get(model)

    def dictionaries(self) -> list[DictionaryList]:
        """Return all lists of values."""
        return self.contributions("register_dictionaries")

    def dictionary(self, name: str) -> DictionaryList | None:
        """Return a list of values by name (``__dictionary__``)."""
        return self._index("register_dictionaries", lambda one: one.name).get(name)

    def settings_form(self, plugin: str) -> Settings | None:
        """Return what an admin may set for a plugin."""
        return self._index("register_settings", lambda one: one.form.name).get(plugin)

    def named(self, hook: str, name: str) -> Any | None:
        """Return what a plugin returned from a hook under a name, such as an event or an ability.

        Args:
            hook: a hook whose items have a ``name``, e.g. ``register_abilities``.
            name: name of the item.
        """
        return self._index(hook, lambda one: one.name).get(name)

    def forget_indexes(self) -> None:
        """Make the look-ups anew at their next use."""
        self.__dict__.pop("_indexes", None)

    def _index(self, hook: str, key: Callable[[Any], _Key]) -> dict[_Key, Any]:
        indexes = self.__dict__.setdefault("_indexes", {})
        # Each call stands for one function ``key``: its place in the code names the index.
        name = (hook, key.__code__)
        if name not in indexes:
            indexes[name] = {}
            for item in self.contributions(hook):
                indexes[name].setdefault(key(item), item)
        return indexes[name]


def added_to(host: ContributionLookups, hook: str, record_type: str) -> tuple[Any, ...]:
    """Return what plugins add to a kind of record of others, in order: the same object each time.

    Args:
        host: the running host.
        hook: a hook whose items have a ``record_type`` and an ``order``.
        record_type: the kind.
    """
    indexes = host.__dict__.setdefault("_indexes", {})
    name = (hook, "record_type")
    if name not in indexes:
        found: dict[str, list[Any]] = {}
        for item in sorted(host.contributions(hook), key=lambda one: one.order):
            found.setdefault(item.record_type, []).append(item)
        indexes[name] = {kind: tuple(items) for kind, items in found.items()}
    return indexes[name].get(record_type, ())
