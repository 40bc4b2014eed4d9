"""The tabs above a list: the plain list, lists that come with it, and saved views."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from app.access.actor import Actor
from app.screens.contracts import SavedList
from app.screens.models import SavedView
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import ListQuery
from app.screens.saved_views.store import PRIVATE, default_of, may_change
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


def view_tabs(
    view: Any, saved: Iterable[SavedView], query: ListQuery, actor: Actor
) -> list[ViewTab]:
    """Return the tabs above a list in order: shipped ones, the person's alone, shared ones.

    Args:
        view: the record view.
        saved: saved views that the person sees.
        query: what the list shows now.
        actor: who looks.
    """
    saved = list(saved)
    first = default_of(actor, saved, view.kept().get("default"))
    shown: list[tuple[str, Any, str, str, dict[str, Any], bool]] = [
        (PLAIN, view.plain_title, SHIPPED, "", {}, False)
    ]
    for item in view.saved_views:
        layout = {"columns": list(item.columns)} if item.columns else {}
        shown.append((item.name, item.title, SHIPPED, _text_of(item), layout, False))
    for group in (MINE, SHARED):
        for row in saved:
            # What its owner shares stands where the others see it.
            if (row.shared == PRIVATE) is (group == MINE):
                layout = {"columns": row.columns, "widths": row.widths, "density": row.density}
                shown.append((str(row.id), row.title, group, row.query, layout,
                              may_change(actor, row)))
    return [_tab(view, item, query, first or PLAIN) for item in shown]


def _text_of(item: SavedList) -> str:
    pairs = [(key, value) for key, values in item.filters.items() for value in values]
    pairs += [(name, value) for name, value in (("sort", item.sort), ("mode", item.mode)) if value]
    return urlencode(pairs)


def _tab(
    view: Any, item: tuple[str, Any, str, str, dict[str, Any], bool], query: ListQuery,
    default: str,
) -> ViewTab:
    key, title, group, text, layout, changeable = item
    try:
        own = view.read_list_query(MultiDict([*parse_qsl(text), ("view", key)]))
    except BadFilter:
        own = None
    active = query.view == key or (not query.view and key == PLAIN)
    if own is not None and group == SHIPPED and not own.mode:
        # What comes with the list says nothing on how it is shown: that stays as it is.
        own = dataclasses.replace(own, mode=query.mode)
    changed = active and own is not None and (
        own.content() != query.content() or bool(view.kept().get("views", {}).get(key))
    )
    if own is None or key == PLAIN:
        address = view.url("list", view=PLAIN, mode=query.mode or None)
    else:
        address = view.url("list") + own.address()
    return ViewTab(
        key=key, title=translated(title) if group == SHIPPED else title, group=group, query=own,
        address=address, layout=layout, active=active, changed=changed,
        is_default=key == default, may_change=changeable,
    )


def active_tab(tabs: Sequence[ViewTab]) -> ViewTab | None:
    """Return the tab whose view the list began with."""
    return next((tab for tab in tabs if tab.active), None)
