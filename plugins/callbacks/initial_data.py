"""Outcomes with their rules and purposes to begin with; an admin edits them afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.services import SYSTEM, act, create
from plugins.callbacks.initial_scripts import SCRIPTS
from plugins.callbacks.models import Outcome, OutcomeRule, Purpose, Script

PURPOSES = (
    ("delivery", "After delivery", "交车后回访"), ("workshop", "After a workshop visit", "维修保养后回访"),
    ("complaint", "After a complaint", "投诉处理后回访"), ("renewal", "Renewal of insurance", "续保提醒"),
    ("inspection", "Vehicle inspection", "验车提醒"), ("maintenance", "Maintenance", "保养提醒"),
    ("greeting", "Greeting", "节日与生日问候"), ("verification", "Verification of data", "资料核实"),
    ("other", "Other", "其他"),
)
_DAY = 24 * 60
# Code, English and Chinese name, colour, flags, pause in minutes, most tries.
OUTCOMES: tuple[tuple[str, str, str, str, dict[str, bool], int, int], ...] = (
    ("reached", "Reached", "已接通并完成", "good", {"reached": True, "human": True, "finished": True}, _DAY, 1),
    ("no_answer", "No answer", "无人接听", "still", {"call_again": True}, 4 * 60, 3),
    ("busy", "Busy", "占线", "still", {"call_again": True}, 30, 4),
    ("inconvenient", "Inconvenient", "客户不方便", "warn", {"reached": True, "human": True, "call_again": True}, _DAY, 3),
    ("wrong_number", "Wrong number", "号码错误", "bad", {"human": True, "unworkable": True}, _DAY, 1),
    ("refused", "Refused", "拒绝回访", "bad", {"reached": True, "human": True, "do_not_call": True}, _DAY, 1),
    ("interrupted", "Interrupted", "通话中断", "warn", {"reached": True, "human": True, "call_again": True}, 10, 3),
)


def load(session: Session) -> None:
    """Add what is not there; what an admin renamed, changed or retired stays as it is."""
    _lists(session, Purpose, PURPOSES)
    _lists(session, Outcome, [row[:4] for row in OUTCOMES])
    known: dict[str, Outcome] = {one.code: one for one in session.scalars(select(Outcome))}
    ruled = set(session.scalars(select(OutcomeRule.outcome_id)))
    for code, _, _, _, flags, pause, tries in OUTCOMES:
        if known[code].id not in ruled:
            create(session, SYSTEM, OutcomeRule, {
                "outcome_id": known[code].id, **flags, "delay_minutes": pause,
                "most_tries": tries})
    _scripts(session)


def _lists(session: Session, model: type[Any], rows: Any) -> None:
    known = set(session.scalars(select(model.code)))
    for position, (code, name, name_zh, *colour) in enumerate(rows, start=1):
        if code not in known:
            session.add(model(code=code, name=name, name_zh=name_zh, position=position * 10,
                              colour=colour[0] if colour else ""))
    session.flush()


def _scripts(session: Session) -> None:
    known = {(row.code, row.language)
             for row in session.execute(select(Script.code, Script.language))}
    purposes = {row.code: row.id for row in session.execute(select(Purpose.code, Purpose.id))}
    for one in SCRIPTS:
        if (one.code, one.language) not in known:
            script = create(session, SYSTEM, Script, {
                "code": one.code, "language": one.language, "name": one.name, "text": one.text,
                "purpose_id": purposes[one.purpose]})
            act(session, SYSTEM, script, "install")
