"""The answers of the front desk from a file: the exported list, filled in and read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import CarelineError, Invalid
from app.sdk.importing import (
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Kind,
    Outcome,
    Problem,
)
from app.sdk.models import Sensitive
from app.sdk.records import act
from app.sdk.services import Actor, is_present, scope_filter
from app.sdk.workflow import Message
from plugins.callbacks.models import UnreachableLine
from plugins.callbacks.unreachable.choices import ANSWERS, LINE_VIEW, WORDS
from plugins.callbacks.unreachable.operations import ANSWER

NAME = "callbacks.unreachable_answers"
NO_LINE = Message(N_("There is no line with this number on the lists that you see."))
FIELDS = (
    ImportField(name="number", label=N_("Number"), required=True, length=24, aliases=("编号",)),
    ImportField(name="answer", label=N_("Answer"), kind=Kind.CHOICE, required=True,
                choices=ANSWERS, words=WORDS, aliases=("答复", "前台答复", "处理结果")),
    ImportField(name="new_contact", label=N_("New number"), length=40,
                mask=Sensitive("phone", 40).mask, aliases=("新号码", "更正号码")),
    ImportField(name="remark", label=N_("Remark"), kind=Kind.LONG_TEXT, aliases=("备注",)),
)


def _lines(
    session: Session, actor: Actor, rows: Iterable[ImportRow]
) -> dict[str, UnreachableLine]:
    numbers = [row.values["number"] for row in rows]
    return {one.number: one for one in session.scalars(select(UnreachableLine).where(
        UnreachableLine.number.in_(numbers), is_present(UnreachableLine),
        scope_filter(actor, UnreachableLine)))}


def check_rows(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
    """Return a problem for each row whose line is on no list in sight."""
    known = _lines(session, actor, rows)
    return [Problem(row.line, NO_LINE, value=row.values["number"], field="number")
            for row in rows if row.values["number"] not in known]


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
) -> list[Outcome]:
    """Enter the answers by the rules of every other entry.

    Args:
        session: session with a running write.
        actor: who reads the file in.
        rows: checked rows.
        on_existing: ``skip`` leaves lines alone that are answered already.
    """
    known = _lines(session, actor, rows)
    return [_enter(session, actor, known.get(row.values["number"]), row, on_existing)
            for row in rows]


def _enter(
    session: Session, actor: Actor, line: UnreachableLine | None, row: ImportRow, on_existing: str
) -> Outcome:
    if line is None:
        return Outcome(row.line, REJECTED, NO_LINE)
    given = {name: row.values.get(name) or "" for name in ("answer", "new_contact", "remark")}
    same = all(getattr(line, name) == value for name, value in given.items())
    if line.answered_at is not None and (same or on_existing == SKIP):
        return Outcome(row.line, SKIPPED)
    try:
        with session.begin_nested():
            act(session, actor, line, ANSWER, given)
    except Invalid as invalid:
        return Outcome(row.line, REJECTED, next(iter(invalid.errors.values())))
    except CarelineError as error:
        return Outcome(row.line, REJECTED, error.message)
    return Outcome(row.line, UPDATED)


IMPORTER = Importer(
    name=NAME, title=N_("Answers about unreachable customers"), fields=FIELDS, key=("number",),
    write=write_rows, check=check_rows, view=LINE_VIEW,
)
