"""The rows of a list as HTML, joined from strings instead of a loop of a template.

A page holds up to two hundred rows of a dozen cells; as a macro their markup took a quarter of a
list's CPU. What is the same in every row, texts in the language of the page, icons and addresses,
is made once; only what people have typed is escaped for each cell. The tests hold the same rows as
a template and compare octet by octet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup, escape

from app.screens.contracts import ActionOffer, RowOffers
from app.screens.screen import Screen
from app.web.texts import translated

# Stands in addresses where the key of a row belongs; no name of an action holds it.
_PLACE = "~row~"


@dataclasses.dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list, ready to be drawn."""

    pk: int
    url: str
    cells: tuple[Any, ...]
    offers: RowOffers
    token: str


def has_ahead(rows: Sequence[ListRow], selectable: bool) -> bool:
    """Return whether the rows of a page end with a column for what usually comes next."""
    return selectable and any(row.offers.usual for row in rows)


def write_rows(
    screen: Screen, rows: Sequence[ListRow], heads: Sequence[Mapping[str, Any]], *,
    selectable: bool, inline: Collection[str], back: str,
) -> Markup:
    """Return the table rows of a list.

    Args:
        screen: the screen.
        rows: what stands in them.
        heads: name of each column, and whether it is numeric.
        selectable: whether rows begin with a box and offer steps.
        inline: names of columns whose cells are changed in their place.
        back: address of the list, to which a step's dialog returns.
    """
    opened = [_opened(head["numeric"], head["name"] if head["name"] in inline else "")
              for head in heads]
    owner = next((place for place, head in enumerate(heads) if head["name"] == "owner"), -1)
    steps = _Steps(screen, back)
    select = escape(gettext("Select"))
    ahead = has_ahead(rows, selectable)
    written = []
    for row in rows:
        label = _label(row.cells[0]) if row.cells else ""
        parts = [f'<tr data-row="{row.pk}">']
        if selectable:
            parts.append(
                '<td class="select"><input type="checkbox" class="form-check-input" name="row" '
                f'value="{row.token}" aria-label="{select} {label}"></td>')
        claim = row.offers.claim if selectable else None
        for place, cell in enumerate(row.cells):
            inside: Any = escape(cell)
            if place == 0 and row.url:
                inside = f'<a class="row-link" href="{row.url}">{inside}</a>'
            elif claim and place == owner:
                inside = steps.button(claim, row.pk, label, "data-row-step")
            parts.append(f"{opened[place]}{inside}</td>")
        if ahead:
            usual = row.offers.usual
            parts.append('<td class="row-ahead">')
            if usual is not None:
                parts.append(steps.usual(usual, row.pk, label))
            parts.append("</td>")
        parts.append("</tr>\n")
        written.append("".join(parts))
    return Markup("".join(written))


def _opened(numeric: bool, inline: str) -> str:
    """Return the beginning of a cell; ``inline`` names the column that is changed in place."""
    return (
        "<td" + (' class="numeric"' if numeric else "")
        + (f' tabindex="-1" data-inline="{escape(inline)}"' if inline else "") + ">"
    )


def _label(cell: Any) -> str:
    """Return the text of a cell, escaped, without its markup."""
    if type(cell) is str and "<" not in cell and "&" not in cell:
        return escape(" ".join(cell.split()))
    return escape(Markup(cell).striptags())


class _Steps:
    """Buttons of rows: what is the same for all rows is made for the first one.

    Args:
        screen: the screen.
        back: address to which a dialog returns.
    """

    def __init__(self, screen: Screen, back: str) -> None:
        self._screen, self._back = screen, back
        self._made: dict[tuple[str, str], Callable[[int, str], str]] = {}

    def button(self, offer: ActionOffer, pk: int, label: str, mark: str) -> str:
        """Return a button that takes a step at once.

        Args:
            offer: the step.
            pk: key of the row.
            label: of the row, escaped.
            mark: attribute by which a script finds the button.
        """
        return self._write((offer.name, mark), pk, label, lambda: self._button(offer, mark))

    def usual(self, offer: ActionOffer, pk: int, label: str) -> str:
        """Return what usually comes next: a button, or a link into the dialog."""
        if not offer.needs_dialog:
            return self.button(offer, pk, label, "data-row-ahead")
        return self._write((offer.name, ""), pk, label, lambda: self._link(offer))

    def _write(
        self, key: tuple[str, str], pk: int, label: str, make: Callable[[], tuple[str, ...]]
    ) -> str:
        write = self._made.get(key)
        if write is None:
            write = self._made[key] = _filled(*make())
        return write(pk, label)

    def _address(self, offer: ActionOffer, **arguments: str) -> str:
        url = self._screen.url("action_page", pk=_PLACE, name=offer.name, **arguments)
        return str(escape(url))

    def _button(self, offer: ActionOffer, mark: str) -> tuple[str, ...]:
        text, name = escape(translated(offer.label)), escape(offer.name)
        aside = ' tabindex="-1"' if mark == "data-row-ahead" else ""
        address = self._address(offer, next=self._back)
        return (
            f'<button class="btn row-step" formaction="{address}" hx-post="{address}" '
            f'hx-target="#dialog-body" hx-sync="this:drop" {mark}="{name}"'
            f'{aside} aria-label="{text} ', f'">{text}</button>',
        )

    def _link(self, offer: ActionOffer) -> tuple[str, ...]:
        text, name = escape(translated(offer.label)), escape(offer.name)
        address = self._address(offer, next=self._back)
        icon = current_app.extensions["careline.icon"]
        drawn = escape(icon(offer.icon)) if offer.icon else ""
        return (
            f'<a class="btn row-step" href="{address}" hx-get="{address}" '
            f'hx-target="#dialog-body" tabindex="-1" data-row-ahead="{name}" '
            f'aria-label="{text} ', f'">{drawn}{text}</a>',
        )


def _filled(before: str, after: str) -> Callable[[int, str], str]:
    """Return what writes markup around the label of a row, with its key in the addresses."""
    parts = before.split(_PLACE)
    return lambda pk, label: f"{str(pk).join(parts)}{label}{after}"
