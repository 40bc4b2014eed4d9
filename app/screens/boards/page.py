"""The board and the calendar of a record view: the same list, shown in another way."""

from __future__ import annotations

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
from app.screens.boards import board as board_data
from app.screens.boards.board import Card, Lane, Move
from app.screens.columns.cells import badge, writer
from app.screens.columns.columns import Column
from app.screens.columns.dictionaries import drawn_choices
from app.screens.contracts import Choice
from app.screens.lists.filter_bar import DUE
from app.screens.query.filters import BadFilter
from app.screens.query.list_query import BOARD, CALENDAR, ListQuery
from app.screens.query.periods import day_bounds
from app.web.formats import zone
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, safe_next
from app.web.texts import translated

_CARDS = 30
_CALENDAR_MOST = 600
_FIRST_YEAR, _LAST_YEAR = 1900, 8900


class BoardPages:
    """Board by a choice column, calendar by a date column."""

    board_column: str | None = None
    calendar_column: str | None = None

    def list_modes(self) -> list[str]:
        """Return how else than as a table the list can be shown."""
        declared = ((BOARD, self.board_column), (CALENDAR, self.calendar_column))
        return [mode for mode, column in declared if column]

    def mode_context(self, query: ListQuery) -> dict[str, Any]:
        """Return what a board or a calendar needs."""
        try:
            own = self._board(query) if query.mode == BOARD else self._calendar(query)
        except BadFilter as error:
            abort(400, description=gettext(error.message, **error.values))
        return {"view": self, "query": query, "count": None, "heads": (), "rows": (), **own}

    # --- cards -------------------------------------------------------------------------------
    def card_columns(self) -> list[Column]:
        """Return the columns of a card: number, title, owner; the first names the record."""
        model = self.datamodel.obj
        title = getattr(model, "__title_field__", "")
        names = [name for name in ("number", title) if name in model.__mapper__.columns]
        names = list(dict.fromkeys(names)) or [self.list_columns[0]]
        if "owner" in model.__mapper__.relationships:
            names.append("owner")
        return [self.columns.get(name) or self._described(name) for name in names]

    def _cards(self, rows: Sequence[Any], columns: Sequence[Column]) -> list[Card]:
        shows = self.can("can_show")
        base = self.url("show", pk=0)[:-1]
        extra = self.extra_cells(rows).get("deadline", {}) if self.extra_columns() else {}
        writers = [writer(column, drawn_choices(self, column.name)) for column in columns]
        has_owner = columns[-1].name == "owner"
        cards = []
        for row in rows:
            values = list(row[2:])
            shown = [write(value) for write, value in zip(writers, values, strict=True)]
            texts = shown[:-1] if has_owner else shown
            cards.append(Card(
                pk=row[0], url=f"{base}{row[0]}" if shows else "", number=texts[0],
                title=texts[1] if len(texts) > 1 else "",
                people=shown[-1] if has_owner and values[-1] else "",
                badge=extra.get(row[0], ""),
            ))
        return cards

    # --- board -------------------------------------------------------------------------------
    def _board(self, query: ListQuery) -> dict[str, Any]:
        column = self.columns[self.board_column]
        # What holds none of the values stands beside them; it would be lost from sight.
        choices = [*self.choices_of(column.name), Choice("", N_("empty"))]
        values = [str(choice.value) for choice in choices]
        columns = self.card_columns()
        found = board_data.lane_rows(self.datamodel, query, column, values, columns, _CARDS)
        cap = current_app.config["CARELINE_SETTINGS"].count_cap
        queries = [board_data.in_lane(query, column, value) for value in values]
        counts = self.datamodel.counts(queries, cap)
        cards = self._cards([row for rows in found for row in rows], columns)
        lanes, start = [], 0
        for choice, rows, count, own in zip(choices, found, counts, queries, strict=True):
            mine = tuple(cards[start:start + len(rows)])
            start += len(rows)
            if not rows and not (choice.value and self.keeps_empty_lane(str(choice.value))):
                continue
            lanes.append(Lane(
                value=str(choice.value), badge=badge(choice), label=translated(choice.label),
                count=self.count_text(count), cards=mine,
                more_url=self.url("list") + own.address(mode=None)
                if count.value > len(rows) else "",
            ))
        return {"lanes": lanes, "can_move": self.can_move()}

    def keeps_empty_lane(self, value: str) -> bool:
        """Return whether a column of the board is shown without cards."""
        return True

    def can_move(self) -> bool:
        """Return whether cards can be moved at all by the caller."""
        return self.can("can_edit")

    def moves(self, record: Any) -> list[Move]:
        """Return where a card can go; by default every other value, for those who may edit."""
        if not self.can("can_edit"):
            return []
        reason = self.change_refusal(record)
        return [
            Move(str(choice.value), choice.label, choice.label,
                 self.url("move", pk=record.id, value=choice.value), blocked_reason=reason)
            for choice in self.choices_of(self.board_column)
            if choice.value != getattr(record, self.board_column)
        ]

    @expose("/moves/<pk>")
    @requires("list")
    def move_menu(self, pk: str) -> str:
        """Return the ways of a card as a menu."""
        if not self.board_column:
            abort(404)
        record = self.found(pk)
        return self.render_template(
            "screens/boards/_move_menu.html", view=self, record=record, moves=self.moves(record),
            next_url=safe_next(request.args.get("next"), self.url("list", mode=BOARD)),
        )

    @expose("/move/<pk>/<value>", methods=["POST"])
    @requires("edit")
    def move(self, pk: str, value: str) -> Response:
        """Put a card into another column of a board by a choice column."""
        record = self.found(pk)
        wanted = next((one for one in self.moves(record) if one.target == value), None)
        back = safe_next(request.form.get("next"), self.url("list", mode=BOARD))
        version = whole_number(request.form.get("version"))
        if wanted is None or wanted.address != self.url("move", pk=record.id, value=value):
            abort(404)
        try:
            if wanted.blocked_reason:
                raise Rejected(wanted.blocked_reason)
            self.operations.change(
                db.session, actor(), record, {self.board_column: value}, version
            )
        except StaleRecord:
            flash(gettext("Someone changed it meanwhile. Look again."), "danger")
        except CarelineError as error:
            flash(translate(error.message), "warning")
        return go_to(back)

    # --- calendar ----------------------------------------------------------------------------
    def _calendar(self, query: ListQuery) -> dict[str, Any]:
        column = self.columns[self.calendar_column]
        today = dt.datetime.now(zone()).date()
        day, span = self._day(today), request.args.get("span", "month")
        if span not in ("month", "week"):
            abort(400)
        weeks = board_data.weeks_of(day, span)
        exact = column.kind == "datetime"
        low, high = day_bounds(weeks[0][0], weeks[-1][-1], zone(), exact=exact)
        columns = self.card_columns()
        rows = board_data.rows_between(
            self.datamodel, query, column, low, high, columns, _CALENDAR_MOST
        )
        days: dict[dt.date, list[tuple[str, Card]]] = {}
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
            "day_url": lambda one: self.url("list") + query.address(
                mode=None, **{f"{column.name}__on": one.isoformat()}),
        }

    @staticmethod
    def _day(today: dt.date) -> dt.date:
        text = request.args.get("day", "")
        if not text:
            return today
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            abort(400)
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            abort(400)
        return day
