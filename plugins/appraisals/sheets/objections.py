"""Objections of the person appraised to single items, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.forms import without_broken
from app.sdk.services import Actor, notice_kinds, record_act, utcnow, write
from app.sdk.workflow import Message
from plugins.appraisals.choices import OBJECTED, REJECTED, SIGNING, UPHELD
from plugins.appraisals.rules.chain import SUBJECT
from plugins.appraisals.rules.figures import answered_by
from plugins.appraisals.shared import tell_people
from plugins.appraisals.sheets.answering import read, signer
from plugins.appraisals.sheets.calculation import columns_of, form_of, standing
from plugins.appraisals.sheets.managing import at_step
from plugins.appraisals.sheets.models import Objection, Sheet
from plugins.appraisals.sheets.operations import SheetOperations
from plugins.appraisals.sheets.signing import next_signature, open_objections

_LONGEST = 4000


def raise_objection(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet, item: str,
    text: str, version: int | None,
) -> Objection:
    """Object to one item, before the person has signed.

    Args:
        session: session without unsaved changes, or within a write.
        operations: the operations on sheets.
        actor: the person.
        sheet: the sheet.
        item: name of the item.
        text: why.
        version: version that the person has seen.

    Raises:
        Rejected: the figures are frozen, or not there yet.
        NotPermitted: it is somebody else's sheet.
        Invalid: item or reason is missing, or an objection to the item is open.
        StaleRecord: the sheet was changed since.
    """
    with write(session):
        operations.take(session, sheet, version)
        row = next_signature(session, sheet)
        operations.require(actor.user_id == sheet.owner_id,
                           row is not None and row.part == SUBJECT)
        if form_of(session, sheet).item(item) is None:
            raise Invalid({"item": Message(N_("Choose an item."))})
        if not text.strip():
            raise Invalid({"text": Message(N_("Say what you object to."))})
        if any(one.item == item for one in open_objections(session, sheet.id)):
            raise Invalid({"item": Message(N_("You have objected to this item already."))})
        made = Objection(sheet_id=sheet.id, item=item, text=text.strip()[:_LONGEST],
                         raised_at=utcnow())
        session.add(made)
        session.flush()
        _note(session, actor, sheet, "objection", made.item, made.text)
        tell_people(session, [sheet.appraiser_id], notice_kinds.WAITING,
                    N_("An objection to an appraisal waits for your answer."), record=sheet,
                    by=actor.user_id)
        return made


def decide(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet,
    objection: Objection, answer: str, typed: Mapping[str, Any] | None, version: int | None,
) -> None:
    """Answer an objection; where it is upheld, the item gets another answer.

    Args:
        session: session without unsaved changes, or within a write.
        operations: the operations on sheets.
        actor: the appraiser.
        sheet: the sheet.
        objection: one of its objections.
        answer: why.
        typed: new answer by name of the item, where it is upheld; ``None`` where rejected.
        version: version that the appraiser has seen.

    Raises:
        Rejected: it is answered already.
        NotPermitted: somebody else appraises.
        Invalid: the answer is missing, or cannot be read.
        StaleRecord: the sheet was changed since.
    """
    with write(session):
        operations.take(session, sheet, version)
        session.refresh(objection)
        operations.require(
            actor.user_id == sheet.appraiser_id and objection.sheet_id == sheet.id,
            objection.state == OBJECTED and sheet.status == SIGNING)
        if not answer.strip():
            raise Invalid({"answer": Message(N_("Write an answer."))})
        objection.state = REJECTED if typed is None else UPHELD
        objection.answer, objection.decided_at = answer.strip()[:_LONGEST], utcnow()
        objection.decided_by_id = actor.user_id
        if typed is not None:
            objection.was_changed = _corrected(
                session, operations, actor, sheet, objection.item, typed)
        # The person has the whole time for the signature from the answer on.
        operations.store(session, actor, sheet, at_step())
        _note(session, actor, sheet, f"objection_{objection.state}", objection.item,
              objection.answer)
        tell_people(session, [sheet.owner_id], notice_kinds.MOVED,
                    N_("Your objection has been answered."), record=sheet, by=actor.user_id)


def _note(
    session: Session, actor: Actor, sheet: Sheet, action: str, item: str, text: str
) -> None:
    record_act(session, actor, action, record_type=sheet.__record_type__, record_id=sheet.id,
               number=sheet.number, changes={"item": item}, reason=text)


def _corrected(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet, name: str,
    typed: Mapping[str, Any],
) -> bool:
    form = form_of(session, sheet)
    item = form.item(name)
    found = read([item] if item is not None else [], typed, corrects=True)
    if found.errors or not found.answers.get(name):
        raise Invalid(found.errors or {name: Message(N_("This has to be filled in."))})
    facts = dict(sheet.facts)
    if name in facts:
        # The figure stays on the sheet beside what is counted instead.
        counted = answered_by(name, facts[name])
        facts[name] = {**facts[name], "corrected": found.answers[counted]}
    answers = without_broken(form, {**sheet.answers, **found.answers}, signer(actor))
    held = standing(form, answers, facts, sheet.left_out, sheet.weights)
    is_changed = held.answers != sheet.answers
    operations.store(session, actor, sheet, columns_of(session, held))
    return is_changed
