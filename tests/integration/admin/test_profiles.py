"""What rules ask about members of staff, in three statements whatever their number."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy import event, select

from app.people.models import Department, Post, Staff
from app.sdk.people import profiles
from app.sdk.services import write

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


def profile(house, username):
    [found] = profiles(house.session, user_ids=[house.actor(username).user_id])
    return found


def test_roles_posts_and_the_departments_above(house):
    with write(house.session):
        staff = house.session.scalars(select(Staff).where(
            Staff.user_id == house.actor("heyan").user_id)).one()
        staff.hired_on = dt.date(2025, 5, 1)
    found = profile(house, "heyan")
    codes = set(house.session.scalars(select(Department.code).where(
        Department.id.in_(found.department_ids))))
    posts = set(house.session.scalars(select(Post.name_zh).where(Post.id.in_(found.posts))))
    assert codes == {"CARE", "CS", "HQ"} and posts == {"客户关怀专员"}
    assert (found.roles, found.hired_on, found.name) == ({"agent"}, dt.date(2025, 5, 1), "何燕")


def test_roles_that_come_by_a_group_count(house):
    with write(house.session):
        role = house.session.scalars(select(Role).where(Role.name == "hr")).one()
        user = house.session.get(User, house.actor("agent").user_id)
        house.session.add(Group(name="trainers", roles=[role], users=[user]))
    assert profile(house, "agent").roles == {"agent", "hr"}


def test_nobody_is_meant_where_nothing_is_asked_for(house):
    assert profiles(house.session) == []
    assert profiles(house.session, department_ids=[], team_ids=()) == []


def test_closed_accounts_are_left_out(house):
    before = {one.user_id for one in profiles(house.session, everyone=True)}
    user_id = house.actor("wanghao").user_id
    with write(house.session):
        house.session.get(User, user_id).active = False
    assert {one.user_id for one in profiles(house.session, everyone=True)} == before - {user_id}


def test_pages_follow_each_other_in_three_statements_each(house):
    whole = [one.user_id for one in profiles(house.session, everyone=True)]
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    try:
        paged = [one.user_id for offset in range(0, len(whole), 7)
                 for one in profiles(house.session, everyone=True, limit=7, offset=offset)]
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert paged == whole
    assert len([one for one in counted if one.startswith("SELECT")]) == 3 * -(-len(whole) // 7)
