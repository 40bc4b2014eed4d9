"""The ledger of share-outs by week: it shows whether work was given out fairly over time."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import ClassVar

from flask import request
from flask_appbuilder.baseviews import expose
from sqlalchemy import ColumnElement, Row, or_, select, true

from app.admin.pages import PageView
from app.host.host import current_host
from app.people.clock import local_today
from app.people.models import ShareOutEntry, Staff
from app.sdk import N_
from app.sdk.screens import current_person, requires
from app.sdk.services import Actor, Scope, db

WEEKS = 8
_WEEK = dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerLine:
    """What one person got.

    Attributes:
        name: name among the staff.
        numbers: records by week, the earliest first.
        total: records of all weeks.
    """

    name: str
    numbers: Sequence[int]
    total: int


class ShareOutView(PageView):
    """Who got how many records of a kind in the last weeks."""

    route_base = "/share-outs"
    default_view = "index"
    class_permission_name = "core.ShareOuts"
    base_permissions: ClassVar[list[str]] = ["can_list"]
    list_title = N_("Share-out ledger")
    icon = "scale"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show the last eight weeks of the people in sight."""
        monday = local_today() - dt.timedelta(days=local_today().weekday())
        weeks = [monday - number * _WEEK for number in reversed(range(WEEKS))]
        found = self._entries(weeks[0])
        kinds = {name: kind.label_plural for name in sorted({row.record_type for row in found})
                 if (kind := current_host().record_type(name)) is not None}
        chosen = request.args.get("kind", "")
        if chosen not in kinds:
            chosen = next(iter(kinds), "")
        lines = _lines([row for row in found if row.record_type == chosen], weeks)
        return self.render_template(
            "admin/share_outs.html", view=self, weeks=weeks, lines=lines, kinds=kinds,
            chosen=chosen,
        )

    @staticmethod
    def _entries(first: dt.date) -> Sequence[Row[str, int, dt.date, int, str]]:
        entry = ShareOutEntry
        return db.session.execute(
            select(entry.record_type, entry.user_id, entry.day, entry.number, Staff.name)
            .join(Staff, Staff.user_id == entry.user_id)
            .where(entry.day >= first, _in_sight(current_person()))
            .order_by(Staff.name, entry.user_id)
        ).all()


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of staff whose work an actor oversees, by the scope of their roles."""
    if actor.is_system or actor.scope == Scope.ALL:
        return true()
    ways = [Staff.user_id == actor.user_id, Staff.department_id.in_(actor.led_department_ids)]
    if actor.scope >= Scope.TEAM:
        ways.append(Staff.team_id.in_(actor.team_ids))
    if actor.scope >= Scope.DEPARTMENT:
        ways.append(Staff.department_id.in_(actor.department_ids))
    return or_(*ways)


def _lines(
    rows: Sequence[Row[str, int, dt.date, int, str]], weeks: Sequence[dt.date]
) -> list[LedgerLine]:
    names: dict[int, str] = {}
    numbers: dict[int, Counter[dt.date]] = defaultdict(Counter)
    for row in rows:
        names[row.user_id] = row.name
        numbers[row.user_id][row.day - dt.timedelta(days=row.day.weekday())] += row.number
    return [
        LedgerLine(name, [numbers[key][week] for week in weeks], numbers[key].total())
        for key, name in names.items()
    ]
