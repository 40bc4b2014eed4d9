"""The board and the calendar of a record view: the same list, shown in another way."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from babel.dates import format_skeleton, get_day_names
from flask import abort, current_app, flash, request
from flask_appbuilder.baseviews import expose
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from app.database import db
from app.errors import CarelineError, Rejected, StaleRecord
from app.forms.build import translate
from app.i18n import N_
from app.metrics.periods import day_bounds
from app.screens.boards import board as board_data
from app.screens.boards.board import BoardCard, CardMove, Lane
from app.screens.columns.cells import badge, writer
from app.screens.columns.columns import Column
from app.screens.contracts import Choice
from app.screens.forms.waiting import flash_waiting
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.filter_bar import DUE
from app.screens.lists.reader import ListReader
from app.screens.query.filters import BadFilter
from app.screens.query.keyset import Position, encode
from app.screens.query.list_query import BOARD, ListQuery
from app.screens.screen import Page, Screen
from app.web.formats import zone
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, day_asked, go_to, safe_next
from app.web.texts import translated

# A board has a dozen columns: so many cards fill a screen, and further ones are a click away.
_CARDS = 10
_FURTHER = 25
_CALENDAR_MOST = 600


class BoardPage(Page):
    """Board by a choice column, calendar by a date column.

    Args:
        screen: the screen.
        extra_columns: knows the badge of the deadline.
        list_reader: reads the address.
    """

    def __init__(
        self, screen: Screen, extra_columns: ExtraColumns, list_reader: ListReader
    ) -> None:
        super().__init__(screen)
        self._extra, self._reader = extra_columns, list_reader

    def context(self, query: ListQuery) -> dict[str, Any]:
        """Return what a board or a calendar needs."""
        try:
            own = self._board(query) if query.mode == BOARD else self._calendar(query)
        except BadFilter as error:
            abort(400, description=translate(error.message))
        return {"query": query, "count": None, "heads": (), "rows": (), **own}

    # --- cards -------------------------------------------------------------------------------
    def card_columns(self) -> list[Column]:
        """Return the columns of a card: number, title, owner; the first names the record."""
        model = self.screen.model
        title = getattr(model, "__title_field__", "")
        names = [name for name in ("number", title) if name in model.__mapper__.columns]
        names = list(dict.fromkeys(names)) or [self.screen.declared.list_columns[0]]
        if "owner" in model.__mapper__.relationships:
            names.append("owner")
        return [self.screen.describe(name) for name in names]

    def _cards(self, rows: Sequence[Any], columns: Sequence[Column]) -> list[BoardCard]:
        shows = self.screen.can("can_show")
        base = self.screen.url("show", pk=0)[:-1]
        extra = self._extra.cells(rows).get("deadline", {}) if self._extra.labels else {}
        writers = [writer(column, self.screen.drawn_choices(column.name)) for column in columns]
        has_owner = columns[-1].name == "owner"
        cards = []
        for row in rows:
            values = list(row[2:])
            shown = [write(value) for write, value in zip(writers, values, strict=True)]
            texts = shown[:-1] if has_owner else shown
            cards.append(BoardCard(
                pk=row[0], url=f"{base}{row[0]}" if shows else "", number=texts[0],
                title=texts[1] if len(texts) > 1 else "",
                people=shown[-1] if has_owner and values[-1] else "",
                badge=extra.get(row[0], ""),
            ))
        return cards

    # --- board -------------------------------------------------------------------------------
    def _board(self, query: ListQuery) -> dict[str, Any]:
        screen = self.screen
        column = screen.columns[screen.declared.board_column or ""]
        # What holds none of the values stands beside them; it would be lost from sight.
        choices = [*screen.choices_of(column.name), Choice("", N_("empty"))]
        values = [str(choice.value) for choice in choices]
        columns = self.card_columns()
        found = board_data.lane_rows(
            screen.datamodel, query, column, values, columns, _CARDS)
        cap = current_app.config["CARELINE_SETTINGS"].count_cap
        queries = [board_data.in_lane(query, column, value) for value in values]
        counts = screen.datamodel.counts(queries, cap)
        cards = self._cards([row for rows in found for row in rows], columns)
        lanes, start = [], 0
        for choice, rows, count, own in zip(choices, found, counts, queries, strict=True):
            mine = tuple(cards[start:start + len(rows)])
            start += len(rows)
            is_cut = count.value > len(rows)
            if not rows and not (choice.value and self.keeps_empty_lane(str(choice.value))):
                continue
            lanes.append(Lane(
                value=str(choice.value), badge=badge(choice), label=translated(choice.label),
                count=count.text, cards=mine,
                more_url=screen.url("list") + own.address(mode=None) if is_cut else "",
                further_url=self._further_url(query, str(choice.value), rows) if is_cut else "",
            ))
        return {"lanes": lanes, "can_move": self.can_move()}

    def _further_url(self, query: ListQuery, value: str, rows: Sequence[Any]) -> str:
        """Return the address of the cards behind those of a column."""
        if not rows or not value:
            return ""
        after = encode(query.order, Position(rows[-1][1], rows[-1][0]))
        return self.screen.url("further", value=value) + query.address(after=after)

    @expose("/further/<value>")
    @requires("list")
    def further(self, value: str) -> str:
        """Give the next cards of one column of the board, behind the position in the address."""
        screen = self.screen
        column = screen.columns.get(screen.declared.board_column or "")
        query = self._reader.query()
        if column is None or query.position is None or value not in (
                str(choice.value) for choice in screen.choices_of(column.name)):
            abort(404)
        own = dataclasses.replace(
            board_data.in_lane(query, column, value), position=query.position, size=_FURTHER)
        columns = self.card_columns()
        try:
            page = screen.datamodel.page(own, columns)
        except BadFilter as error:
            abort(400, description=translate(error.message))
        lane = Lane(
            value=value, badge="", label="", count="", more_url="",
            cards=tuple(self._cards(page.rows, columns)),
            further_url=self._further_url(query, value, page.rows) if page.after else "",
        )
        # A card's menu leads back to the board, not to this part of it.
        board = screen.url("list") + query.address(mode=BOARD)
        return screen.render(
            "screens/boards/_cards.html", lane=lane, can_move=self.can_move(), here=board)

    def keeps_empty_lane(self, value: str) -> bool:
        """Return whether a column of the board is shown without cards."""
        return True

    def can_move(self) -> bool:
        """Return whether cards can be moved at all by the caller."""
        return self.screen.can("can_edit")

    def moves(self, record: Any) -> list[CardMove]:
        """Return where a card can go; by default every other value, for those who may edit."""
        screen, name = self.screen, self.screen.declared.board_column
        if not name or not screen.can("can_edit"):
            return []
        reason = screen.change_refusal(record)
        return [
            CardMove(str(choice.value), choice.label, choice.label,
                     screen.url("move", pk=record.id, value=choice.value), blocked_reason=reason)
            for choice in screen.choices_of(name) if choice.value != getattr(record, name)
        ]

    @expose("/moves/<pk>")
    @requires("list")
    def move_menu(self, pk: str) -> str:
        """Return the ways of a card as a menu."""
        if not self.screen.declared.board_column:
            abort(404)
        record = self.screen.get_or_404(pk)
        return self.screen.render(
            "screens/boards/_move_menu.html", record=record, moves=self.moves(record),
            next_url=safe_next(request.args.get("next"), self.screen.url("list", mode=BOARD)),
        )

    @expose("/move/<pk>/<value>", methods=["POST"])
    @requires("edit")
    def move(self, pk: str, value: str) -> Response:
        """Put a card into another column of a board by a choice column."""
        screen, record = self.screen, self.screen.get_or_404(pk)
        wanted = next((one for one in self.moves(record) if one.target == value), None)
        back = safe_next(request.form.get("next"), screen.url("list", mode=BOARD))
        version = whole_number(request.form.get("version"))
        if wanted is None or wanted.address != screen.url("move", pk=record.id, value=value):
            abort(404)
        try:
            if wanted.blocked_reason:
                raise Rejected(wanted.blocked_reason)
            flash_waiting(screen.operations.change(
                db.session, actor(), record, {screen.declared.board_column or "": value},
                version
            ))
        except StaleRecord:
            flash(gettext("Someone changed it meanwhile. Look again."), "danger")
        except CarelineError as error:
            flash(translate(error.message), "warning")
        return go_to(back)

    # --- calendar ----------------------------------------------------------------------------
    def _calendar(self, query: ListQuery) -> dict[str, Any]:
        screen = self.screen
        column = screen.columns[screen.declared.calendar_column or ""]
        today = dt.datetime.now(zone()).date()
        day, span = day_asked(today), request.args.get("span", "month")
        if span not in ("month", "week"):
            abort(400)
        weeks = board_data.weeks_of(day, span)
        exact = column.kind == "datetime"
        low, high = day_bounds(weeks[0][0], weeks[-1][-1], zone(), exact=exact)
        columns = self.card_columns()
        rows = board_data.rows_between(
            screen.datamodel, query, column, low, high, columns, _CALENDAR_MOST
        )
        days: dict[dt.date, list[tuple[str, BoardCard]]] = {}
        for row, card in zip(rows, self._cards(rows, columns), strict=True):
            moment = row[1].astimezone(zone()) if exact else row[1]
            key = moment.date() if exact else moment
            clock = f"{moment.hour:02}:{moment.minute:02}" if exact else ""
            days.setdefault(key, []).append((clock, card))
        before = weeks[0][0] - dt.timedelta(days=1) if span == "week" else (
            day.replace(day=1) - dt.timedelta(days=1))
        locale = get_locale()
        return {
            "weeks": weeks, "days": days, "today": today, "day": day, "span": span,
            "column": column, "before": before, "is_due": column.name.startswith(DUE),
            "after": weeks[-1][-1] + dt.timedelta(days=1) if span == "week" else (
                day.replace(day=28) + dt.timedelta(days=4)).replace(day=1),
            "heading": format_skeleton("yMMMM", day, locale=locale),
            "day_names": [get_day_names("abbreviated", locale=locale)[i] for i in range(7)],
            "cut": len(rows) == _CALENDAR_MOST,
            "day_url": lambda one: screen.url("list") + query.address(
                mode=None, **{f"{column.name}__on": one.isoformat()}),
        }
