"""A year of appraisals for demonstrations: streaks, a low score, an objection, an open month."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story, set_settings
from app.sdk.forms import UNITS, FormDraft, ItemKind, ScoredForm
from app.sdk.models import Post, PostHolder, Staff
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import SYSTEM, settings_of, user_ids_by_name, write
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.calibration import operations as calibration
from plugins.appraisals.consequences.models import Consequence
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.operations import COMPILE, OPEN_SHEETS, RELEASE
from plugins.appraisals.ready_made import FIGURES, MONTHLY
from plugins.appraisals.referrals import demo as referrals
from plugins.appraisals.rules.overdue import PASS, REMIND
from plugins.appraisals.rules.periods import MONTH, months_later
from plugins.appraisals.shared import quietly
from plugins.appraisals.sheets import objections, overdue, tasks
from plugins.appraisals.sheets.answering import own_items, rated_items
from plugins.appraisals.sheets.calculation import form_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.signing import acting, next_signature

# Who holds the posts that sign and approve.
_HOLDERS = {"administration_manager": "hr", "marketing_director": "gaoqiang",
            "general_manager": "fengtao", "compensation": "songwei", "managers_office": "hejun"}
_POSTS = (("agent", MONTHLY, 300), ("complaint_handler", FIGURES, 320),
          ("customer_care_agent", MONTHLY, 280), ("supervisor", MONTHLY, 500),
          ("sales_consultant", MONTHLY, 300), ("service_advisor", MONTHLY, 300),
          ("approval_officer", MONTHLY, 300), ("loan_servicing_officer", MONTHLY, 300))
# How good somebody is, from 0 to 1; one month of 刘洋 is worse, see below.
_QUALITY = {"agent": 0.97, "wanghao": 0.86, "liuyang": 0.8, "zhangjing": 0.9, "yangfan": 0.82,
            "zhujie": 0.78, "heyan": 0.95, "supervisor": 0.93, "huangbin": 0.88, "linna": 0.84,
            "luoting": 0.2, "tangli": 0.9, "mengdie": 0.87}
_ONE_LOW_MONTH = ("liuyang", 4)
# Others make no callbacks: the item does not count for them.
_CALLERS = frozenset({"agent", "wanghao", "liuyang", "zhangjing", "heyan"})
_ANNOUNCED = "完成到期回访 | 每个工作日 15 个\n核实客户联系方式 | 75 项\n按时提交周报 | 4 篇"
_OWN_TASKS = _ANNOUNCED + "\n整理还款类常见问题 | 提交知识库 2 条"
_NO_CALLS_REASON = "本岗位不做回访，其他项目按比例分摊。"
_MONTHS = 11
# Consequences of the last months are still open.
_OPEN_CONSEQUENCES = 3
# The bonus table of the last month released is still to be approved.
_OPEN_TABLES = 2
# Referral rewards of this month are paid with its table.
_REFERRALS = 4
# The marketing director did not sign this sheet of this month in time: passed over by rule.
_PASSED_OVER, _PASSED_SHEET, _PASSED_AFTER = 3, "tangli", 5
# Two sheets of this month were calibrated before the release.
_CALIBRATED = 2
_ADJUSTED = {"zhujie": ("1.5", "与同组评分口径一致"),
             "huangbin": ("-1", "宣传材料延误两天，未计入评分")}
_SUMMARIES = ("完成回访和客户信息核实，跟进两件重点投诉。", "参加沟通培训，整理常见问题话术。",
              "协助新同事熟悉流程，客户满意度稳定。", "加群审核较多，及时清理广告账号。")
_COMMENTS = ("工作认真，继续保持。", "回访质量较好，信息完善可再提高。", "注意按时提交周报。")


class _Year(Story):
    """Makes the months in the order of time.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "appraisals")
        self.names: dict[int | None, str] = {
            key: name for name, key in user_ids_by_name(context.session).items()}
        self.sheets = sheet_operations()
        self._signers: dict[Any, int] = {}

    def of(self, user_id: int | None) -> Any:
        """Return the actor of a user."""
        assert user_id is not None
        return self.actor(self.names[user_id])

    def signer(self, sheet: Sheet, part: str) -> int:
        """Return who signs a sheet at a place."""
        key = (part, sheet.department_id, sheet.owner_id, sheet.appraiser_id)
        if key not in self._signers:
            self._signers[key] = acting(self.session, sheet, part)[0].user_id
        return self._signers[key]


def load(context: DemoContext) -> str:
    """Add a year of appraisals to a database that has none.

    Args:
        context: see ``app.sdk.demo``.
    """
    if context.complaints is not None:
        return "No appraisals for a load test."
    if context.session.scalar(select(func.count()).select_from(Cycle)):
        return "Appraisals are there already."
    year = _Year(context)
    today = local_today()
    this_month = today.replace(day=1)
    with year.at(year.local(months_later(today, -12), 9)):
        _posts(year)
    for back in range(_MONTHS, 0, -1):
        # Nobody wants to read hundreds of notices of months that are long over.
        with quietly() if back > 1 else contextlib.nullcontext():
            if back == _REFERRALS:
                referrals.decided(year, months_later(this_month, -back))
            _month(year, months_later(this_month, -back), back)
    with year.at(year.local(this_month, 9)):
        cycle = _open(year, this_month, _ANNOUNCED)
    _acknowledge(year, cycle, this_month)
    referrals.waiting(year)
    return "A year of appraisals for 12 people."


def _posts(year: _Year) -> None:
    session = year.session
    posts = dict(session.execute(select(Post.code, Post.id)).all())
    forms = dict(session.execute(select(FormDraft.code, FormDraft.id)).all())
    for post, username in _HOLDERS.items():
        staff = session.scalar(select(Staff.id).where(Staff.user_id == year.users[username]))
        known = session.scalar(select(PostHolder.id).where(
            PostHolder.post_id == posts[post], PostHolder.deputy_order == 0).limit(1))
        if known is None:
            create(session, SYSTEM, PostHolder, {"post_id": posts[post], "staff_id": staff})
    for post, form, quota in _POSTS:
        create(session, year.actor("hr"), PostForm, {
            "post_id": posts[post], "form_id": forms[form], "quota": quota, "kind": MONTH})


def _open(year: _Year, begin: dt.date, announced: str = "") -> Cycle:
    hr = year.actor("hr")
    cycle = create(year.session, hr, Cycle, {
        "starts_on": begin, "kind": MONTH, "tasks": announced})
    act(year.session, hr, cycle, OPEN_SHEETS)
    return cycle


def _acknowledge(year: _Year, cycle: Cycle, begin: dt.date) -> None:
    """Most have taken note of weights and tasks; two have declared tasks of their own."""
    session = year.session
    for place, sheet in enumerate(session.scalars(
            select(Sheet).where(Sheet.cycle_id == cycle.id).order_by(Sheet.id)).all()):
        if place % 4 == 3:
            continue
        with year.at(year.local(begin, 10)):
            tasks.acknowledge(session, year.sheets, year.of(sheet.owner_id), sheet, None)
        if place > 1:
            continue
        with year.at(year.local(begin + dt.timedelta(days=3), 10)):
            tasks.declare(session, year.sheets, year.of(sheet.owner_id), sheet, _OWN_TASKS,
                          "增加知识库整理任务", None)
            if place == 0:
                tasks.decide(session, year.sheets, year.of(sheet.appraiser_id), sheet,
                             {"agrees": True, "number": 2, "text": "同意"}, None)


def _month(year: _Year, begin: dt.date, back: int) -> None:
    session, end = year.session, months_later(begin, 1)
    with year.at(year.local(begin, 9)):
        cycle = _open(year, begin)
    sheets = session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)
                             .order_by(Sheet.id)).all()
    # One short transaction for each person, not one for each step: a year is a few thousand.
    for sheet in sheets:
        with year.at(year.local(end, 10)), write(session):
            _rate(year, sheet, _quality(year.names[sheet.owner_id], back))
    if back == 1:
        _last_month(year, sheets, end)
        return
    for sheet in sheets:
        with year.at(year.local(end + dt.timedelta(days=2), 15)), write(session):
            _sign(year, sheet, most=4 if _is_passed_over(year, sheet, back) else 10)
    if back == _PASSED_OVER:
        end += dt.timedelta(days=_PASSED_AFTER)
        _pass_over(year, sheets, end)
    if back == _CALIBRATED:
        _calibrate(year, cycle, sheets, end)
    with year.at(year.local(end + dt.timedelta(days=4), 9)):
        act(session, year.actor("hr"), cycle, RELEASE)
        act(session, year.actor("hr"), cycle, COMPILE)
    if back > _OPEN_TABLES:
        _approve(year, cycle, end + dt.timedelta(days=6))
    if back > _OPEN_CONSEQUENCES:
        for task in session.scalars(select(Consequence).where(Consequence.is_open)).all():
            act(session, year.actor("hr"), task, "finish", {"result": "已与本人面谈并办理。"})


def _is_passed_over(year: _Year, sheet: Sheet, back: int) -> bool:
    return back == _PASSED_OVER and year.names[sheet.owner_id] == _PASSED_SHEET


def _pass_over(year: _Year, sheets: Any, day: dt.date) -> None:
    """A signature is passed over by rule, and the next post signs."""
    session = year.session
    [sheet] = (one for one in sheets if year.names[one.owner_id] == _PASSED_SHEET)
    with year.at(year.local(day + dt.timedelta(days=2), 18)):
        set_settings(session, "appraisals", {
            "overdue_posts": PASS, "overdue_posts_days": _PASSED_AFTER})
        with write(session):
            overdue.look_after(session, year.sheets, sheet, settings_of(session, "appraisals"),
                               local_today())
        set_settings(session, "appraisals", {"overdue_posts": REMIND, "overdue_posts_days": 10})
    with year.at(year.local(day + dt.timedelta(days=3), 9)), write(session):
        _sign(year, sheet)


def _calibrate(year: _Year, cycle: Cycle, sheets: Any, end: dt.date) -> None:
    """HR adjusts two final scores together, and both people take note."""
    session, hr = year.session, year.actor("hr")
    chosen = [one for one in sheets if year.names[one.owner_id] in _ADJUSTED]
    typed = {}
    for sheet in chosen:
        points, reason = _ADJUSTED[year.names[sheet.owner_id]]
        typed |= {f"points_{sheet.id}": points, f"reason_{sheet.id}": reason}
    with year.at(year.local(end + dt.timedelta(days=3), 10)):
        seen = calibration.digest(calibration.propose(session, hr, cycle, typed))
        session.rollback()
        calibration.calibrate(session, hr, cycle, typed, seen)
    for sheet in chosen:
        with year.at(year.local(end + dt.timedelta(days=3), 16)):
            calibration.take_note(session, year.of(sheet.owner_id), sheet, None)


def _approve(year: _Year, cycle: Cycle, day: dt.date) -> None:
    table = year.session.scalars(select(BonusTable).where(BonusTable.cycle_id == cycle.id)).one()
    for step, post in (("review", "compensation"), ("approve", "managers_office")):
        with year.at(year.local(day, 11)):
            act(year.session, year.actor(_HOLDERS[post]), table, step)


def _quality(username: str, back: int) -> float:
    return 0.25 if (username, back) == _ONE_LOW_MONTH else _QUALITY.get(username, 0.8)


def _last_month(year: _Year, sheets: Any, end: dt.date) -> None:
    """The month that is being signed: one objection is open, some have signed."""
    for place, sheet in enumerate(sheets):
        with year.at(year.local(end + dt.timedelta(days=1), 15)):
            if year.names[sheet.owner_id] == "wanghao":
                objections.raise_objection(
                    year.session, year.sheets, year.of(sheet.owner_id), sheet, "learning",
                    "本月周报四篇均按时提交，改善意见也已上交，请核实。", None)
            elif place % 2:
                _sign(year, sheet, most=3)


def _rate(year: _Year, sheet: Sheet, quality: float) -> None:
    form = form_of(year.session, sheet)
    own = {item.name: year.chance.choice(_SUMMARIES) for item in own_items(form)}
    year.sheets.fill(year.session, year.of(sheet.owner_id), sheet,
                     {**own, **_answers(year, form, quality + 0.05)}, None, hands_in=True)
    calls = year.names[sheet.owner_id] in _CALLERS
    left_out = [] if calls else [
        name for name in ("callbacks", "customer_data") if form.item(name) is not None]
    year.sheets.rate(year.session, year.of(sheet.appraiser_id), sheet,
                     _answers(year, form, quality), left_out,
                    _NO_CALLS_REASON if left_out else "", None, passes_on=True)


def _answers(year: _Year, form: ScoredForm, quality: float) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in rated_items(form):
        if item.kind is ItemKind.LEVELS:
            drawn = quality + year.chance.uniform(-0.25, 0.15)
            found[item.name] = "A" if drawn > 0.72 else "B" if drawn > 0.45 else "C"
            if item.counts_units:
                found[item.name + UNITS] = str(year.chance.randint(0, int(20 * quality)))
        elif item.kind is ItemKind.PER_UNIT:
            found[item.name] = str(int(75 * min(quality + year.chance.uniform(-0.1, 0.1), 1.2)))
        elif item.kind is ItemKind.METRIC and item.worst is not None and item.best is not None:
            share = min(max(quality + year.chance.uniform(-0.15, 0.1), 0), 1)
            worst, best = float(item.worst), float(item.best)
            found[item.name] = f"{worst + (best - worst) * share:.1f}"
        else:
            found[item.name] = year.chance.choice(_COMMENTS)
    return found


def _sign(year: _Year, sheet: Sheet, most: int = 10) -> None:
    for _ in range(most):
        row = next_signature(year.session, sheet)
        if row is None:
            return
        who = year.signer(sheet, row.part)
        year.sheets.put_signature(year.session, year.of(who), sheet, "同意", None)
