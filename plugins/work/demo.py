"""Four weeks of reports, proposals in every state and a log of group care for demonstrations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story
from app.sdk.models import Customer
from app.sdk.people import local_today
from app.sdk.records import act, create, update
from app.sdk.services import user_ids_by_name, write
from plugins.work.choices import ADDED, REMOVED, TURNED_AWAY
from plugins.work.models import CustomerGroup, GroupEntry, Proposal, WeeklyReport
from plugins.work.proposals.workflow import (
    CARRIED_OUT,
    EFFECT,
    REVIEW,
    SUBMITTED,
    TO_CARRY_OUT,
    TURNED_DOWN,
)
from plugins.work.reports.services import begin_week, look_after
from plugins.work.reports.weeks import DAYS, monday_of

WEEKS = 3
_CARERS = ("agent", "wanghao", "liuyang", "zhangjing")
# Who hands in late, and who not at all.
_LATE, _NEVER = ("wanghao", 2), ("liuyang", 1)
_DONE = ("完成到期回访，补齐客户车辆和联系方式；处理咨询并登记常见问题。",
         "跟进两件投诉至客户确认满意；审核入群申请，清理广告账号。",
         "协助新同事熟悉回访话术，整理本周客户反映集中的还款问题。")
_PROBLEMS = ("部分客户白天联系不上，需要错峰回访。", "门店回复较慢，有一件承诺回复超时。", "")
_PLANS = ("完成下周到期回访，重点核实联系电话变更的客户。",
          "整理还款类问题的标准答复，提交知识库。",
          "跟进未结投诉，争取按期答复。")
_REMARKS = ("工作扎实，注意错峰联系。", "数据清楚，请把门店回复慢的情况反馈给主管。", "")
# Proposer, subject, situation, proposal, expected effect, where it stands.
_PROPOSALS = (
    ("agent", "来电先核对车架号后四位", "同名客户较多，登记时容易选错人。",
     "接听后先核对车架号后四位，再打开客户资料。", "减少登记错误。", EFFECT),
    ("zhangjing", "还款日前三天集中提醒", "还款日当天来电集中，排队时间长。",
     "还款日前三天由系统生成提醒名单，分散回访。", "高峰来电减少。", CARRIED_OUT),
    ("wanghao", "入群申请统一审核话术", "各人审核口径不一致，广告账号混入。",
     "统一询问购车门店和车型，答不上来的不予入群。", "广告账号减少。", TO_CARRY_OUT),
    ("liuyang", "周末增设客服专线", "周末来电少，增设专线成本较高。",
     "周末安排两人值守专线。", "周末接通率提高。", TURNED_DOWN),
    ("yangfan", "知识库增加提前还款计算示例", "客户常问提前还款金额，答复用时较长。",
     "在知识库文章中增加计算示例。", "缩短答复时间。", REVIEW),
    ("agent", "回访结束时询问推荐意愿", "满意客户没有后续跟进。",
     "满意回访结束时询问是否愿意推荐亲友。", "增加转介绍。", SUBMITTED),
)
_MEMBERS = ("晨风", "老周的凯美瑞", "小满", "逐光", "南山客", "海棠", "阿杰", "微光")


class _Weeks(Story):
    """Makes the weeks in the order of time.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "work")
        self.monday = monday_of(local_today())
        self.names: dict[int | None, str] = {
            key: name for name, key in user_ids_by_name(self.session).items()}


def load(context: DemoContext) -> str:
    """Add weeks to a database that has none.

    Args:
        context: see ``app.sdk.demo``.
    """
    if context.complaints is not None:
        return "No weekly reports for a load test."
    if context.session.scalar(select(func.count()).select_from(WeeklyReport)):
        return "Weekly reports are there already."
    weeks = _Weeks(context)
    for back in range(WEEKS, -1, -1):
        _week(weeks, weeks.monday - dt.timedelta(days=DAYS * back), back)
    for place, row in enumerate(_PROPOSALS):
        _proposal(weeks, place, row)
    _groups(weeks)
    weeks.happen()
    return f"{WEEKS + 1} weeks of reports, {len(_PROPOSALS)} proposals, a log of group care."


def _week(weeks: _Weeks, monday: dt.date, back: int) -> None:
    weeks.later(weeks.local(monday, 1), lambda: begin_week(weeks.session, monday))
    if back == 0:
        return
    friday = monday + dt.timedelta(days=4)
    weeks.later(weeks.local(friday, 15), lambda: _reports(weeks, monday, back))
    late = friday + dt.timedelta(days=2)
    if _LATE[1] == back:
        weeks.later(weeks.local(late, 15), lambda: _reports(weeks, monday, back, _LATE[0]))
    weeks.later(weeks.local(friday, 19), lambda: look_after(weeks.session))


def _reports(weeks: _Weeks, monday: dt.date, back: int, only: str = "") -> None:
    """Let everybody hand in who does so on the day, or the one who is late."""
    session = weeks.session
    for place, one in enumerate(session.scalars(select(WeeklyReport).where(
            WeeklyReport.starts_on == monday).order_by(WeeklyReport.id)).all()):
        username = weeks.names[one.owner_id]
        if username != only if only else (username, back) in (_NEVER, _LATE):
            continue
        drawn, writer = place + back, weeks.actor(username)
        with write(session):
            update(session, writer, one, {
                "done": _DONE[drawn % len(_DONE)], "problems": _PROBLEMS[drawn % len(_PROBLEMS)],
                "plan": _PLANS[drawn % len(_PLANS)]})
            act(session, writer, one, "hand_in")
            if back > 1 or drawn % 3:
                act(session, weeks.actor(weeks.names[one.reader_id]), one, "mark_read",
                    {"remark": _REMARKS[drawn % len(_REMARKS)]})


def _proposal(weeks: _Weeks, place: int, row: tuple[str, ...]) -> None:
    username, subject, situation, proposal, expected, stage = row
    day = local_today() - dt.timedelta(days=30 - 4 * place)

    def happen() -> None:
        session, decides = weeks.session, weeks.actor("supervisor")
        one = create(session, weeks.actor(username), Proposal, {
            "subject": subject, "situation": situation, "proposal": proposal,
            "expected_effect": expected})
        if stage == SUBMITTED:
            return
        act(session, decides, one, "review")
        if stage == TURNED_DOWN:
            act(session, decides, one, "turn_down",
                {"reason": "周末来电量不足工作日的一成，现有值班已能满足。"})
        elif stage != REVIEW:
            _carried_out(weeks, one, username, stage)

    weeks.later(weeks.local(day, 10), happen)


def _carried_out(weeks: _Weeks, one: Proposal, username: str, stage: str) -> None:
    session = weeks.session
    act(session, weeks.actor("supervisor"), one, "adopt", {
        "responsible": weeks.users[username], "reward_points": 20,
        "due_on": local_today() + dt.timedelta(days=14), "reason": "可行，先在热线一组试行。"})
    if stage == TO_CARRY_OUT:
        return
    act(session, weeks.actor(username), one, "carry_out",
        {"carried_out": "已写入班组作业说明并培训。"})
    if stage == EFFECT:
        act(session, weeks.actor("supervisor"), one, "record_effect",
            {"effect": "试行两周，登记错误由每周 6 件降为 1 件。"})


def _groups(weeks: _Weeks) -> None:
    groups = list(weeks.session.scalars(select(CustomerGroup.id).order_by(CustomerGroup.id)))
    customers = list(weeks.session.scalars(select(Customer.id).order_by(Customer.id).limit(3)))

    def entry(place: int, username: str, values: dict[str, Any]) -> None:
        day = local_today() - dt.timedelta(days=24 - place)
        weeks.later(weeks.local(day, 11), lambda: create(
            weeks.session, weeks.actor(username), GroupEntry,
            {"group_id": groups[place % len(groups)], **values}))

    for place, member in enumerate(_MEMBERS):
        entry(place * 2, _CARERS[place % len(_CARERS)], {
            "act": ADDED, "member": member, "account": f"wx_demo_{place:03d}",
            "customer_id": customers[place] if place < len(customers) else None,
            "vetting": "已核对购车门店和车型。"})
    entry(5, "agent", {"act": REMOVED, "member": "低价保险顾问", "remark": "连续发布保险广告。"})
    entry(9, "wanghao", {"act": REMOVED, "member": "办证快", "remark": "发布办证广告。"})
    entry(12, "agent", {"act": TURNED_AWAY, "member": "未知用户", "vetting": "答不出购车信息。"})
