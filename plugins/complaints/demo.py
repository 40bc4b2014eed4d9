"""Made-up complaints in Chinese in every state, and as many as a load test wants."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story, default_calendar
from app.sdk.errors import Rejected
from app.sdk.models import Customer, Department
from app.sdk.services import Actor, act, actor_for, create, user_ids_by_name, utcnow, write
from plugins.complaints.commands import run_import
from plugins.complaints.deadlines import TELL_PROGRESS
from plugins.complaints.demo_history import STEPS, CoursePlanner, DemoCourse
from plugins.complaints.load_generator import load_many
from plugins.complaints.models import Category, Cause, Channel, Complaint, Incident

COUNT = 160
REGISTER = "cfpb_complaints_dev.csv"
# What happened, what is demanded, category, cause, department that has to answer.
_STORIES = (
    ("提前还款被收取违约金，签约时销售未说明该条款。", "退还违约金并书面说明", "fees", "information", "SALES"),
    ("已结清贷款两个月，车辆抵押登记仍未解除。", "尽快办理解押并承担延误损失", "repayment", "process", "CREDIT"),
    ("催收人员在晚上十点后多次致电，语气不当。", "停止骚扰并书面道歉", "collection", "attitude", "COLLECT"),
    ("征信显示逾期一期，但当月已按时还款。", "更正征信记录", "credit_record", "mistake", "COLLECT"),
    ("新车提车三天后变速箱异响，到店两次未解决。", "更换变速箱或者换车", "vehicle_quality", "product", "AFTER"),
    ("上牌代办超过承诺时间二十天，影响用车。", "立即完成上牌并补偿租车费用", "delivery", "process", "SALES"),
    ("保养后仪表报警灯常亮，维修站要求再次付费。", "免费检修并退还上次工时费", "repair", "mistake", "AFTER"),
    ("续保时被默认加保驾乘意外险，未经同意。", "退保并退还保费", "insurance", "information", "SALES"),
    ("贷款审批提交材料后十天没有任何回复。", "告知审批结果和原因", "service", "process", "CREDIT"),
    ("个人信息疑似泄露，多次接到其他机构推销电话。", "说明信息使用情况并停止共享", "privacy", "policy", "CREDIT"),
    ("扣款系统重复扣款一期，客服称需等待十五个工作日。", "三日内退回重复扣款", "repayment", "system", "COLLECT"),
    ("合同利率与销售口头承诺不一致。", "按口头承诺利率执行或者撤销合同", "contract", "information", "SALES"),
    ("在展厅等候一小时无人接待，前台态度冷淡。", "改进服务并道歉", "service", "attitude", "SALES"),
    ("提车时发现车漆有修补痕迹，怀疑为展车。", "换车或者赔偿", "delivery", "product", "SALES"),
    ("电话转接四次仍无法办理还款卡变更。", "立即变更还款卡", "service", "system", "COLLECT"),
)
_SOLUTIONS = ("退还已收费用并电话致歉", "三个工作日内办结并补偿代步费用", "更正记录并出具书面说明",
              "免费检修并赠送一次保养", "由主管上门沟通并书面答复")
_HANDLERS = {"SALES": "linna", "AFTER": "luoting", "CREDIT": "tangli", "COLLECT": "mengdie",
             "CS": "yangfan", "CARE": "heyan"}
_LEADERS = {"SALES": "gaoqiang", "AFTER": "hejun", "CREDIT": "songwei", "COLLECT": "fengtao",
            "CS": "leader", "CARE": "supervisor"}


@dataclasses.dataclass(frozen=True, slots=True)
class _People:
    """Sign-in names of those who work on one complaint."""

    agent: str
    handler: str
    leader: str
    supervisor: str = "supervisor"


@dataclasses.dataclass(frozen=True, slots=True)
class _Aside:
    """A way that leaves the straight one: after how many steps, by whom, with what."""

    steps: int
    who: str
    transition: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


# Some of every 24 complaints: all that happens in a department happens here.
_ASIDES = {
    2: _Aside(0, "agent"),
    5: _Aside(STEPS.index("assign") + 1, "handler", "wait",
              {"waiting_for": "请客户提供还款流水和合同照片"}),
    8: _Aside(STEPS.index("assess") + 1, "agent", "withdraw",
              {"withdrawal_reason": "客户与门店协商一致，撤回投诉"}),
    11: _Aside(STEPS.index("assess") + 1, "agent", "merge"),
    14: _Aside(STEPS.index("propose") + 1, "supervisor", "escalate",
               {"escalation_reason": "客户表示将向媒体反映"}),
    17: _Aside(STEPS.index("collect_feedback") + 1, "agent", "dissatisfied",
               {"dissatisfaction_reason": "退款金额与承诺不符"}),
}
_OF_EACH = 24
_RATED = STEPS.index("rate") + 1
_PROPOSED = STEPS.index("propose") + 1
# Of all 160 these wait at home for the supervisor's and the manager's word.
_TO_APPROVE = {30: "CARE", 61: "CARE", 92: "CARE", 37: "CS", 68: "CS", 99: "CS"}


class _Lists:
    """Ids of lists and people that stories name."""

    def __init__(self, context: DemoContext) -> None:
        session = context.session

        def ids(model: Any) -> dict[str, int]:
            return {row.code: row.id for row in session.execute(select(model.code, model.id))}

        self.channels, self.categories, self.causes = ids(Channel), ids(Category), ids(Cause)
        self.departments = ids(Department)
        self.users = user_ids_by_name(session)
        self.customers = list(session.scalars(select(Customer.id).order_by(Customer.id)))
        self._session = session
        self._actors: dict[tuple[str, dt.date], Actor] = {}

    def actor(self, username: str) -> Actor:
        """Return a person as of the present day: who is away, and who stands in, changes by day."""
        key = (username, utcnow().date())
        if key not in self._actors:
            person = actor_for(self._session, self.users[username])
            assert person is not None, username
            self._actors[key] = person
        return self._actors[key]


def load(context: DemoContext) -> str:
    """Add complaints to a database that has none; a load test's number on top.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if context.complaints is not None:
        return f"{load_many(context, context.complaints, _STORIES)} generated complaints."
    if session.scalar(select(func.count()).select_from(Complaint)):
        return "Complaints are there already."
    story, lists = Story(context, "complaints"), _Lists(context)
    planner = CoursePlanner(default_calendar(session), story.chance, story.now)
    cases = [_plan(story.chance, lists, planner, serial) for serial in range(COUNT)]
    with story.at(min(case.course.received_at for case in cases)):
        incident_id = _incident(context, lists)
    # What happens to one complaint happens between what happens to the others: numbers, history
    # and the audit trail follow the time.
    events = [(at, serial, place) for serial, case in enumerate(cases)
              for place, at in enumerate(case.moments)]
    for at, serial, place in sorted(events):
        with story.at(at):
            _Worker(context, lists, cases[serial], incident_id).act(place)
    made = f"{COUNT} complaints in every state of the workflow"
    register_file = context.settings.data_dir / REGISTER
    if not register_file.is_file():
        return f"{made}."
    found = run_import(register_file, "cfpb", department="CS")
    return f"{made}, {found['created']} of the public register."


def _incident(context: DemoContext, lists: _Lists) -> int:
    actor = lists.actor("supervisor")
    return create(context.session, actor, Incident, {
        "subject": "扣款系统升级导致重复扣款", "description": "十一月扣款批次重复执行，涉及多名客户。",
        "started_on": utcnow().date(), "owner_id": actor.user_id,
    }).id


@dataclasses.dataclass(slots=True)
class _Case:
    """One complaint: what is told, who works on it, when; and what came of it so far."""

    serial: int
    values: dict[str, Any]
    story: tuple[str, ...]
    department: str
    severity: str
    people: _People
    course: DemoCourse
    aside: _Aside | None
    moments: tuple[dt.datetime, ...]
    choices: random.Random
    record: Complaint | None = None
    is_stuck: bool = False


def _plan(
    random_: random.Random, lists: _Lists, planner: CoursePlanner, serial: int
) -> _Case:
    story = random_.choice(_STORIES)
    department = _TO_APPROVE.get(serial, story[4])
    severity = random_.choices(("minor", "normal", "serious", "critical"), (3, 5, 3, 1))[0]
    aside = None if serial in _TO_APPROVE else _ASIDES.get(serial % _OF_EACH)
    if serial in _TO_APPROVE:
        course = planner.under_way(severity, _PROPOSED)
    elif aside is not None:
        course = planner.under_way(severity, aside.steps, bool(aside.transition))
    elif random_.random() < 0.5:
        course = planner.done(severity)
    else:
        course = planner.under_way(severity, random_.randrange(_RATED))
    agent = random_.choice(("agent", "wanghao", "liuyang", "zhangjing", "yangfan", "zhujie"))
    moments = (course.received_at, *course.steps)
    if course.aside is not None:
        moments = (*moments, course.aside)
    return _Case(
        serial, _told(random_, lists, serial, story, aside), story, department, severity,
        _People(agent, _HANDLERS[department], _LEADERS[department]), course, aside, moments,
        random.Random(random_.random()),
    )


def _told(
    random_: random.Random, lists: _Lists, serial: int, story: tuple[str, ...],
    aside: _Aside | None,
) -> dict[str, Any]:
    """Return what the customer tells and the agent writes down."""
    return {
        "customer_id": random_.choice(lists.customers), "reason": story[0],
        # What the customer demands has yet to be asked: it stays at the very beginning.
        "demand": "" if aside is not None and not aside.steps else story[1],
        "channel_id": lists.channels[random_.choices(
            ("phone", "web", "on_site", "postal_mail", "email"), (60, 20, 10, 4, 6))[0]],
        "category_id": lists.categories[story[2]],
        "product": random_.choice(("新车贷", "二手车贷", "以租代购", "车主信用贷")),
        "region": random_.choice(("上海", "广东", "浙江", "江苏", "四川", "湖北", "北京")),
        "rule_book": random_.choices(("house", "cn_cbirc_2020", "cn_cars_warranty"),
                                     (6, 3, 1))[0],
        **({"owner_id": None} if serial % 23 == 0 else {}),
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _Worker:
    """Does what happens to one complaint, through the services of the product."""

    context: DemoContext
    lists: _Lists
    case: _Case
    incident_id: int

    def act(self, place: int) -> None:
        """Do what happens at one of the moments of the case: receipt, steps, the way aside."""
        if self.case.is_stuck:
            return
        if place == 0:
            self._register()
        elif place <= len(self.case.course.steps):
            self._step(STEPS[place - 1])
        else:
            self._leave_the_way()

    def _register(self) -> None:
        case = self.case
        incident = {"incident_id": self.incident_id} if "重复扣款" in case.story[0] else {}
        case.record = create(
            self.context.session, self.lists.actor(case.people.agent), Complaint,
            {**case.values, **incident},
        )

    def _step(self, step: str) -> None:
        session, case = self.context.session, self.case
        username, values = self._of_step(step)
        actor = self.lists.actor(username)
        try:
            with write(session):
                act(session, actor, case.record, step, values)
                if step == "assess":
                    self._tell(actor)
        except Rejected:
            # An owner of another team, or nobody yet: it stays where it is, as in real life.
            case.is_stuck = True

    def _tell(self, actor: Actor) -> None:
        """Tell the customer how far the complaint has come, sometimes with a promise."""
        promise = {"promised_at": utcnow() + dt.timedelta(days=3)}
        act(self.context.session, actor, self.case.record, TELL_PROGRESS, {
            "text": "已告知客户正在核实，预计三日内答复。",
            **(promise if self.case.choices.random() < 0.4 else {}),
        })

    def _of_step(self, step: str) -> tuple[str, dict[str, Any]]:
        """Return who takes a step and what they enter."""
        case, lists, choose = self.case, self.lists, self.case.choices.choice
        agent, handler = case.people.agent, case.people.handler
        return {
            "assess": (agent, {
                "severity": case.severity, "urgency": choose(("low", "normal", "high")),
                "cause_id": lists.causes[case.story[3]],
                "cause_analysis": "经核实，情况基本属实。",
            }),
            "assign": ("supervisor", {
                "responsible_department_id": lists.departments[case.department],
                "handler_id": lists.users[handler],
                "liability": choose(("department", "employee", "process", "shared")),
            }),
            "propose": (handler, {"solution": choose(_SOLUTIONS)}),
            "approve": (case.people.leader, {"approval_note": "同意"}),
            "consent": (handler, {}),
            "carry_out": (handler, {"result": "已按方案办结"}),
            "collect_feedback": (handler, {"feedback": "客户已收到结果"}),
            "rate": (handler, {"outcome": choose(("satisfied", "satisfied", "fair"))}),
            "summarise": (handler, {"summary": "已闭环", "improvement": "补充话术与告知书"}),
            "archive": ("supervisor", {}),
        }[step]

    def _leave_the_way(self) -> None:
        session, case = self.context.session, self.case
        aside, record = case.aside, case.record
        assert aside is not None and record is not None
        values: dict[str, Any] = dict(aside.values)
        if aside.transition == "merge":
            # The complaint registered before this one is the one that is kept.
            values["merged_into_id"] = session.scalar(
                select(func.max(Complaint.id)).where(
                    Complaint.id < record.id, Complaint.team_id == record.team_id,
                    Complaint.is_open)
            )
            if values["merged_into_id"] is None:
                return
        actor = self.lists.actor(getattr(case.people, aside.who))
        with contextlib.suppress(Rejected):
            act(session, actor, record, aside.transition, values)
