"""The tabs above a list: the plain list, lists that come with it, and saved views."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from app.database import db
from app.screens.contracts import SavedList
from app.screens.lists.list_preferences import ListPreferences
from app.screens.lists.reader import ListReader
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery
from app.screens.saved_views.store import PRIVATE, default_of, may_change, visible_views
from app.screens.screen import Part, Screen
from app.web.request import actor
from app.web.texts import translated

# The plain list under a name: it is shown although another view is the default.
PLAIN = "all"
SHIPPED, MINE, SHARED = "shipped", "mine", "shared"


@dataclasses.dataclass(frozen=True, slots=True)
class ViewTab:
    """One saved view above a list.

    Attributes:
        key: its name in the address.
        title: text of the tab.
        group: ``shipped``, ``mine`` or ``shared``.
        query: what it lists; ``None`` when it names something that is no longer there.
        address: the full address of its list.
        layout: its columns, widths and density, as far as it holds any.
        active: whether the list on the page began with it.
        changed: whether the list on the page differs from it by now.
        is_default: whether the list begins with it.
        may_change: whether the person may change it.
    """

    key: str
    title: str
    group: str
    query: ListQuery | None
    address: str
    layout: dict[str, Any]
    active: bool
    changed: bool
    is_default: bool
    may_change: bool = False

    @property
    def drawn(self) -> tuple[str | bool, ...]:
        """What the tab is drawn from."""
        return (self.key, self.title, self.group, self.query is None, self.address, self.active,
                self.changed, self.is_default, self.may_change)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What a tab is made from."""

    key: str
    title: Any
    group: str
    arguments: str = ""
    layout: dict[str, Any] = dataclasses.field(default_factory=dict)
    may_change: bool = False


_MOST_KNOWN = 500


class SavedViewTabs(Part):
    """The tabs above the list of a screen.

    Args:
        screen: the screen.
        list_reader: reads what a view lists.
        list_preferences: what the caller has set up.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, list_preferences: ListPreferences
    ) -> None:
        super().__init__(screen)
        self._reader, self._preferences = list_reader, list_preferences
        self._known: dict[tuple[str, str, str], tuple[ListQuery, str]] = {}
        self._known_for: tuple[object, ...] = (None, None)

    def tabs(self, query: ListQuery) -> list[ViewTab]:
        """Return the tabs in order: those that come with the list, the caller's alone, shared ones.

        Args:
            query: what the list shows now.
        """
        person = actor()
        saved = visible_views(db.session, person, self.screen.class_permission_name)
        first = default_of(person, saved, self._preferences.read().get("default"))
        declared = self.screen.declared
        sources = [_Source(key=PLAIN, title=declared.plain_title, group=SHIPPED)]
        sources += [
            _Source(key=item.name, title=item.title, group=SHIPPED, arguments=_text_of(item),
                    layout={"columns": list(item.columns)} if item.columns else {})
            for item in declared.saved_views or ()
        ]
        sources += [
            _Source(
                key=str(row.id), title=row.title, group=group, arguments=row.query,
                layout={"columns": row.columns, "widths": row.widths, "density": row.density},
                may_change=may_change(person, row),
            )
            for group in (MINE, SHARED) for row in saved
            # What its owner shares stands where the others see it.
            if (row.shared == PRIVATE) is (group == MINE)
        ]
        return [self._tab(source, query, first or PLAIN) for source in sources]

    def _tab(self, source: _Source, query: ListQuery, default: str) -> ViewTab:
        key, is_shipped = source.key, source.group == SHIPPED
        try:
            own, arguments = self._read(source, query.mode if is_shipped else "")
        except BadFilter:
            own, arguments = None, ""
        active = query.view == key or (not query.view and key == PLAIN)
        changed = active and own is not None and (
            own.content() != query.content()
            or bool(self._preferences.read().get("views", {}).get(key))
        )
        if own is None or key == PLAIN:
            address = self.screen.url("list", view=PLAIN, mode=query.mode or None)
        else:
            address = self.screen.url("list") + arguments
        return ViewTab(
            key=key, title=translated(source.title) if is_shipped else source.title,
            group=source.group, query=own, address=address, layout=source.layout, active=active,
            changed=changed, is_default=key == default, may_change=source.may_change,
        )


    def _read(self, source: _Source, mode: str) -> tuple[ListQuery, str]:
        """Return what a view lists, and its address: read once for each set of further columns.

        Args:
            source: the view.
            mode: how the list is shown where the view does not say it.

        Raises:
            BadFilter: it names what is not there any more.
        """
        further = self.screen.columns.further()
        is_same = all(map(operator.is_, self._known_for, further))
        if not is_same or len(self._known) >= _MOST_KNOWN:
            self._known, self._known_for = {}, further
        wanted = (source.arguments, source.key, mode)
        found = self._known.get(wanted)
        if found is None:
            own = self._reader.read(
                MultiDict([*parse_qsl(source.arguments), ("view", source.key)]))
            # What comes with the list says nothing on how it is shown: that stays as it is.
            own = own if own.mode else dataclasses.replace(own, mode=mode)
            found = self._known[wanted] = (own, own.address())
        return found


def _text_of(item: SavedList) -> str:
    pairs = [(key, value) for key, values in item.filters.items() for value in values]
    pairs += [(name, value) for name, value in (("sort", item.sort), ("mode", item.mode)) if value]
    return urlencode(pairs)


def active_tab(tabs: Sequence[ViewTab]) -> ViewTab | None:
    """Return the tab whose view the list began with."""
    return next((tab for tab in tabs if tab.active), None)
