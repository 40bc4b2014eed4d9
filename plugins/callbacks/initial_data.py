"""Outcomes with their rules and purposes to begin with; an admin edits them afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.services import SYSTEM, act, create
from plugins.callbacks.choices import PURPOSE_OF_CODE
from plugins.callbacks.initial_scripts import SCRIPTS
from plugins.callbacks.models import CallbackPurpose, Outcome, OutcomeRule, Rule, Script
from plugins.callbacks.triggers import triggers

PURPOSES = (
    ("delivery", "After delivery", "交车后回访"), ("workshop", "After a workshop visit", "维修保养后回访"),
    ("complaint", "After a complaint", "投诉处理后回访"), ("renewal", "Renewal of insurance", "续保提醒"),
    ("inspection", "Vehicle inspection", "验车提醒"), ("maintenance", "Maintenance", "保养提醒"),
    ("presale", "After a sales contact", "售前电访"),
    ("delivery_month", "One month after delivery", "交车一个月回访"),
    ("lost", "Lost customer", "战败客户回访"), ("loan", "Loan maturing", "贷款到期提醒"),
    ("investment", "Investment maturing", "投资到期提醒"),
    ("greeting", "Greeting", "节日与生日问候"), ("verification", "Verification of data", "资料核实"),
    ("correction", "Correction of an answer", "更正回拨"),
    ("offer", "Offer", "优惠告知"),
    ("other", "Other", "其他"),
)
# Code, English and Chinese name, trigger, days, days to make it, purpose, script, channel, priority, grade.
RULES = (
    ("presale", "Call within 24 hours of a sales contact", "售前接触后24小时内电访", "sales_contact", 0, 1, "presale", "presale", "phone", "urgent", ""),
    ("delivery", "On the 7th day after delivery", "交车后第7天回访", "delivered", 7, 3, "delivery", "delivery", "phone", "normal", ""),
    ("delivery_month", "One month after delivery", "交车后一个月回访", "delivered", 30, 5, "delivery_month", "delivery_month", "phone", "normal", ""),
    ("workshop", "3 to 5 days after a workshop visit", "进厂维修后3至5天回访", "workshop_visit", 3, 2, "workshop", "workshop", "phone", "normal", ""),
    ("lost", "Lost customers", "战败客户回访", "lost", 3, 4, "lost", "lost", "phone", "normal", ""),
    ("complaint", "After a complaint is finished", "投诉办结后回访", "complaints.finished", 1, 2, "complaint", "complaint", "phone", "urgent", ""),
    ("registered", "Verification of new customers", "新登记客户资料核实", "registered", 1, 3, "verification", "verification", "phone", "low", ""),
    ("unverified", "Customers still not verified after 3 days", "登记3天后仍未核实的客户", "unverified", 3, 4, "verification", "unverified", "phone", "normal", ""),
    ("verified", "Offer to verified customers", "已核实客户优惠告知", "customers.verified", 1, 5, "offer", "offer", "phone", "low", ""),
    ("loan", "Loan maturing", "贷款到期提醒", "loan_matures", 15, 10, "loan", "loan", "phone", "normal", ""),
    ("investment", "Investment maturing", "投资到期提醒", "investment_matures", 15, 10, "investment", "investment", "phone", "normal", ""),
    ("renewal", "Renewal of insurance", "续保提醒", "insurance", 30, 20, "renewal", "renewal", "phone", "normal", ""),
    ("inspection", "Vehicle inspection", "验车提醒", "inspection", 30, 20, "inspection", "inspection", "phone", "normal", ""),
    ("maintenance", "Maintenance", "保养提醒", "maintenance", 7, 7, "maintenance", "maintenance", "phone", "normal", ""),
    ("birthday", "Birthday greeting", "生日问候", "birthday", 0, 1, "greeting", "birthday", "sms", "low", ""),
    ("holiday", "Greeting before a holiday", "节日问候", "holiday", 1, 1, "greeting", "holiday", "sms", "low", "A"),
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
    ("sent", "Message sent", "消息已发送", "good", {"finished": True}, _DAY, 1),
    ("interrupted", "Interrupted", "通话中断", "warn", {"reached": True, "human": True, "call_again": True}, 10, 3),
)


def load(session: Session) -> None:
    """Add what is not there; what an admin renamed, changed or retired stays as it is."""
    _lists(session, CallbackPurpose, PURPOSES)
    _lists(session, Outcome, [row[:4] for row in OUTCOMES])
    known: dict[str, Outcome] = {one.code: one for one in session.scalars(select(Outcome))}
    ruled = set(session.scalars(select(OutcomeRule.outcome_id)))
    for code, _, _, _, flags, pause, tries in OUTCOMES:
        if known[code].id not in ruled:
            create(session, SYSTEM, OutcomeRule, {
                "outcome_id": known[code].id, **flags, "delay_minutes": pause,
                "most_tries": tries})
    _scripts(session)
    _rules(session)


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
    purposes = {row.code: row.id for row in session.execute(select(CallbackPurpose.code, CallbackPurpose.id))}
    for one in SCRIPTS:
        if (one.code, one.language) not in known:
            script = create(session, SYSTEM, Script, {
                "code": one.code, "language": one.language, "name": one.name, "text": one.text,
                "purpose_id": purposes[one.purpose]})
            act(session, SYSTEM, script, "install")


def _rules(session: Session) -> None:
    """Add the rules of the documents, switched off: a supervisor rehearses each one first.

    One whose trigger belongs to a plugin that is not in force comes when that plugin does.
    """
    offered = dict(triggers())
    known = set(session.scalars(select(Rule.code)))
    purposes = {row.code: row.id for row in session.execute(select(CallbackPurpose.code, CallbackPurpose.id))}
    for code, name, name_zh, trigger, days, window, purpose, script, channel, priority, grade in RULES:
        if code not in known and trigger in offered:
            create(session, SYSTEM, Rule, {
                "code": code, "name": name, "name_zh": name_zh, "trigger": trigger, "days": days,
                "window_days": window, "purpose_id": purposes[purpose],
                "contact_purpose": PURPOSE_OF_CODE.get(purpose, "service"),
                "script_code": script, "channel": channel, "priority": priority, "grade": grade})
