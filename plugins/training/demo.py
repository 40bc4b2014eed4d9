"""A year of training for demonstrations: sessions, a question bank, people in every colour."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story
from app.sdk.models import Staff
from app.sdk.people import local_today
from app.sdk.records import act, create, operations_of, update
from app.sdk.services import SYSTEM
from plugins.training.choices import APPRAISAL_EXCELLENT
from plugins.training.courses.models import Course, Material, Plan, PlanLine
from plugins.training.demo_questions import QUESTIONS
from plugins.training.drills.models import Drill
from plugins.training.drills.operations import OBSERVE
from plugins.training.duties.models import DutyRule
from plugins.training.exams import answers as forms
from plugins.training.exams.attempts import AttemptOperations
from plugins.training.exams.models import Attempt, Exam, ExamPart, Question, Topic
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.sessions.models import Session
from plugins.training.sessions.operations import SessionOperations
from plugins.training.tutoring.models import TutoringRule

# Code, name, kind, proof, months of validity, hours, topic of its exam.
_COURSES = (
    ("SEC", "信息安全必修课", "business", "exam", 12, 2, "information_security"),
    ("LOAN", "车贷业务入门", "onboarding", "exam", 24, 8, "car_loans"),
    ("STD", "客户服务规范", "onboarding", "exam", 24, 4, "service_standards"),
    ("TALK", "投诉沟通技巧", "business", "attendance", 12, 3, ""),
    ("CROSS", "销售与客服协作", "cross", "attendance", 0, 2, ""),
)
_MATERIALS = (
    ("SEC", "信息安全手册", "一、离座锁屏。\n二、密码只有本人知道。\n三、客户资料不出公司系统。"),
    ("STD", "电话服务规范", "三声之内接听，先问候，等客户先挂断。"),
    ("LOAN", "车贷产品说明", "首付比例、还款方式、提前还款与抵押登记。"),
)
# Who passed which exam how many days ago: green, due, expired.
_PASSED = {
    "SEC": {"agent": 60, "wanghao": 345, "liuyang": 400, "supervisor": 30, "leader": 90,
            "huangbin": 350, "mengdie": 200, "tangli": 20, "linna": 390, "hr": 100},
    "LOAN": {"agent": 300, "wanghao": 500, "liuyang": 710, "zhangjing": 120},
    "STD": {"agent": 290, "wanghao": 480, "yangfan": 30, "zhangjing": 100},
}
_FAILED = {"SEC": {"luoting": 12, "yangfan": 3}, "LOAN": {"yangfan": 8}}
_NEW = {"heyan": 20}
_LEARNERS = ("agent", "wanghao", "liuyang", "zhangjing", "yangfan", "mengdie", "linna", "tangli",
             "luoting", "heyan")
_METHODS = ("lecture", "case", "simulation", "script")


class _Year(Story):
    """Makes what happened, in the order in which it happened.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "training")
        self.today = local_today()
        self.courses: dict[str, Course] = {}
        self.exams: dict[str, Exam] = {}

    def moment(self, days: int, hour: int = 10) -> dt.datetime:
        """Return an hour of the day that lies some days back."""
        return self.local(self.today - dt.timedelta(days=days), hour)


def load(context: DemoContext) -> str:
    """Add a year of training to a database that has none.

    Args:
        context: see ``app.sdk.demo``.
    """
    if context.complaints is not None:
        return "No training for a load test."
    if context.session.scalar(select(func.count()).select_from(Course)):
        return "Training is there already."
    year = _Year(context)
    with year.at(year.moment(740)):
        _catalogue(year)
    _sessions(year)
    for code, people in _PASSED.items():
        for username, days in people.items():
            year.later(year.moment(days, 14), _taking(year, username, code, True))
    for code, people in _FAILED.items():
        for username, days in people.items():
            year.later(year.moment(days, 15), _taking(year, username, code, False))
    year.happen()
    _now(year)
    return f"A year of training with {len(QUESTIONS) * 20} questions."


def _catalogue(year: _Year) -> None:
    session, hr = year.session, year.actor("hr")
    for code, name, kind, proof, months, hours, _ in _COURSES:
        year.courses[code] = create(session, hr, Course, {
            "code": code, "name": name, "kind": kind, "proof": proof, "valid_months": months,
            "hours": hours, "description": f"{name}：结合实际案例讲解，课后须完成考核。"})
    for code, title, body in _MATERIALS:
        create(session, hr, Material, {
            "course_id": year.courses[code].id, "title": title, "body": body})
    topics = {row.code: row.id for row in session.execute(select(Topic.code, Topic.id))}
    for (topic, language), rows in QUESTIONS.items():
        for kind, difficulty, text, answers, explanation in rows:
            create(session, hr, Question, {
                "topic_id": topics[topic], "language": language, "kind": kind,
                "difficulty": difficulty, "text": text, "answers": answers,
                "explanation": explanation})
    names = {("SEC", "en"): "Information security", ("LOAN", "en"): "Car loans",
             ("STD", "en"): "Service standards"}
    for code, name, _, _, _, _, topic in _COURSES:
        for language in ("zh", "en") if topic else ():
            exam = create(session, hr, Exam, {
                "name": names.get((code, language), f"{name}考试"), "language": language,
                "course_id": year.courses[code].id, "minutes": 20, "pass_mark": 80})
            for difficulty, number in (("easy", 5), ("medium", 3)):
                create(session, hr, ExamPart, {
                    "exam_id": exam.id, "topic_id": topics[topic], "difficulty": difficulty,
                    "number_of": number, "points": 1 if difficulty == "easy" else 2})
            act(session, hr, exam, "publish")
            if language == "zh":
                year.exams[code] = exam
    rules: tuple[dict[str, Any], ...] = (
        {"name": "全员信息安全", "course_id": year.courses["SEC"].id, "days": 30, "place": 1},
        {"name": "新员工：车贷业务", "course_id": year.courses["LOAN"].id, "role": "agent",
         "days": 14, "place": 2},
        {"name": "新员工：服务规范", "course_id": year.courses["STD"].id, "role": "agent",
         "days": 21, "place": 3},
        {"name": "客服沟通技巧", "course_id": year.courses["TALK"].id, "role": "agent",
         "tenure_from": 3, "days": 180},
    )
    for rule in rules:
        create(session, hr, DutyRule, rule)


def _sessions(year: _Year) -> None:
    codes = tuple(year.courses)
    for month in range(12):
        code = codes[month % len(codes)]
        begin = year.moment(355 - month * 30, 9)
        year.later(begin - dt.timedelta(days=10), _announced(year, code, begin, month))


def _announced(year: _Year, code: str, begin: dt.datetime, month: int) -> Callable[[], None]:
    def happen() -> None:
        outside = month % 3 == 2
        made = create(year.session, year.actor("hr"), Session, {
            "course_id": year.courses[code].id, "starts_at": begin, "capacity": 8,
            "method": _METHODS[month % 4], "place": "三楼培训室",
            "trainer_id": None if outside else year.users["supervisor"],
            "outside_trainer": "省金融培训中心 王老师" if outside else "",
            "cost": 3000 if outside else 200})
        act(year.session, year.actor("hr"), made, "open_enrolment")
        people = year.chance.sample(_LEARNERS, 7)
        for username in people:
            act(year.session, year.actor(username), made, "enrol_me")
        with year.at(begin + dt.timedelta(hours=4)):
            came = {year.users[one] for one in people[:6]}
            _session_operations().tick_off(year.session, year.actor("hr"), made, came)
            act(year.session, year.actor("hr"), made, "hold")
    return happen


def _session_operations() -> SessionOperations:
    operations = operations_of(Session)
    assert isinstance(operations, SessionOperations)
    return operations


def _taking(year: _Year, username: str, code: str, passes: bool) -> Callable[[], None]:
    def happen() -> None:
        operations = operations_of(Attempt)
        assert isinstance(operations, AttemptOperations)
        actor = year.actor(username)
        attempt = operations.start(year.session, actor, year.exams[code])
        for item in operations.items(year.session, attempt):
            right = year.chance.random() < 0.95 if passes else year.chance.random() < 0.4
            given = _given(forms.read(item.kind, item.answers), right or passes, year.chance)
            operations.answer(year.session, actor, attempt, item.place, given, onwards=True)
        operations.finish(year.session, actor, attempt)
    return happen


def _given(answers: forms.Answers, right: bool, chance: random.Random) -> list[str]:
    if answers.kind == forms.NUMBER:
        return [f"{(answers.low + answers.high) / 2:g}" if right else "1"]
    if answers.kind == forms.ORDERING:
        order = list(range(len(answers.options)))
        return [str(one) for one in (order if right else order[::-1])]
    if right:
        return [str(one) for one in answers.right]
    return [str(next(one for one in range(len(answers.options)) if one not in answers.right))] \
        if len(answers.right) < len(answers.options) else [str(chance.randrange(1))]


def _now(year: _Year) -> None:
    """What is planned, open and under way today."""
    session, hr = year.session, year.actor("hr")
    plan = create(session, hr, Plan, {
        "name": f"{year.today.year} 年度培训计划", "starts_on": dt.date(year.today.year, 1, 1),
        "ends_on": dt.date(year.today.year, 12, 31), "note": "以入职培训和信息安全为重点。"})
    for code, sessions, people in (("SEC", 3, 24), ("LOAN", 2, 16), ("STD", 3, 20),
                                   ("TALK", 4, 28), ("CROSS", 2, 12)):
        create(session, hr, PlanLine, {
            "plan_id": plan.id, "course_id": year.courses[code].id, "sessions": sessions,
            "people": people, "cost": 2000})
    for code, days, username in (("TALK", 6, "supervisor"), ("STD", 13, "huangbin")):
        begin = year.moment(-days, 14)
        made = create(session, hr, Session, {
            "course_id": year.courses[code].id, "starts_at": begin, "capacity": 6,
            "method": "simulation", "place": "三楼培训室", "trainer_id": year.users[username]})
        act(session, hr, made, "open_enrolment")
        for name in ("wanghao", "zhangjing"):
            act(session, year.actor(name), made, "enrol_me")
    for username, days in _NEW.items():
        staff = session.scalars(select(Staff).where(
            Staff.user_id == year.users[username])).one()
        update(session, SYSTEM, staff, {"hired_on": year.today - dt.timedelta(days=days)})
    create(session, year.actor("supervisor"), Tutoring, {
        "owner_id": year.users["liuyang"], "tutor_id": year.users["supervisor"],
        "reason": "quality", "goal": "通话开头语与结束语规范率达到 95%", "starts_on": year.today,
        "until_on": year.today + dt.timedelta(days=30), "measures": "每周两次话术演练，旁听一次。"})
    create(session, hr, TutoringRule, {
        "name": "年度考核优秀：进阶课程", "occasion": APPRAISAL_EXCELLENT, "cycle": "year",
        "course_id": year.courses["TALK"].id, "goal": "完成进阶课程，担任组内辅导员", "days": 90})
    create(session, hr, EarlierResult, {
        "owner_id": year.users["agent"], "course_name": "普通话等级培训", "result": "passed",
        "held_on": year.today - dt.timedelta(days=900), "percent": 88.0})
    _drills(year)


def _drills(year: _Year) -> None:
    """A script drill that was observed, and one to come."""
    session, boss = year.session, year.actor("supervisor")
    with year.at(year.moment(12, 15)):
        held = create(session, boss, Drill, {
            "subject": "交车后满意度回访话术", "owner_id": year.users["wanghao"],
            "method": "script", "held_on": year.today - dt.timedelta(days=12)})
        act(session, boss, held, OBSERVE, {
            "greeting": "A", "identity": "A", "listening": "B", "closing": "B", "script": "A",
            "answers": "A", "advice": "复述要点时放慢语速。"})
    create(session, boss, Drill, {
        "subject": "客户投诉升级时的应对", "owner_id": year.users["zhangjing"],
        "method": "simulation", "held_on": year.today + dt.timedelta(days=3)})
