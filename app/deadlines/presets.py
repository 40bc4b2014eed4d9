"""Ready-made deadline policies: rules of the trade, each with its source. Pure data.

The names in ``starts_on``, ``pauses_on`` and ``stops_on`` are milestones that every way of working
has; ``bind`` puts the states and transitions of a workflow in their place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from app.deadlines.policies import (
    ClockKind,
    ClockRule,
    DefinitionError,
    Escalation,
    Extension,
    Measure,
    Policy,
    PolicyCondition,
)

RECEIVED = "received"
ACKNOWLEDGED = "acknowledged"
ACCEPTED = "accepted"
ANSWERED = "answered"
CLOSED = "closed"
WAITING = "waiting"
MILESTONES = (RECEIVED, ACKNOWLEDGED, ACCEPTED, ANSWERED, CLOSED, WAITING)

# Closing ends every deadline: a withdrawn complaint needs no answer any more.
_END = (ANSWERED, CLOSED)
_UP_THE_LINE = (Escalation(0, "team_leader"), Escalation(240, "department_leader"))
_BEFORE_DAYS = (0.5, 0.8)


def _statutory(
    key: str,
    title: str,
    title_zh: str,
    measure: Measure,
    amount: int,
    *extensions: Extension,
    starts_on: tuple[str, ...] = (RECEIVED,),
    stops_on: tuple[str, ...] = _END,
) -> ClockRule:
    return ClockRule(
        key=key,
        title=title,
        title_zh=title_zh,
        kind=ClockKind.STATUTORY,
        measure=measure,
        amount=amount,
        starts_on=starts_on,
        stops_on=stops_on,
        warn_at=_BEFORE_DAYS,
        escalate=(Escalation(0, "department_leader"),),
        extensions=extensions,
    )


def _house(severity: str, title: str, title_zh: str, first: int, whole: int) -> Policy:
    """Return the house's own deadlines of one severity, ``first`` and ``whole`` in hours."""

    def clock(key: str, name: str, name_zh: str, hours: int, *stops_on: str) -> ClockRule:
        return ClockRule(
            key=key,
            title=name,
            title_zh=name_zh,
            measure=Measure.WORKING_MINUTES,
            amount=hours * 60,
            starts_on=(RECEIVED,),
            pauses_on=(WAITING,),
            stops_on=(*stops_on, *_END),
            escalate=_UP_THE_LINE,
            extensions=(Extension(by=hours * 60, most=hours * 180, approver="supervisor"),),
        )

    return Policy(
        name=f"house_{severity}",
        title=title,
        title_zh=title_zh,
        source="House rule, to be set by each department",
        source_zh="内部规定，由各部门自行设定",
        applies_when=(PolicyCondition("severity", (severity,)),),
        clocks=(
            clock("first_response", "First response", "首次响应", first, ACKNOWLEDGED),
            clock("resolution", "Resolution", "解决", whole),
        ),
    )


HOUSE = (
    _house("critical", "House deadlines, critical", "内部时限（特别严重）", 1, 8),
    _house("serious", "House deadlines, serious", "内部时限（严重）", 2, 18),
    _house("normal", "House deadlines, normal", "内部时限（一般）", 4, 45),
    _house("minor", "House deadlines, minor", "内部时限（轻微）", 9, 90),
)
"""Policies of the department's own time limits, ready-made."""

CBIRC = Policy(
    name="cn_cbirc_2020",
    title="Complaints to banks and insurers (China)",
    title_zh="银行保险机构消费投诉",
    source="CBIRC order 3 of 2020: 15 days, complex 30, 30 more with approval, 60 at most",
    source_zh="银保监会令2020年第3号：15日；复杂的30日；经审批再延长30日，最长60日",
    clocks=(
        _statutory(
            "decision", "Decision told to the customer", "作出处理决定并告知",
            Measure.CALENDAR_DAYS, 15,
            Extension(by=15, most=30, approver="supervisor"),
            Extension(by=30, most=60, approver="leader"),
        ),
    ),
)

PBOC = Policy(
    name="cn_pboc",
    title="Complaints passed on by the central bank (China)",
    title_zh="人民银行转办投诉",
    source="Measures of the People's Bank of China for complaints passed on: 15 days, 60 at most",
    source_zh="中国人民银行转办投诉规定：15日，最长60日",
    clocks=(
        _statutory(
            "decision", "Answer to the customer", "答复投诉人", Measure.CALENDAR_DAYS, 15,
            Extension(by=45, most=60, approver="leader"),
        ),
    ),
)

CARS = Policy(
    name="cn_cars_warranty",
    title="Cars: repair, replacement, refund (China)",
    title_zh="家用汽车三包",
    source="Rules on repair, replacement and refund of household cars: answer in 10 working days, "
    "replace or refund in 20",
    source_zh="家用汽车产品修理更换退货责任规定：10个工作日答复，20个工作日内更换或者退货",
    clocks=(
        _statutory(
            "answer", "Answer to the claim", "答复", Measure.WORKING_DAYS, 10,
            stops_on=(ACKNOWLEDGED, *_END),
        ),
        _statutory(
            "remedy", "Replacement or refund", "更换或者退货", Measure.WORKING_DAYS, 20,
            stops_on=(CLOSED,),
        ),
    ),
)

MARKET_REGULATOR = Policy(
    name="cn_market_regulator",
    title="Complaints to the market regulator (China)",
    title_zh="市场监管投诉",
    source="Measures for complaints to the market regulator: accepted in 7 working days, "
    "mediation ends at 45 working days",
    source_zh="市场监督管理投诉举报处理办法：7个工作日内受理，45个工作日内终止调解",
    clocks=(
        _statutory(
            "acceptance", "Acceptance", "受理", Measure.WORKING_DAYS, 7,
            stops_on=(ACCEPTED, *_END),
        ),
        _statutory(
            "mediation", "End of mediation", "调解终止", Measure.WORKING_DAYS, 45,
            starts_on=(ACCEPTED,),
        ),
    ),
)

CREDIT_REPORT = Policy(
    name="cn_credit_report",
    title="Objections to credit reports (China)",
    title_zh="征信异议",
    source="Regulation on credit reporting: 20 days",
    source_zh="征信业管理条例：20日",
    clocks=(
        _statutory(
            "objection", "Check and answer in writing", "核查并书面答复",
            Measure.CALENDAR_DAYS, 20,
        ),
    ),
)

_UK_PROMPT = ClockRule(
    key="acknowledgement",
    title="Prompt acknowledgement",
    title_zh="及时确认收到",
    # DISP 1.6.1R says "promptly"; the number of days is the house's.
    measure=Measure.WORKING_DAYS,
    amount=5,
    starts_on=(RECEIVED,),
    stops_on=(ACKNOWLEDGED, *_END),
    escalate=(Escalation(0, "team_leader"),),
)
_UK_SUMMARY = ClockRule(
    key="summary",
    title="Summary resolution still possible",
    title_zh="可简易结案",
    # A chance, not a duty: missing it leads to the full answer, so it is no statutory breach.
    measure=Measure.WORKING_DAYS,
    amount=3,
    starts_on=(RECEIVED,),
    stops_on=_END,
)

UK_DISP = Policy(
    name="uk_disp",
    title="Complaints to financial firms (UK)",
    title_zh="金融机构投诉（英国）",
    source="FCA Handbook DISP 1.5 and 1.6: acknowledge promptly, summary resolution by the end of "
    "the 3rd business day, final answer in 8 weeks",
    source_zh="英国FCA手册DISP 1.5、1.6：及时确认，第3个营业日结束前可简易结案，8周内最终答复",
    clocks=(
        _UK_PROMPT,
        _UK_SUMMARY,
        _statutory("final", "Final response", "最终答复", Measure.CALENDAR_DAYS, 56),
    ),
)

UK_DISP_PAYMENTS = Policy(
    name="uk_disp_payments",
    title="Complaints about payments (UK)",
    title_zh="支付投诉（英国）",
    source="FCA Handbook DISP 1.6.2AR: 15 business days, exceptionally 35",
    source_zh="英国FCA手册DISP 1.6.2A：15个营业日，特殊情况35个营业日",
    clocks=(
        _UK_PROMPT,
        _UK_SUMMARY,
        _statutory(
            "final", "Final response", "最终答复", Measure.WORKING_DAYS, 15,
            Extension(by=20, most=35, approver="supervisor"),
        ),
    ),
)

US_CFPB = Policy(
    name="us_cfpb",
    title="Complaints passed on by the CFPB (US)",
    title_zh="美国消费者金融保护局转办投诉",
    source="CFPB company portal: answer in 15 calendar days, final in 60",
    source_zh="CFPB企业门户：15个日历日内答复，60日内最终答复",
    clocks=(
        _statutory(
            "response", "Response", "答复", Measure.CALENDAR_DAYS, 15,
            stops_on=(ACKNOWLEDGED, *_END),
        ),
        _statutory("final", "Final response", "最终答复", Measure.CALENDAR_DAYS, 60),
    ),
)

REGULATIONS = (
    CBIRC, PBOC, CARS, MARKET_REGULATOR, CREDIT_REPORT, UK_DISP, UK_DISP_PAYMENTS, US_CFPB,
)
"""Policies of the regulations that ship ready-made."""
PRESETS = {policy.name: policy for policy in (*REGULATIONS, *HOUSE)}


def bind(policy: Policy, names: Mapping[str, tuple[str, ...]]) -> Policy:
    """Return the policy with the names of one workflow in place of the milestones.

    Args:
        policy: a preset.
        names: states and transitions for each milestone the policy uses.

    Raises:
        DefinitionError: a milestone that the policy uses has no entry.
    """
    problems: list[str] = []

    def put(rule: ClockRule) -> ClockRule:
        changed = {}
        for field in ("starts_on", "pauses_on", "stops_on"):
            put_in: list[str] = []
            for milestone in getattr(rule, field):
                if milestone not in names:
                    problems.append(f"Clock {rule.key!r} needs names for {milestone!r}.")
                put_in += names.get(milestone, ())
            changed[field] = tuple(dict.fromkeys(put_in))
        return dataclasses.replace(rule, **changed)

    clocks = tuple(put(rule) for rule in policy.clocks)
    if problems:
        raise DefinitionError(problems)
    return dataclasses.replace(policy, clocks=clocks)
