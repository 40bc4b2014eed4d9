"""How a screen is put together: each part gets what its constructor names."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping

from app.screens.screen import Part, Screen


class CompositionError(TypeError):
    """A part asks for something that the screen does not have, or parts ask for each other."""


@functools.cache
def _asked_for(kind: type[Part]) -> tuple[str, ...]:
    """Return what a constructor names beside the screen; read once for all screens."""
    _, *wanted = inspect.signature(kind).parameters
    return tuple(wanted)


def compose(screen: Screen, classes: Mapping[str, type[Part]]) -> dict[str, Part]:
    """Make the parts of a screen, each with the screen and the parts that it names.

    Args:
        screen: the screen.
        classes: class of each part by the name under which others ask for it.

    Raises:
        CompositionError: a constructor names an unknown part, or parts need each other.
    """
    made: dict[str, Part] = {}

    def make(name: str, asking: tuple[str, ...]) -> Part:
        if name in asking:
            raise CompositionError(f"these need each other: {' -> '.join((*asking, name))}")
        if name not in made:
            made[name] = classes[name](
                screen, **{need: make(need, (*asking, name)) for need in needs(name)}
            )
        return made[name]

    def needs(name: str) -> tuple[str, ...]:
        wanted = _asked_for(classes[name])
        unknown = [need for need in wanted if need not in classes]
        if unknown:
            raise CompositionError(
                f"{classes[name].__name__} asks for {unknown[0]!r}, which is no part of the screen"
            )
        return wanted

    for name in classes:
        make(name, ())
    return made
