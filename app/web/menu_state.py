"""What a person has set up in the menu: groups folded and unfolded, favourites (pure).

It travels in the session, as the colours do, so that drawing the menu asks the database nothing.
What is kept for the person lies with their other preferences.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from typing import Any

FAVOURITES_MOST = 12
# More lines than this, and a group of which nothing is known begins folded.
UNFOLDED_MOST = 16
# A group that nobody has unfolded by hand shows so many lines and offers the rest.
LINES_MOST = 18
_GROUPS_MOST = 40
# Name of an entry, alone or with the key of a saved view: ``ComplaintView:12``.
_ITEM = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}(:[A-Za-z0-9_]{1,40})?")


@dataclasses.dataclass(frozen=True, slots=True)
class MenuState:
    """What a person has set up.

    Attributes:
        unfolded: names of groups that the person has unfolded.
        folded: names of groups that the person has folded.
        favourites: entries, and saved views of entries, in the person's order.
    """

    unfolded: frozenset[str] = frozenset()
    folded: frozenset[str] = frozenset()
    favourites: tuple[str, ...] = ()

    @classmethod
    def read(cls, value: Any) -> MenuState:
        """Return the state that plain JSON describes; what makes no sense is passed over.

        Args:
            value: what was kept, or ``None``.
        """
        kept = value if isinstance(value, dict) else {}
        return cls(
            frozenset(_texts(kept.get("unfolded"))), frozenset(_texts(kept.get("folded"))),
            tuple(item for item in dict.fromkeys(_texts(kept.get("favourites")))
                  if _ITEM.fullmatch(item))[:FAVOURITES_MOST],
        )

    def value(self) -> dict[str, list[str]]:
        """Return it as plain JSON, the same for the same state."""
        return {"unfolded": sorted(self.unfolded), "folded": sorted(self.folded),
                "favourites": list(self.favourites)}

    def is_unfolded(self, group: str, *, lines: int, first: str) -> bool:
        """Return whether a group shows its entries.

        Args:
            group: its name.
            lines: number of lines of the whole menu.
            first: name of the group that is unfolded where the person has chosen nothing.
        """
        if group in self.unfolded or group in self.folded:
            return group in self.unfolded
        return lines <= UNFOLDED_MOST or group == first

    def with_group(self, group: str, *, unfolded: bool) -> MenuState:
        """Return the state after a group was folded or unfolded."""
        rest = self.unfolded - {group}, self.folded - {group}
        if len(rest[0]) + len(rest[1]) >= _GROUPS_MOST:
            return self
        return dataclasses.replace(
            self, unfolded=rest[0] | {group} if unfolded else rest[0],
            folded=rest[1] if unfolded else rest[1] | {group},
        )

    def with_favourite(self, item: str, *, pinned: bool) -> MenuState:
        """Return the state after something was pinned, as the last one, or taken away.

        Raises:
            OverflowError: there are as many favourites as fit.
        """
        if (item in self.favourites) == pinned:
            return self
        if not pinned:
            kept = tuple(one for one in self.favourites if one != item)
            return dataclasses.replace(self, favourites=kept)
        if len(self.favourites) >= FAVOURITES_MOST:
            raise OverflowError(f"at most {FAVOURITES_MOST} favourites")
        return dataclasses.replace(self, favourites=(*self.favourites, item))

    def in_order(self, items: Iterable[str]) -> MenuState:
        """Return the state with favourites in another order; others stay behind those named."""
        named = [item for item in dict.fromkeys(items) if item in self.favourites]
        rest = [item for item in self.favourites if item not in named]
        return dataclasses.replace(self, favourites=(*named, *rest))


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
