"""Which consequences follow from released months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.people import local_today
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, Actor, is_present, leader_of, settings_of
from plugins.appraisals.choices import RELEASED
from plugins.appraisals.consequences.models import Consequence, StreakRuleRow
from plugins.appraisals.consequences.operations import ConsequenceOperations
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.rules.grades import RULES, Month, StreakRule, fired
from plugins.appraisals.rules.periods import MONTH, months_later
from plugins.appraisals.sheets.models import Sheet

_KINDS = {"eligible": "raise", "criticism": "criticism", "held_back": "held_back"}
_LONGEST_HISTORY = 24


def ship_rules(session: Session) -> None:
    """Add the rules of the documents where there are none at all."""
    if session.scalar(select(StreakRuleRow.id).limit(1)) is not None:
        return
    operations = operations_of(StreakRuleRow)
    for rule in RULES:
        operations.create(session, SYSTEM, {
            "code": rule.name, "grade": rule.grade, "months": rule.months,
            "kind": _KINDS[rule.name], "repeats": rule.repeats, "is_reward": rule.is_reward,
            "bars_months": rule.bars_months, "bonus_cut": rule.bonus_cut})


def rules_in_force(session: Session) -> dict[StreakRule, StreakRuleRow]:
    """Return the rules with their rows."""
    rows = session.scalars(select(StreakRuleRow).where(
        StreakRuleRow.active.is_(True), is_present(StreakRuleRow)).order_by(StreakRuleRow.id))
    return {StreakRule(row.code, row.grade, row.months, row.repeats, row.is_reward,
                       row.bars_months, row.bonus_cut): row for row in rows}


def history(session: Session, user_id: int, until: dt.date) -> list[Month]:
    """Return the grades of a person's released months, the last one beginning on a date.

    Args:
        session: any session.
        user_id: the person.
        until: first day of the last month.
    """
    since = months_later(until, 1 - _LONGEST_HISTORY)
    found: dict[dt.date, str] = dict(session.execute(
        select(Sheet.starts_on, Sheet.final_grade).join(Cycle, Cycle.id == Sheet.cycle_id).where(
            Sheet.owner_id == user_id, Cycle.kind == MONTH, Sheet.status == RELEASED,
            Sheet.starts_on >= since, Sheet.starts_on <= until, is_present(Sheet))).all())
    if not found:
        return []
    begin, months = min(found), []
    while begin <= until:
        months.append(found.get(begin))
        begin = months_later(begin, 1)
    return months


def follow_month(session: Session, actor: Actor, sheets: Sequence[Sheet]) -> int:
    """Make the consequences that a month's released sheets complete; returns how many.

    Args:
        session: session with a running write.
        actor: who releases.
        sheets: the sheets, just released.
    """
    rules = rules_in_force(session)
    breaks = settings_of(session, "appraisals")["absence_breaks"]
    made = 0
    for sheet in sheets:
        if sheet.owner_id is None:
            continue
        months = history(session, sheet.owner_id, sheet.starts_on)
        for one in fired(months, rules, absence_breaks=breaks):
            if one.place == len(months) - 1:
                _make(session, actor, sheet, rules[one.rule])
                made += 1
    return made


def _make(session: Session, actor: Actor, sheet: Sheet, row: StreakRuleRow) -> None:
    operations = operations_of(Consequence)
    assert isinstance(operations, ConsequenceOperations)
    held: dict[str, Any] = {
        "code": row.code, "grade": row.grade, "months": row.months,
        "bars_months": row.bars_months, "bonus_cut": f"{row.bonus_cut:f}"}
    operations.create(session, actor, {
        "subject_id": sheet.owner_id, "kind": row.kind, "sheet_id": sheet.id, "rule": held,
        "bonus_cut": row.bonus_cut, "due_on": local_today() + dt.timedelta(days=row.due_days),
        "owner_id": _sees_to_it(session, sheet), "reason": f"{sheet.cycle.title} {sheet.number}"})


def _sees_to_it(session: Session, sheet: Sheet) -> int | None:
    leader = leader_of(session, sheet.department_id)
    return leader if leader not in (None, sheet.owner_id) else sheet.appraiser_id
