"""The two forms that come with the product (K2); an admin changes and replaces them.

What the system knows fills itself in. Figures of other plugins are named by text: where a plugin is
not there, its items have no data and leave their weight to the others.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.forms import (
    FilledBy,
    FormDraft,
    Item,
    ItemKind,
    Level,
    Part,
    ScoredForm,
    ship_form,
)
from app.sdk.people import ATTENDANCE

MONTHLY, FIGURES = "appraisals.month", "appraisals.figures"


def _levels(*points: int, texts: tuple[tuple[str, str], ...] = ()) -> tuple[Level, ...]:
    words = texts or (("Good", "好"), ("Fair", "一般"), ("Poor", "较差"))
    return tuple(Level(code, Decimal(point), english, chinese)
                 for code, point, (english, chinese) in zip("ABC", points, words, strict=True))


def _abc(name: str, english: str, chinese: str, texts: tuple[tuple[str, str], ...],
         source: str = "") -> Item:
    return Item(name, ItemKind.LEVELS, english, chinese, weight=Decimal(10), source=source,
                levels=_levels(10, 5, 0, texts=texts))


_CALLBACKS = (
    Level("A", Decimal(15), "15 or more a day", "每天 15 个以上", at_least=Decimal(15)),
    Level("B", Decimal(13), "10 or more a day", "每天 10 个以上", at_least=Decimal(10)),
    Level("C", Decimal(6), "Fewer than 10 a day", "每天不足 10 个"))
_WORK = (
    Item("group_care", ItemKind.LEVELS, "Group care", "客服加群", weight=Decimal(10),
         levels=_levels(10, 8, 3), unit_points=Decimal("0.1"), source="work.members_added",
         unit="members added", unit_zh="新增群成员（人）",
         help="Members are admitted after vetting, advertisers are removed.",
         help_zh="入群须先审核，发现广告及时移除。"),
    Item("callbacks", ItemKind.LEVELS, "Callbacks", "客户回访", weight=Decimal(15),
         levels=_CALLBACKS, source="callbacks.tried", per_day=True,
         help="Against 15 on each working day.", help_zh="标准为每人每个工作日 15 个。"),
    Item("customer_data", ItemKind.PER_UNIT, "Customer data completion", "客户信息完善",
         weight=Decimal(15), unit_points=Decimal("0.2"), unit="items verified",
         unit_zh="核实信息（项）", source="customers.items_verified_in_contact",
         help="Items of customer data verified after one's own callback.",
         help_zh="本人回访后核实的客户信息。"),
    Item("cooperation", ItemKind.LEVELS, "Cooperation with other departments", "部门协作",
         weight=Decimal(10), levels=_levels(10, 8, 3)),
    Item("complaint_handling", ItemKind.LEVELS,
         "Information collection and efficiency of complaint handling", "信息收集与投诉处理效率",
         weight=Decimal(10), levels=_levels(10, 8, 3)),
)
_ALL = Decimal(100)
_LEARNING = (
    Level("A", Decimal(10), "Weekly reports on time and a proposal each month",
          "按时提交周报，每月有改善意见", at_least=_ALL, second_at_least=Decimal(1)),
    Level("B", Decimal(5), "Weekly reports on time, no proposal", "按时提交周报，无改善意见",
          at_least=_ALL),
    Level("C", Decimal(0), "Weekly reports missing", "未按时提交周报"))
_CONDUCT = (
    _abc("attitude", "Attitude", "工作态度", (
        ("Active and responsible, goes beyond the task", "积极主动、认真负责，超出职责要求"),
        ("Does what is asked", "能完成交办的工作"),
        ("Has to be pushed", "需要督促才能完成"))),
    Item("learning", ItemKind.LEVELS, "Learning", "学习能力", weight=Decimal(10), levels=_LEARNING,
         source="work.reports_on_time_rate", second_source="work.proposals"),
    _abc("team_spirit", "Team spirit", "团队精神", (
        ("Helps colleagues and shares experience", "主动帮助同事、分享经验"),
        ("Works together when asked", "能配合同事工作"),
        ("Does not work together", "不配合团队工作"))),
    _abc("attendance", "Attendance", "出勤", (
        ("No leave, not late, did not leave early", "无请假、迟到、早退"),
        ("Up to 3 days, or the badge not worn more than 3 times",
         "请假等累计 3 天以内，或未戴工牌超过 3 次"),
        ("Over 3 days, or the badge not worn more than 5 times",
         "请假等累计超过 3 天，或未戴工牌超过 5 次")), source=ATTENDANCE),
)
_OWN_WORDS = (
    Item("summary", ItemKind.TEXT, "Summary of the month's work", "本月工作小结",
         filled_by=FilledBy.SUBJECT),
    Item("comment", ItemKind.TEXT, "Remarks of the appraiser", "考核人评语"),
)
MONTHLY_FORM = ScoredForm("Monthly appraisal", "月度绩效考核表", (
    Part("Work", "工作业绩", _WORK), Part("Conduct", "工作表现", _CONDUCT),
    Part("In words", "文字说明", _OWN_WORDS)))


def _figure(
    name: str, english: str, chinese: str, weight: int, ends: tuple[int, int], source: str = "",
) -> Item:
    worst, best = map(Decimal, ends)
    return Item(name, ItemKind.METRIC, english, chinese, weight=Decimal(weight), worst=worst,
                best=best, source=source)


FIGURES_FORM = ScoredForm("Appraisal by figures", "指标考核表", (
    Part("Figures", "服务指标", (
        _figure("satisfaction", "Customer satisfaction (%)", "客户满意度（%）", 20, (60, 95),
                "complaints.satisfied_rate"),
        _figure("complaint_rate", "Complaint rate (%)", "投诉率（%）", 10, (5, 0),
                "complaints.complaint_rate"),
        _figure("resolution_rate", "Resolution rate (%)", "问题解决率（%）", 15, (60, 95),
                "complaints.resolution_rate"),
        _figure("response_time", "Average response time (minutes)", "平均响应时间（分钟）", 10,
                (60, 5), "complaints.response_time"),
        _figure("handling_timeliness", "Complaints handled in time (%)", "投诉处理时效（%）", 15,
                (60, 100), "complaints.deadline_kept_rate"),
        _figure("items_handled", "Work items handled", "处理工作量（件）", 10, (0, 200),
                "complaints.resolved"))),
    Part("Knowledge", "专业知识", (
        Item("business", ItemKind.LEVELS, "Knowledge of the business", "业务知识",
             weight=Decimal(10), levels=_levels(10, 8, 3)),
        Item("policy", ItemKind.LEVELS, "Knowledge of policy and law", "政策法规",
             weight=Decimal(10), levels=_levels(10, 8, 3)))),
    Part("In words", "文字说明", _OWN_WORDS)))


def load(session: Session) -> None:
    """Add both forms where they are not there yet."""
    ship_form(session, MONTHLY, MONTHLY_FORM)
    ship_form(session, FIGURES, FIGURES_FORM)


def form_id(session: Session, code: str) -> int | None:
    """Return the key of a ready-made form, or ``None``."""
    return session.scalar(select(FormDraft.id).where(FormDraft.code == code))
