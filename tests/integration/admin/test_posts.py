"""Branches and posts: screens, who acts for an absent holder, the posts of a member of staff."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.errors import Invalid
from app.people.clock import local_today
from app.people.initial_posts import POSTS, load
from app.people.models import Absence, Branch, Department, Post, PostHolder, Skill, Staff
from app.people.posts import holders_of, posts_of
from app.records.operations import operations_of
from app.sdk.services import utcnow, write

DAY = dt.timedelta(days=1)

def staff(house, username: str) -> Staff:
    user_id = house.actor(username).user_id
    return house.session.scalar(select(Staff).where(Staff.user_id == user_id))


def post(house, code: str) -> Post:
    return house.session.scalar(select(Post).where(Post.code == code))


def appoint(house, code: str, username: str, **values) -> PostHolder:
    if "deputy_for" in values:
        values["deputy_for_id"] = staff(house, values.pop("deputy_for")).id
    return operations_of(PostHolder).create(house.session, SYSTEM, {
        "post_id": post(house, code).id, "staff_id": staff(house, username).id, **values})


def away(house, username: str, days: int = 1) -> None:
    with write(house.session):
        house.session.add(Absence(
            staff_id=staff(house, username).id, starts_at=utcnow() - DAY,
            ends_at=utcnow() + days * DAY))


def acting(house, code: str, **options) -> list[tuple[int, int | None]]:
    return [(one.user_id, one.deputy_for)
            for one in holders_of(house.session, code, **options)]


def test_the_ready_made_posts_come_with_both_names(house):
    rows = house.session.execute(select(Post.code, Post.name, Post.name_zh)).all()
    assert {tuple(row) for row in rows} >= set(POSTS)
    with write(house.session):
        post(house, "agent").name = "Front desk"
        load(house.session)
    assert house.session.scalars(select(Post.id).where(Post.code == "agent")).all()


def test_a_deputy_acts_while_the_holder_is_absent(house):
    appoint(house, "general_manager", "leader")
    appoint(house, "general_manager", "hejun", deputy_order=2)
    appoint(house, "general_manager", "gaoqiang", deputy_order=1)
    leader, first, second = (house.actor(name).user_id for name in ("leader", "gaoqiang", "hejun"))
    assert acting(house, "general_manager") == [(leader, None)]
    away(house, "leader")
    assert acting(house, "general_manager") == [(first, leader)]
    away(house, "gaoqiang")
    assert acting(house, "general_manager") == [(second, leader)]
    away(house, "hejun")
    assert acting(house, "general_manager") == []
    assert acting(house, "general_manager", on=local_today() + 9 * DAY) == [(leader, None)]


def test_a_deputy_named_for_the_holder_goes_first(house):
    appoint(house, "general_manager", "leader")
    appoint(house, "general_manager", "gaoqiang", deputy_order=1)
    appoint(house, "general_manager", "hejun", deputy_order=2, deputy_for="leader")
    away(house, "leader")
    assert acting(house, "general_manager") == [
        (house.actor("hejun").user_id, house.actor("leader").user_id)]


def test_an_appointment_has_its_days(house):
    today = local_today()
    appoint(house, "compensation", "hr", from_on=today + DAY, until_on=today + 3 * DAY)
    found = [len(acting(house, "compensation", on=today + number * DAY)) for number in range(5)]
    assert found == [0, 1, 1, 1, 0]


def test_the_nearest_department_with_a_holder_counts(house):
    departments = dict(map(tuple, house.session.execute(select(Department.code, Department.id))))
    found = {
        code: acting(house, "department_manager", department_id=departments[code])
        for code in ("CARE", "CS", "SALES", "HR")}
    leader, sales = house.actor("leader").user_id, house.actor("gaoqiang").user_id
    assert found == {"CARE": [(leader, None)], "CS": [(leader, None)], "SALES": [(sales, None)],
                     "HR": []}


@pytest.mark.parametrize("values, field", [
    ({"from_on": dt.date(2026, 2, 2), "until_on": dt.date(2026, 2, 1)}, "until_on"),
    ({"deputy_order": -1}, "deputy_order"),
    ({"deputy_for": "leader"}, "deputy_order"),
    ({"deputy_for": "hr", "deputy_order": 1}, "deputy_for_id"),
])
def test_impossible_appointments_are_refused(house, values, field):
    with pytest.raises(Invalid) as refused:
        appoint(house, "compensation", "hr", **values)
    assert list(refused.value.errors) == [field]


def test_nobody_holds_a_post_twice_at_a_time(house):
    today = local_today()
    appoint(house, "compensation", "hr", until_on=today)
    appoint(house, "compensation", "hr", from_on=today + DAY)
    with pytest.raises(Invalid):
        appoint(house, "compensation", "hr", from_on=today - DAY, until_on=today)
    appoint(house, "compensation", "hr", deputy_order=1)


def test_posts_branch_and_skills_are_set_on_the_form_of_staff(house, desk):
    member, branch = staff(house, "linna"), house.session.scalar(select(Branch))
    english = house.session.scalar(select(Skill).where(Skill.code == "english"))
    wanted = [post(house, "agent").id, post(house, "supervisor").id]
    hr = desk("hr")
    page = hr.get(f"/staff/edit/{member.id}").text
    for word in ("Posts", "Branch", "Skills", "Sales consultant"):
        assert word in page
    answer = hr.send(f"/staff/edit/{member.id}", {
        "user": str(member.user_id), "number": member.number, "name": member.name,
        "department": str(member.department_id), "posts": [str(key) for key in wanted],
        "branch": str(branch.id), "skills": [str(english.id)]})
    assert answer.status_code == 302, answer.text
    house.session.expire_all()
    member = staff(house, "linna")
    assert posts_of(house.session, [member.user_id]) == {
        member.user_id: ["agent", "supervisor"]}
    assert member.branch_id == branch.id and [one.code for one in member.skills] == ["english"]
    old = house.session.scalar(
        select(PostHolder).join(Post).where(
            PostHolder.staff_id == member.id, Post.name == "Sales consultant"))
    assert old.until_on == local_today() - DAY
    assert "Customer service agent, Customer service supervisor" in hr.get(
        "/people/?q=" + member.name).text
    assert "Holders of posts" in hr.get(f"/staff/show/{member.id}").text


@pytest.mark.parametrize("path, words", [
    ("/branches/", "Branches"), ("/post-holders/", "Holders of posts"),
    ("/attendance/", "Attendance"), ("/staff/", "Branch"),
])
def test_the_screens_open(house, desk, path, words):
    assert words in desk("hr").get(path + "list/").text


def test_posts_and_skills_are_edited_among_the_dictionaries(house, desk):
    page = desk("hr").get("/dictionaries/people.post").text
    assert "客服专员" in page or "Customer service agent" in page
