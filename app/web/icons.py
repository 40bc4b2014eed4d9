"""Icons: which ones the source names, and their drawings (pure).

The set-up command writes one sprite with the icons that templates and Python sources name. An
icon that is not in the sprite, because a plugin came later, is drawn inline from the full list.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

# icon("phone"), icon('phone'), icon="phone", "icon": "phone", icon = "phone"
_NAMED = re.compile(r"""icon["']?\s*[(=:]\s*["']([a-z0-9][a-z0-9-]*)["']""")
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"')
_SOURCES = (".py", ".html", ".js", ".toml")


def named_icons(folders: Iterable[Path]) -> list[str]:
    """Return the names of icons that the sources below some folders mention, sorted.

    Args:
        folders: folders to read; those that do not exist are passed over.
    """
    names: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SOURCES and "vendor" not in path.parts:
                names.update(_NAMED.findall(path.read_text(encoding="utf-8")))
    return sorted(names)


def drawing(nodes: list[list]) -> str:
    """Return the SVG elements of one icon.

    Args:
        nodes: pairs of element name and attributes, as the icon package lists them.
    """
    parts = []
    for element, attributes in nodes:
        written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
        parts.append(f"<{element}{written}/>")
    return "".join(parts)


def sprite(names: Iterable[str], nodes: dict[str, list[list]]) -> str:
    """Return an SVG document that holds the named icons as symbols; unknown names are left out."""
    symbols = "".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{drawing(nodes[name])}</symbol>'
        for name in names
        if name in nodes
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


class IconSet:
    """The icons that pages can show.

    Args:
        folder: where the set-up command has put ``icons.svg`` and ``icons.json``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / "icons.svg"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        self._in_sprite = frozenset(_SYMBOL.findall(text))

    @property
    def names(self) -> list[str]:
        """Names of the icons in the sprite, sorted."""
        return sorted(self._in_sprite)

    def inside(self, name: str, sprite_url: str) -> str:
        """Return what stands inside the ``<svg>`` element of an icon.

        Args:
            name: name of the icon.
            sprite_url: address of the sprite.

        Returns:
            A reference into the sprite, the drawing itself, or an empty text for an unknown name.
        """
        if name in self._in_sprite:
            return f'<use href="{escape(sprite_url)}#{name}"/>'
        return drawing(_all_nodes(self._folder / "icons.json").get(name, []))


@functools.cache
def _all_nodes(path: Path) -> dict[str, list[list]]:
    """Return the drawings of all icons there are; read when the first one is missed."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
