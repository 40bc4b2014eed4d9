"""A plugin in force."""

from __future__ import annotations

import dataclasses
from typing import Any

from app.host.manifest import Manifest


@dataclasses.dataclass(slots=True)
class LoadedPlugin:
    """A plugin in force.

    Attributes:
        name: its name.
        manifest: its manifest; ``None`` for the core's own parts.
        module: module or object with its hooks.
        contributions: what its ``register_*`` hooks returned, by name of the hook.
    """

    name: str
    manifest: Manifest | None
    module: Any
    contributions: dict[str, list[Any]]
