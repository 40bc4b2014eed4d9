"""A plugin in force."""

from __future__ import annotations

import dataclasses
from typing import Any

from app.host.full_checks import FullCheck
from app.host.manifest import Manifest


@dataclasses.dataclass(slots=True)
class LoadedPlugin:
    """A plugin in force.

    Attributes:
        name: its name.
        manifest: its manifest; ``None`` for the core's own parts.
        module: module or object with its hooks.
        contributions: what its ``register_*`` hooks returned, by name of the hook.
        operations: the operations it registers, by mapped class; made while it is loaded.
        full_check: whether its screens were made in full before; ``None`` for the core's own parts.
    """

    name: str
    manifest: Manifest | None
    module: Any
    contributions: dict[str, list[Any]]
    operations: dict[type[Any], Any] = dataclasses.field(default_factory=dict)
    full_check: FullCheck | None = None

    def make_operations(self) -> None:
        """Make the operations of its kinds of record and of its other tables.

        Raises:
            Exception: whatever a class of operations raises.
        """
        self.operations = {
            item.model: item.operations(item.model)
            for hook in ("register_record_types", "register_operations")
            for item in self.contributions.get(hook, []) if item.operations is not None
        }
