"""Steps that nobody takes in time: reminded of, passed over by rule, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.people import local_zone, members
from app.sdk.services import SYSTEM, notice_kinds, record_act, tell, utcnow
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import FILLING, RATING, SIGNING
from plugins.appraisals.rules.chain import APPRAISER, SUBJECT
from plugins.appraisals.rules.overdue import PASS, REFUSE, OverdueRule, is_overdue, rule_for
from plugins.appraisals.sheets.managing import pass_on
from plugins.appraisals.sheets.models import Sheet, Signature
from plugins.appraisals.sheets.operations import SheetOperations
from plugins.appraisals.sheets.signing import (
    acting,
    next_signature,
    open_objections,
    signatures_of,
)


def waits_since(sheet: Sheet) -> dt.date:
    """Return the local day on which the present step of a sheet began to wait.

    No step waits before its period has ended.
    """
    return max(sheet.waits_since.astimezone(local_zone()).date(), sheet.ends_on)


def look_after(
    session: Session, operations: SheetOperations, sheet: Sheet, values: Mapping[str, Any],
    today: dt.date,
) -> None:
    """Do what the settings say about the step of a sheet that waits; a second time does nothing.

    Args:
        session: session with a running write.
        operations: the operations on sheets.
        sheet: a sheet that is being filled in, rated or signed, read anew for writing.
        values: settings of the plugin.
        today: local date.
    """
    if sheet.closed_at is not None or today < sheet.ends_on:
        return
    row = next_signature(session, sheet)
    part = {FILLING: SUBJECT, RATING: APPRAISER}.get(sheet.status, row.part if row else "")
    if not part or (row is not None and open_objections(session, sheet.id)):
        # An objection is for the appraiser to answer: the place that waits cannot help it.
        return
    rule = rule_for(values, part)
    if is_overdue(rule, waits_since(sheet), today):
        if rule.action == REFUSE:
            _close(session, operations, sheet, part)
            return
        if rule.action == PASS and _pass_over(session, operations, sheet, row, rule):
            return
    if sheet.status != SIGNING:
        _remind(session, operations, sheet, today, values["remind_days"])


def _pass_over(
    session: Session, operations: SheetOperations, sheet: Sheet, row: Signature | None,
    rule: OverdueRule,
) -> bool:
    """Go on without the step; return whether that is possible."""
    if sheet.status == RATING:
        # Without a rating there is no score.
        return False
    if row is None:
        pass_on(operations, session, SYSTEM, sheet, is_by_rule=True)
        _note(session, sheet, SUBJECT, rule)
        return True
    rows = signatures_of(session, sheet.id)
    if row is rows[-1] and all(one.signed_at is None for one in rows):
        # What nobody at all has signed is not signed by passing time.
        return False
    try:
        row.content_hash = operations.freeze(session, SYSTEM, sheet)
    except Rejected:
        return False
    missed = [one.user_id for one in acting(session, sheet, row.part)]
    row.passed_at = utcnow()
    session.flush()
    _note(session, sheet, row.part, rule)
    tell(session, missed, notice_kinds.MOVED,
         N_("Your signature on an appraisal was passed over by rule: it was not given in time."),
         record=sheet)
    operations.go_on(session, SYSTEM, sheet)
    return True


def _note(session: Session, sheet: Sheet, part: str, rule: OverdueRule) -> None:
    record_act(session, SYSTEM, "pass_over", record_type=sheet.__record_type__,
               record_id=sheet.id, number=sheet.number,
               changes={"part": part, "rule": rule.action, "days": rule.days})


def _close(
    session: Session, operations: SheetOperations, sheet: Sheet, part: str
) -> None:
    operations.store(session, SYSTEM, sheet, {"closed_at": utcnow()})
    people = {one.user_id for one in acting(session, sheet, part)}
    people |= {one.user_id for one in members(session, can=("can_manage", SHEET), present=False)}
    tell(session, sorted(people), notice_kinds.WAITING,
         N_("The time for a step of an appraisal is over; HR can allow it again."), record=sheet)


def _remind(
    session: Session, operations: SheetOperations, sheet: Sheet, today: dt.date, days: int
) -> None:
    begun = max(waits_since(sheet), sheet.asked_on or dt.date.min)
    if (today - begun).days < days:
        return
    operations.store(session, SYSTEM, sheet, {"asked_on": today})
    if sheet.status == FILLING:
        tell(session, [sheet.owner_id], notice_kinds.WAITING,
             N_("Your appraisal still has to be filled in."), record=sheet, once=True)
    else:
        tell(session, [sheet.appraiser_id], notice_kinds.WAITING,
             N_("An appraisal waits for your rating."), record=sheet, once=True)
