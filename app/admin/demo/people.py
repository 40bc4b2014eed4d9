"""Departments, teams and staff of a made-up car-finance house, with the five sign-ins."""

from __future__ import annotations

import dataclasses

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select, update
from werkzeug.security import generate_password_hash

from app.access.services import invalidate_rights
from app.people import initial_posts
from app.people.models import Branch, Department, Post, PostHolder, Skill, Staff, Team
from app.people.services import place_department
from app.sdk.demo import DemoContext
from app.sdk.services import write


@dataclasses.dataclass(frozen=True, slots=True)
class _Person:
    username: str
    name: str
    role: str
    department: str
    team: str = ""
    post: str = ""
    leads: tuple[str, ...] = ()


_DEPARTMENTS = (
    ("HQ", "总部", None), ("CS", "客户服务部", "HQ"), ("CARE", "客户关怀科", "CS"),
    ("SALES", "销售部", "HQ"),
    ("AFTER", "售后服务部", "HQ"), ("CREDIT", "信贷审批部", "HQ"), ("COLLECT", "贷后管理部", "HQ"),
    ("HR", "人力资源部", "HQ"), ("IT", "信息技术部", "HQ"),
)
_TEAMS = (("热线一组", "CS"), ("热线二组", "CS"), ("投诉处理组", "CS"))
_PEOPLE = (
    _Person("agent", "李晓雯", "agent", "CS", "热线一组", "客服专员"),
    _Person("supervisor", "陈志远", "supervisor", "CS", "热线一组", "客服主管", ("热线一组", "CARE")),
    _Person("admin", "赵工", "admin", "IT", "", "系统管理员"),
    _Person("leader", "周敏", "leader", "CS", "", "部门经理", ("CS",)),
    _Person("hr", "孙丽", "hr", "HR", "", "人力资源", ("HR",)),
    _Person("wanghao", "王浩", "agent", "CS", "热线一组", "客服专员"),
    _Person("liuyang", "刘洋", "agent", "CS", "热线二组", "客服专员"),
    _Person("zhangjing", "张静", "agent", "CS", "热线二组", "客服专员"),
    _Person("huangbin", "黄斌", "supervisor", "CS", "热线二组", "客服主管", ("热线二组",)),
    _Person("yangfan", "杨帆", "agent", "CS", "投诉处理组", "投诉专员"),
    _Person("zhujie", "朱洁", "agent", "CS", "投诉处理组", "投诉专员"),
    _Person("gaoqiang", "高强", "leader", "SALES", "", "部门经理", ("SALES",)),
    _Person("linna", "林娜", "agent", "SALES", "", "销售顾问"),
    _Person("hejun", "何军", "leader", "AFTER", "", "部门经理", ("AFTER",)),
    _Person("luoting", "罗婷", "agent", "AFTER", "", "服务顾问"),
    _Person("songwei", "宋伟", "leader", "CREDIT", "", "部门经理", ("CREDIT",)),
    _Person("tangli", "唐莉", "agent", "CREDIT", "", "审批专员"),
    _Person("fengtao", "冯涛", "leader", "COLLECT", "", "部门经理", ("COLLECT",)),
    _Person("mengdie", "孟蝶", "agent", "COLLECT", "", "贷后专员"),
    _Person("heyan", "何燕", "agent", "CARE", "", "客户关怀专员"),
)
# Posts that do not come with the product.
_POSTS = {
    "系统管理员": "System administrator", "投诉专员": "Complaint handler",
    "销售顾问": "Sales consultant", "服务顾问": "Service advisor", "审批专员": "Approval officer",
    "贷后专员": "Loan servicing officer", "客户关怀专员": "Customer care agent",
}
_BRANCHES = (("PD", "浦东项目"), ("HQ", "虹桥网点"))
_SKILLS = (("english", "English", "英语"), ("cantonese", "Cantonese", "粤语"),
           ("major", "Major complaints", "重大投诉"))


def set_passwords(session, password: str) -> None:
    """Give every demo person a password.

    Args:
        session: session without unsaved changes.
        password: the password in clear text.
    """
    names = [person.username for person in _PEOPLE]
    with write(session):
        session.execute(
            update(User).where(User.username.in_(names))
            .values(password=generate_password_hash(password))
            .execution_options(synchronize_session=False)
        )


def load(context: DemoContext) -> str:
    """Add departments, teams and people that are not there yet."""
    session = context.session
    with write(session):
        departments = _departments(session)
        teams = _teams(session, departments)
        posts = _posts(session)
        branches = _branches(session)
        roles = {role.name: role for role in session.scalars(select(Role))}
        added = 0
        # One hash for all of them: hashing is slow on purpose, and they share the password.
        password = generate_password_hash(context.password)
        for number, person in enumerate(_PEOPLE, start=1001):
            user = session.scalar(select(User).where(User.username == person.username))
            if user is not None:
                continue
            added += 1
            user = User(
                username=person.username, first_name=person.name, last_name="",
                email=f"{person.username}@demo.invalid", active=True,
                password=password, roles=[roles[person.role]],
            )
            session.add(user)
            session.flush()
            staff = Staff(
                user_id=user.id, number=str(number), name=person.name,
                department_id=departments[person.department].id,
                team_id=teams[person.team].id if person.team else None,
                branch_id=branches[number % 2] if person.team else None,
            )
            session.add(staff)
            session.flush()
            session.add(PostHolder(post_id=posts[person.post], staff_id=staff.id))
            for led in person.leads:
                (departments if led in departments else teams)[led].leader_id = user.id
        invalidate_rights(session)
    return f"{added} people in {len(departments)} departments."


def _posts(session) -> dict[str, int]:
    initial_posts.load(session)
    known = set(session.scalars(select(Post.name_zh)))
    session.add_all(
        Post(code=name.lower().replace(" ", "_"), name=name, name_zh=name_zh, position=200)
        for name_zh, name in _POSTS.items() if name_zh not in known)
    if session.scalar(select(Skill.id).limit(1)) is None:
        session.add_all(Skill(code=code, name=name, name_zh=name_zh)
                        for code, name, name_zh in _SKILLS)
    session.flush()
    return {name: key for name, key in session.execute(select(Post.name_zh, Post.id))}


def _branches(session) -> list[int]:
    known = {branch.code: branch for branch in session.scalars(select(Branch))}
    for code, name in _BRANCHES:
        if code not in known:
            known[code] = Branch(code=code, name=name)
            session.add(known[code])
    session.flush()
    return [known[code].id for code, _name in _BRANCHES]


def _departments(session) -> dict[str, Department]:
    known = {d.code: d for d in session.scalars(select(Department))}
    for position, (code, name, parent) in enumerate(_DEPARTMENTS):
        if code not in known:
            department = Department(
                code=code, name=name, position=position,
                parent_id=known[parent].id if parent else None,
            )
            session.add(department)
            session.flush()
            place_department(session, department)
            known[code] = department
    return known


def _teams(session, departments: dict[str, Department]) -> dict[str, Team]:
    known = {team.name: team for team in session.scalars(select(Team))}
    for name, code in _TEAMS:
        if name not in known:
            known[name] = Team(name=name, department_id=departments[code].id)
            session.add(known[name])
    session.flush()
    return known
