"""About forty loan applications in every state for demonstrations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story, attach_file, set_settings
from app.sdk.models import Customer, Department, Post, PostHolder, Staff
from app.sdk.people import holders_of, local_today
from app.sdk.services import SYSTEM, act, create, utcnow, write
from plugins.loans.checklist.services import documents_of
from plugins.loans.models import LoanApplication, LoanProduct, RefusalReason

COUNT = 40
_GENERAL_MANAGER = "fengtao"
_CREDIT, _OFFICER, _MANAGER = "CREDIT", "tangli", "songwei"
_AGENTS = ("agent", "wanghao", "liuyang", "zhangjing")
# Who reviews is another person of the same team.
_REVIEWERS = {"agent": "wanghao", "wanghao": "agent", "liuyang": "zhangjing",
              "zhangjing": "liuyang"}
# How far applications come, in the order of the way; the last word is where they stop.
_WAYS = (
    "told", "told", "told", "told_refused", "told_not_eligible", "approved", "refused",
    "not_eligible", "in_approval", "in_approval", "handed_over", "handed_over", "under_review",
    "under_review", "documents_missing", "documents_missing", "received", "received", "withdrawn",
    "told",
)
_DAYS_PER_APPLICATION = 2
_LATEST = 36
_VEHICLES = (
    ("new_car", "大众 帕萨特 2026 款", 210_000), ("new_energy", "比亚迪 汉 EV", 230_000),
    ("new_energy", "问界 M7", 290_000), ("used_car", "2021 年 本田 雅阁", 120_000),
    ("new_car", "丰田 凯美瑞", 190_000), ("new_energy", "特斯拉 Model 3", 236_000),
    ("used_car", "2020 年 奥迪 A4L", 160_000), ("new_car", "宝马 5 系", 460_000),
)
_EMPLOYERS = ("华东机械有限公司", "长江物流", "市第二中学", "云帆软件", "康宁医院", "金桥电子厂")
_CREDIT_RECORDS = ("无逾期记录", "近两年逾期一次，已结清", "信用卡使用率较高", "无贷款记录")
_SAID = ("材料已收到，排队审批中。", "审批专员正在电话核实收入。", "等待经理审批。")
_PDF = b"%PDF-1.4\n%%EOF\n"


class _Applications(Story):
    """The applications of some weeks, each made from its beginning to where it stops.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "loans")
        session = self.session
        self.context = context
        self.customers = list(session.scalars(
            select(Customer.id).where(Customer.phone != "").order_by(Customer.id)))
        self.products = dict(session.execute(select(LoanProduct.code, LoanProduct.id)).all())
        self.reasons = dict(session.execute(select(RefusalReason.code, RefusalReason.id)).all())
        self.department = session.scalars(
            select(Department.id).where(Department.code == _CREDIT)).one()

    def step(self, username: str, one: LoanApplication, name: str, **values: Any) -> None:
        """Let a person do something."""
        act(self.session, self.actor(username), one, name, values)


def load(context: DemoContext) -> str:
    """Add applications to a database that has none.

    Args:
        context: see ``app.sdk.demo``.
    """
    if context.complaints is not None:
        return "No loan applications for a load test."
    if context.session.scalar(select(func.count()).select_from(LoanApplication)):
        return "Loan applications are there already."
    story = _Applications(context)
    _appoint(story)
    set_settings(context.session, "loans", {"approval_department_id": story.department})
    now = utcnow()
    for serial in range(COUNT):
        days = _LATEST - serial * _LATEST / COUNT
        _one(story, serial, now - dt.timedelta(days=days * _DAYS_PER_APPLICATION))
    return f"{COUNT} loan applications in every state."


def _appoint(story: _Applications) -> None:
    """Let somebody hold the post of the second approval, where nobody does."""
    session = story.session
    if holders_of(session, "general_manager"):
        return
    staff = session.scalars(
        select(Staff.id).where(Staff.user_id == story.users[_GENERAL_MANAGER])).one()
    post = session.scalars(select(Post.id).where(Post.code == "general_manager")).one()
    create(session, SYSTEM, PostHolder, {"post_id": post, "staff_id": staff})


def _one(story: _Applications, serial: int, begun: dt.datetime) -> None:
    way = _WAYS[serial % len(_WAYS)]
    agent = _AGENTS[serial % len(_AGENTS)]
    # What is under way began lately, so that not everything is overdue.
    if way in ("received", "documents_missing", "under_review", "handed_over", "in_approval"):
        begun = utcnow() - dt.timedelta(hours=story.chance.randint(3, 60))
    with story.at(begun), write(story.session):
        one = _intake(story, serial, agent)
    if way == "received":
        return
    with story.at(_later(begun, 1)), write(story.session):
        if way == "documents_missing" or story.chance.random() < 0.4:
            story.step(agent, one, "ask_documents", asked_text="请补交收入证明和征信报告。")
    if way == "documents_missing":
        return
    if way == "withdrawn":
        with story.at(_later(begun, 5)):
            story.step(agent, one, "withdraw", withdrawal_reason="客户改为全款购车")
        return
    _review(story, one, agent, begun, way)


def _later(begun: dt.datetime, hours: float) -> dt.datetime:
    return begun + dt.timedelta(hours=hours)


def _intake(story: _Applications, serial: int, agent: str) -> LoanApplication:
    chance = story.chance
    code, vehicle, price = _VEHICLES[serial % len(_VEHICLES)]
    paid = Decimal(price) * chance.choice((30, 35, 40)) / 100
    return create(story.session, story.actor(agent), LoanApplication, {
        "customer_id": chance.choice(story.customers), "product_id": story.products[code],
        "vehicle_text": vehicle, "vehicle_price": Decimal(price), "down_payment": paid,
        "amount": (Decimal(price) - paid) // 1000 * 1000,
        "term_months": chance.choice((12, 24, 36)),
        "employment": "employed" if serial % 4 else "self_employed",
        "employer": chance.choice(_EMPLOYERS),
        "monthly_income": str(chance.randrange(7_000, 32_000, 500)),
        "credit_record": chance.choice(_CREDIT_RECORDS),
        "source": chance.choice(("enquiry", "callback", "showroom", "dealer", "online")),
    })


def _review(
    story: _Applications, one: LoanApplication, agent: str, begun: dt.datetime, way: str
) -> None:
    reviewer, session = _REVIEWERS[agent], story.session
    with story.at(_later(begun, 20)), write(session):
        _hand_in(story, one, agent)
        story.step(reviewer, one, "start_review")
    if way == "under_review":
        return
    with story.at(_later(begun, 24)), write(session):
        if way.endswith("not_eligible"):
            story.step(reviewer, one, "not_eligible_found",
                       refusal_reason_id=story.reasons["credit"], advice="")
        else:
            _confirm_and_hand_over(story, one, reviewer)
    if way.endswith("not_eligible"):
        _tell(story, one, agent, _later(begun, 30), way)
        return
    _approval(story, one, agent, begun, way)


def _hand_in(story: _Applications, one: LoanApplication, agent: str) -> None:
    file = attach_file(story.context, story.actor(agent), one, f"{one.customer_name}-材料.pdf",
                       _PDF)
    issued = local_today() - dt.timedelta(days=story.chance.randint(1, 8))
    for document in documents_of(story.session, one):
        if document.required:
            story.step(agent, one, "enter_document", kind_id=document.kind_id,
                       file_id=str(file.id), issued_on=issued)


def _confirm_and_hand_over(story: _Applications, one: LoanApplication, reviewer: str) -> None:
    for document in documents_of(story.session, one):
        if document.required:
            story.step(reviewer, one, "check_document", kind_id=document.kind_id,
                       judgement="accepted")
    story.step(reviewer, one, "confirm", findings=["complete", "true", "valid"])
    story.step(reviewer, one, "hand_over", approval_department_id=story.department,
               approval_officer_id=story.users[_OFFICER])


def _approval(
    story: _Applications, one: LoanApplication, agent: str, begun: dt.datetime, way: str
) -> None:
    with story.at(_later(begun, 40)), write(story.session):
        if way != "handed_over":
            story.step(_OFFICER, one, "accept")
        story.step(agent, one, "follow_up", contact="唐莉", text=story.chance.choice(_SAID),
                   promised_on=local_today() + dt.timedelta(days=story.chance.randint(0, 2)))
        if way == "in_approval" and story.chance.random() < 0.5:
            story.step(agent, one, "raise_problem", subject="系统提示收入信息不一致",
                       description="请审批部门核对录入的月收入。", owner_id=story.users[agent],
                       due_on=local_today() + dt.timedelta(days=2))
    if way in ("handed_over", "in_approval"):
        return
    with story.at(_later(begun, 64)), write(story.session):
        if way.endswith("refused"):
            story.step(_MANAGER, one, "refuse", advice="",
                       refusal_reason_id=story.reasons[story.chance.choice(
                           ("income", "debt", "credit", "vehicle"))])
        elif one.amount >= (one.product.second_from or 0):
            story.step(_MANAGER, one, "pass_on", approval_note="同意")
            story.step(_GENERAL_MANAGER, one, "approve", approval_note="同意")
        else:
            story.step(_MANAGER, one, "approve", approval_note="同意")
    _tell(story, one, agent, _later(begun, 72), way)


def _tell(
    story: _Applications, one: LoanApplication, agent: str, moment: dt.datetime, way: str
) -> None:
    if not way.startswith("told"):
        return
    with story.at(moment):
        if one.state == "approved":
            story.step(agent, one, "tell", told_channel="phone", inbound=True,
                       told_text="已告知审批通过，请携带身份证到网点签约。",
                       takes_up=story.chance.random() < 0.8)
        else:
            story.step(agent, one, "tell_refusal", told_channel="phone", inbound=True,
                       told_text="已说明原因并给出建议。")
