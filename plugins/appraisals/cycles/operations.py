"""By which rules cycles and forms by post are written, opened and released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.events import emit
from app.sdk.forms import latest
from app.sdk.records import AvailableAction, Done, RecordOperations, operations_of
from app.sdk.services import Actor, is_present, write
from app.sdk.workflow import Message
from plugins.appraisals.access import CYCLE
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.bonus.operations import BonusTableOperations, table_of
from plugins.appraisals.calibration.operations import not_noted
from plugins.appraisals.choices import (
    FINISHED,
    OPEN,
    PLANNED,
    RELEASED,
    SIGNED,
)
from plugins.appraisals.collaboration import RELEASED_EVENT
from plugins.appraisals.consequences.services import follow_month
from plugins.appraisals.cycles import computing
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.opening import fit_for_a_sheet, open_sheets
from plugins.appraisals.rules.grades import ENCOURAGED
from plugins.appraisals.rules.periods import MONTH, QUARTER, REGULAR, YEAR, is_regular, period
from plugins.appraisals.rules.tasks import read_tasks
from plugins.appraisals.rules.weights import read_weights
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations

OPEN_SHEETS, RELEASE, COMPILE = "open_sheets", "release", "compile_bonuses"
COMPUTE = "compute_figures"
MOST_AT_ONCE = 100
"""Sheets that are opened while somebody waits; more are opened by a job."""
_REGULAR_WORDS = {
    MONTH: N_("A month lasts from a 1st to the next 1st."),
    QUARTER: N_("A quarter lasts from the 1st of January, April, July or October to the next."),
    YEAR: N_("A year lasts from the 1st of January to the next."),
}


class PostFormOperations(RecordOperations):
    """Operations on forms by post."""

    required = ("post_id", "kind", "form_id")

    def validate(
        self, session: Session, actor: Actor, record: PostForm | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a second form for a post, a form without a version, and a negative quota."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None))
                for name in ("post_id", "kind", "form_id", "active")}
        if "form_id" in values and values["form_id"] and latest(session, values["form_id"]) is None:
            errors["form_id"] = Message(N_("This form has no published version yet."))
        if values.get("quota") is not None and not 0 <= values["quota"] <= 10_000_000:
            errors["quota"] = Message(N_("Enter %(low)s to %(high)s."),
                                      {"low": "0", "high": "10,000,000"})
        if held["active"] is not False and session.scalar(
                select(PostForm.id).where(
                    PostForm.post_id == held["post_id"], PostForm.kind == (held["kind"] or MONTH),
                    PostForm.active.is_(True), is_present(PostForm),
                    PostForm.id != (record.id if record is not None else 0)).limit(1)):
            errors["post_id"] = Message(N_("This post has a form for this kind of cycle already."))
        return errors


class CycleOperations(RecordOperations):
    """Operations on cycles."""

    required = ("kind", "starts_on", "ends_on", "title")
    step_columns = frozenset({"status", "weights"})

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Let a regular cycle end by its kind, and name it after its period."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        kind, begin = given.setdefault("kind", MONTH), given.get("starts_on")
        if begin is not None and kind in REGULAR:
            given.setdefault("ends_on", period(kind, begin)[1])
        if begin is not None:
            given.setdefault("title", _title(kind, begin))
        return given

    def validate(
        self, session: Session, actor: Actor, record: Cycle | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse periods that are none of their kind, and a second cycle for the same one."""
        errors = super().validate(session, actor, record, values)
        if values.get("tasks") and (wrong := read_tasks(values["tasks"])[1]) is not None:
            errors["tasks"] = wrong
        kind, begin, end = (values.get(name, getattr(record, name, None))
                            for name in ("kind", "starts_on", "ends_on"))
        if begin is None or end is None:
            errors.setdefault("starts_on" if begin is None else "ends_on",
                              Message(N_("This has to be filled in.")))
            return errors
        if not is_regular(kind, begin, end):
            errors["ends_on"] = Message(_REGULAR_WORDS.get(
                kind, N_("The end lies before the beginning.")))
        elif kind in REGULAR and session.scalar(
                select(Cycle.id).where(
                    Cycle.kind == kind, Cycle.starts_on < end, Cycle.ends_on > begin,
                    is_present(Cycle), Cycle.id != (record.id if record is not None else 0))):
            errors["starts_on"] = Message(N_("There is a cycle for this period already."))
        return errors

    def set_weights(
        self, session: Session, actor: Actor, record: Cycle, form_id: int,
        typed: Mapping[str, Any], version: int | None,
    ) -> None:
        """Say what the items of a form weigh in this period; each sheet announces it (K8).

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: a cycle that has not been opened.
            form_id: key of the form.
            typed: texts by name of the item.
            version: version of the cycle that the actor has seen.

        Raises:
            NotPermitted: the actor does not open cycles.
            Rejected: the cycle has sheets, or the form has no published version.
            Invalid: a weight is no number, or they do not add up to 100.
            StaleRecord: the cycle was changed since.
        """
        if not actor.can("can_manage", CYCLE):
            raise NotPermitted(Message(N_("This is not for you to do.")))
        with write(session):
            self._lock(session, record, version, typed)
            refused, found = self.refuse_change(session, actor, record), latest(session, form_id)
            if refused is not None or found is None:
                raise Rejected(refused or Message(
                    N_("This form has no published version yet.")))
            weights, wrong = read_weights(found.form, typed)
            if wrong is not None:
                raise Invalid({"weights": wrong})
            self.store(session, actor, record, {
                "weights": {**record.weights, str(form_id): weights}})

    def refuse_change(self, session: Session, actor: Actor, record: Cycle) -> Message | None:
        """What has sheets keeps its period."""
        if record.status != PLANNED:
            return Message(N_("A cycle that has been opened is not changed any more."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: Cycle) -> Message | None:
        """What has sheets stays."""
        if record.status != PLANNED:
            return Message(N_("A cycle that has been opened is not deleted."))
        return super().refuse_delete(session, actor, record)

    # --- actions -------------------------------------------------------------------------------
    def actions(
        self, session: Session, actor: Actor, record: Cycle
    ) -> Sequence[AvailableAction]:
        """Return that a cycle is opened, and released once all have signed."""
        if record.is_away:
            return ()
        if record.status == RELEASED:
            has_table = table_of(session, record.id) is not None
            return () if has_table else [AvailableAction(
                name=COMPILE, label=N_("Compile the bonus table"), icon="coins",
                permission=("can_manage", CYCLE))]
        found = [AvailableAction(
            name=OPEN_SHEETS, icon="player-play", primary=record.status == PLANNED,
            label=N_("Open the sheets") if record.status == PLANNED
            else N_("Open sheets for who is missing"), permission=("can_manage", CYCLE))]
        if record.status == OPEN:
            found.append(AvailableAction(
                name=COMPUTE, icon="refresh", label=N_("Compute the figures now"),
                permission=("can_manage", CYCLE)))
            found.append(AvailableAction(
                name=RELEASE, icon="send", label=N_("Release all sheets"), primary=True,
                permission=("can_manage", CYCLE), confirm=N_("Release all sheets of this cycle?"),
                blocked=_not_releasable(session, record)))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Cycle, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Open or release."""
        if name == OPEN_SHEETS:
            return self._open(session, actor, record)
        if name == COMPUTE:
            return Done(Message(N_("The figures are being computed; job %(job)s."),
                                {"job": computing.begin(session, actor, record)}))
        if name == COMPILE:
            operations = operations_of(BonusTable)
            assert isinstance(operations, BonusTableOperations)
            made = operations.compile(session, actor, record)
            return Done(Message(N_("The bonus table %(number)s is compiled."),
                                {"number": made.number}))
        released = self._release(session, actor, record)
        return Done(Message(N_("%(number)s sheets have been released."), {"number": released}))

    def _open(self, session: Session, actor: Actor, record: Cycle) -> Done:
        planned = fit_for_a_sheet(session, record)
        if not planned and record.status == PLANNED:
            raise Rejected(Message(N_("Nobody can be appraised: look at the set-up check.")))
        if len(planned) > MOST_AT_ONCE:
            return Done(Message(
                N_("%(number)s sheets are being opened; job %(job)s."),
                {"number": len(planned), "job": computing.begin(session, actor, record)}))
        number = open_sheets(session, actor, record, planned)
        return Done(Message(N_("%(number)s sheets have been opened."), {"number": number}))

    def _release(self, session: Session, actor: Actor, record: Cycle) -> int:
        sheets = session.scalars(select(Sheet).where(
            Sheet.cycle_id == record.id, Sheet.status == SIGNED, is_present(Sheet))
            .order_by(Sheet.id)).all()
        for sheet in sheets:
            sheet_operations().release(session, actor, sheet)
            emit(session, RELEASED_EVENT.name, sheet, {
                "user_id": sheet.owner_id, "kind": record.kind,
                "score": f"{sheet.final_score:.2f}", "grade": sheet.final_grade,
                "failed": sheet.final_grade == ENCOURAGED}, by=actor)
        self.store(session, actor, record, {"status": RELEASED})
        if record.kind == MONTH:
            follow_month(session, actor, sheets)
        return len(sheets)


def _not_releasable(session: Session, record: Cycle) -> Message | None:
    """Return why a cycle cannot be released yet, or ``None``."""
    if left := unfinished(session, record.id):
        return Message(N_("%(number)s sheets are not finished yet."), {"number": left})
    if waiting := not_noted(session, record.id):
        return Message(N_("%(number)s people have not taken note of their calibration yet."),
                       {"number": waiting})
    return None


def unfinished(session: Session, cycle_id: int) -> int:
    """Return how many sheets of a cycle are still on their way."""
    return session.scalar(select(func.count()).select_from(Sheet).where(
        Sheet.cycle_id == cycle_id, Sheet.status.not_in(FINISHED), is_present(Sheet))) or 0


def _title(kind: str, begin: Any) -> str:
    """Return a title that reads in both languages: numbers alone."""
    if kind == YEAR:
        return f"{begin:%Y}"
    if kind == QUARTER:
        return f"{begin:%Y} Q{(begin.month + 2) // 3}"
    return f"{begin:%Y-%m}" if kind == MONTH else f"{begin:%Y-%m-%d}"
