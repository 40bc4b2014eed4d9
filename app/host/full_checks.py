"""Which plugins' screens have been made in full once, by what they are made of.

Describing every column of every screen takes longer than all else of a start, and a process opens
few of its screens. A plugin is therefore tried in full where its files, those that it requires or
the product's own have changed, and believed afterwards.
"""

from __future__ import annotations

from pathlib import Path

from app.host.contents import Contents, code_hash

_PRODUCT = Path(__file__).parents[1]


class FullCheck:
    """Whether the screens of a plugin were made in full, as it is now: an empty file says so.

    Args:
        mark: the file.
    """

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def has_passed(self) -> bool:
        """Return whether the screens were made in full."""
        return self._mark.is_file()

    def note(self) -> None:
        """Note that the screens were made in full."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        self._mark.touch()


def full_checks_of(contents: Contents, folder: Path) -> dict[str, FullCheck]:
    """Return whether the screens of each plugin were made in full before, by name of the plugin.

    Args:
        contents: hashes of the plugins.
        folder: where the marks are.
    """
    product = code_hash(_PRODUCT)
    return {
        name: FullCheck(folder / f"{name}-{contents.hash_of(name, product)}.checked")
        for name in contents.by_name
    }
