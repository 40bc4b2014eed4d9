"""By which rules weekly reports are begun, written, handed in and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import leaders_by_person, local_today, local_zone, profiles
from app.sdk.records import WorkflowOperations
from app.sdk.services import Actor, notice_kinds, settings_of, tell, utcnow
from app.sdk.workflow import Message
from plugins.work.choices import NOT_HANDED_IN
from plugins.work.reports import weeks
from plugins.work.reports.figures import figures_of
from plugins.work.reports.models import WeeklyReport
from plugins.work.reports.workflow import DRAFT
from plugins.work.settings import lines

_WRITTEN_BY_STEPS = frozenset({
    "week", "figures", "hand_in_by", "handed_in_at", "timeliness", "reader_id", "read_by_id",
    "read_at", "remark", "reminded_on"})


class WeeklyReportOperations(WorkflowOperations):
    """Operations on weekly reports: one for each person and week, written by the person alone."""

    required = ("starts_on", "owner_id")
    step_columns = _WRITTEN_BY_STEPS
    action_icons = {"hand_in": "send", "mark_read": "eye-check", "send_back": "arrow-back-up",
                    "excuse": "calendar-off"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Let a report begin on the Monday of its week, this one at first, and be the actor's."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        given["starts_on"] = weeks.monday_of(given.get("starts_on") or local_today())
        given.setdefault("owner_id", actor.user_id)
        return given

    def validate(
        self, session: Session, actor: Actor, record: WeeklyReport | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse a second report of a week, one of a week to come, and writing for others."""
        errors = super().validate(session, actor, record, values)
        if record is not None:
            errors |= {name: Message(N_("Week and person of a report stay as they are."))
                       for name in ("starts_on", "owner_id")
                       if name in values and values[name] != getattr(record, name)}
            return errors
        starts_on, owner_id = values["starts_on"], values.get("owner_id")
        if owner_id != actor.user_id and not actor.is_system:
            errors["owner_id"] = Message(N_("Everybody writes their own weekly report."))
        if starts_on > local_today():
            errors["starts_on"] = Message(N_("This week has not begun yet."))
        # A report in the recycle bin comes back; it does not make room for another one.
        elif session.scalar(select(WeeklyReport.id).where(
                WeeklyReport.owner_id == owner_id, WeeklyReport.starts_on == starts_on)):
            errors["starts_on"] = Message(N_("There is a report of this week already."))
        return errors

    def refuse_change(
        self, session: Session, actor: Actor, record: WeeklyReport
    ) -> Message | None:
        """Only the person writes, and only until the report is handed in."""
        if record.state != DRAFT:
            return Message(N_("A report that has been handed in is not changed any more."))
        if actor.user_id != record.owner_id and not actor.is_system:
            return Message(N_("Everybody writes their own weekly report."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(
        self, session: Session, actor: Actor, record: WeeklyReport
    ) -> Message | None:
        """A report that was due counts, written or not."""
        if record.state != DRAFT or record.timeliness:
            return Message(N_("A report that was due stays."))
        return super().refuse_delete(session, actor, record)

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        held = settings_of(session, "work")
        monday, owner_id = values["starts_on"], values["owner_id"]
        derived: dict[str, Any] = {
            "week": weeks.name_of_week(monday),
            "hand_in_by": weeks.due_at(monday, held["due_days"], held["due_hour"], local_zone()),
        }
        if "reader_id" not in values:
            [person] = profiles(session, user_ids=[owner_id]) or [None]
            if person is not None:
                leaders = leaders_by_person(session, [person])[owner_id]
                derived |= {"reader_id": next((one for one in leaders if one != owner_id), None),
                            "department_id": person.department_id, "team_id": person.team_id}
        return super()._insert(session, actor, {**values, **derived}, reason)

    def begin(
        self, session: Session, actor: Actor, monday: dt.date, person: Any, reader_id: int
    ) -> WeeklyReport:
        """Make the draft of a week for a person; the caller has found out that there is none.

        Args:
            session: session with a running write.
            actor: on whose behalf.
            monday: first day of the week.
            person: the ``Profile`` of the person.
            reader_id: who reads the report.
        """
        return self._insert(session, actor, {
            "starts_on": monday, "owner_id": person.user_id, "reader_id": reader_id,
            "department_id": person.department_id, "team_id": person.team_id}, "")

    def find_missing(
        self, session: Session, actor: Actor, record: WeeklyReport, day: dt.date
    ) -> None:
        """Write down that a report was not handed in when its time was up, and tell its writer."""
        self.store(session, actor, record, {"timeliness": NOT_HANDED_IN, "reminded_on": day})
        tell(session, [record.owner_id], notice_kinds.DEADLINE,
             N_("Your weekly report %(week)s is overdue."), values={"week": record.week},
             record=record)

    def remind(self, session: Session, actor: Actor, record: WeeklyReport, day: dt.date) -> None:
        """Tell the writer that a report is due today."""
        self.store(session, actor, record, {"reminded_on": day})
        tell(session, [record.owner_id], notice_kinds.DEADLINE,
             N_("Your weekly report %(week)s is due today."), values={"week": record.week},
             record=record)


def is_written(session: Session, actor: Actor, record: WeeklyReport) -> Message | None:
    """Guard: a report says what was done and what comes next."""
    if record.done.strip() and record.plan.strip():
        return None
    return Message(N_("Write what was done and what is planned for next week first."))


def hand_in(
    session: Session, actor: Actor, record: WeeklyReport, values: Mapping[str, Any]
) -> None:
    """Effect: figures and moment are written down; the first time decides about the deadline."""
    now = utcnow()
    record.figures = figures_of(session, record.owner_id or 0, record.starts_on,
                                lines(settings_of(session, "work"), "figures"))
    first = record.handed_in_at or now
    record.handed_in_at, record.timeliness = first, weeks.timeliness(first, record.hand_in_by)
    tell(session, [record.reader_id], notice_kinds.WAITING,
         N_("A weekly report waits to be read by you."), record=record, by=actor.user_id)


def mark_read(
    session: Session, actor: Actor, record: WeeklyReport, values: Mapping[str, Any]
) -> None:
    """Effect: who read it, when, and the comment; the writer hears of it."""
    record.read_by_id, record.read_at = actor.user_id, utcnow()
    record.remark = values.get("remark") or ""
    tell(session, [record.owner_id], notice_kinds.MOVED,
         N_("Your weekly report %(week)s has been read."), values={"week": record.week},
         record=record, by=actor.user_id)


def send_back(
    session: Session, actor: Actor, record: WeeklyReport, values: Mapping[str, Any]
) -> None:
    """Effect: the writer hears what is missing."""
    record.remark = values["remark"]
    tell(session, [record.owner_id], notice_kinds.WAITING,
         N_("Your weekly report %(week)s was sent back to you."), values={"week": record.week},
         record=record, by=actor.user_id)


def excuse(
    session: Session, actor: Actor, record: WeeklyReport, values: Mapping[str, Any]
) -> None:
    """Effect: a week without a report, for instance of leave, counts neither way."""
    record.remark, record.timeliness = values["remark"], ""


GUARDS = {"is_written": is_written}
EFFECTS = {"hand_in": hand_in, "mark_read": mark_read, "send_back": send_back, "excuse": excuse}
