"""By which rules courses, materials and plans are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import enqueue
from app.sdk.people import local_today
from app.sdk.records import AvailableAction, Done, RecordOperations
from app.sdk.services import Actor
from app.sdk.workflow import Field, Form, Kind, Message
from plugins.training.access import COURSE
from plugins.training.courses.models import Course, Material, Plan, PlanLine
from plugins.training.shared import number_problems

NEW_EDITION = "new_edition"
OUTDATING = "training.outdate"
_EDITION_FORM = Form.of(
    "new_edition",
    Field("note", Kind.LONG_TEXT, N_("What is new, or which regulation has changed"), True,
          length=2000),
    Field("grace_days", Kind.INTEGER, N_("Days for which certificates still hold"), True,
          minimum=0, maximum=730, default=30),
    title=N_("New edition"),
)


class CourseOperations(RecordOperations):
    """Operations on courses."""

    required = ("code", "name")
    step_columns = frozenset({"edition", "edition_note", "edition_on"})

    def validate(
        self, session: Session, actor: Actor, record: Course | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse numbers that make no sense."""
        return super().validate(session, actor, record, values) | number_problems(values, {
            "hours": (0, 1000), "valid_months": (0, 240), "grace_days": (0, 730)})

    def actions(
        self, session: Session, actor: Actor, record: Course
    ) -> Sequence[AvailableAction]:
        """Return that a course gets a new edition."""
        if record.is_away:
            return ()
        return [AvailableAction(name=NEW_EDITION, label=N_("New edition"), icon="versions",
                                form=_EDITION_FORM, permission=("can_edit", COURSE))]

    def carry_out(
        self, session: Session, actor: Actor, record: Course, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Begin a new edition; a job ends certificates of earlier ones and tells their owners."""
        self.store(session, actor, record, {
            "edition": record.edition + 1, "edition_note": values["note"],
            "edition_on": local_today(), "grace_days": values["grace_days"],
        }, reason=values["note"][:200])
        enqueue(session, actor, OUTDATING, {"course": record.id},
                title=N_("End certificates of earlier editions"))
        return Done(Message(
            N_("Edition %(edition)s is in force; certificates of earlier ones hold for "
               "%(days)s more days."),
            {"edition": record.edition, "days": record.grace_days}))


class MaterialOperations(RecordOperations):
    """Operations on materials: a changed text is a new version under the same title."""

    required = ("course_id", "title")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Number the version after those that there are."""
        given = dict(values)
        given["edition"] = 1 + (session.scalar(select(func.max(Material.edition)).where(
            Material.course_id == given.get("course_id"),
            Material.title == given.get("title"))) or 0)
        given["current"] = True
        return given

    def validate(
        self, session: Session, actor: Actor, record: Material | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """A version says for ever what it said: only whether it is current changes."""
        errors = super().validate(session, actor, record, values)
        if record is not None:
            errors |= {name: Message(N_("Add a new version instead.")) for name in
                       ("course_id", "title", "edition", "body") if name in values}
        return errors

    def follow(
        self, session: Session, actor: Actor, record: Material, changes: Mapping[str, list[Any]]
    ) -> None:
        """One version of a title is the current one."""
        super().follow(session, actor, record, dict(changes))
        if record.current and "current" in changes:
            for earlier in session.scalars(select(Material).where(
                Material.course_id == record.course_id, Material.title == record.title,
                Material.current.is_(True), Material.id != record.id)).all():
                self.store(session, actor, earlier, {"current": False})


class PlanOperations(RecordOperations):
    """Operations on plans."""

    required = ("name", "starts_on", "ends_on")

    def validate(
        self, session: Session, actor: Actor, record: Plan | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a period that runs backwards."""
        errors = super().validate(session, actor, record, values)
        begin, end = (values.get(name, getattr(record, name, None))
                      for name in ("starts_on", "ends_on"))
        if begin is not None and end is not None and end < begin:
            errors["ends_on"] = Message(N_("The end lies before the beginning."))
        return errors


class PlanLineOperations(RecordOperations):
    """Operations on the lines of a plan."""

    required = ("plan_id", "course_id")

    def validate(
        self, session: Session, actor: Actor, record: PlanLine | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse numbers that make no sense."""
        return super().validate(session, actor, record, values) | number_problems(values, {
            "sessions": (0, 1000), "people": (0, 30_000), "cost": (0, 100_000_000)})
