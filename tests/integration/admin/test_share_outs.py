"""The ledger of share-outs, members and open load: what people are chosen by."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.people.clock import local_today
from app.people.ledger import given_between, last_served, note_given
from app.people.members import members
from app.people.models import STAFF_SKILLS, Absence, Branch, Skill, Staff, Team
from app.records.open_load import open_load
from app.sdk.services import utcnow, write

KIND = "complaints.complaint"
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.both_databases


def staff(house, username: str) -> Staff:
    user_id = house.actor(username).user_id
    return house.session.scalar(select(Staff).where(Staff.user_id == user_id))


def ids(house, *usernames: str) -> set[int]:
    return {house.actor(username).user_id for username in usernames}


def found(house, **conditions) -> set[int]:
    return {one.user_id for one in members(house.session, **conditions)}


def test_what_is_noted_adds_up_by_day(house):
    now, agent = utcnow(), house.actor("agent").user_id
    other = house.actor("wanghao").user_id
    with write(house.session):
        note_given(house.session, KIND, {agent: (2, 2.5), other: (0, 0)}, now - DAY)
        note_given(house.session, KIND, {agent: (1, 1.0)}, now - DAY + dt.timedelta(seconds=1))
        note_given(house.session, KIND, {agent: (4, 4.0), other: (1, 1.0)}, now)
        note_given(house.session, "other.kind", {agent: (9, 9.0)}, now)
    today = local_today()
    whole = given_between(house.session, KIND, today - 2 * DAY, today)
    assert (whole[agent].number, whole[agent].weight, whole[other].number) == (7, 7.5, 1)
    assert given_between(house.session, KIND, today, today, [agent])[agent].number == 4
    assert last_served(house.session, KIND, [agent, other, 999]) == {agent: now, other: now}


def test_the_page_shows_weeks_and_only_people_in_sight(house, desk):
    agent, elsewhere = house.actor("agent").user_id, house.actor("linna").user_id
    with write(house.session):
        note_given(house.session, KIND, {agent: (41, 41), elsewhere: (43, 43)})
        note_given(house.session, KIND, {agent: (2, 2)}, utcnow() - 7 * DAY)
        note_given(house.session, KIND, {agent: (77, 77)}, utcnow() - 70 * DAY)
    page = desk("admin").get("/share-outs/").text
    assert ">41<" in page and ">43<" in page and ">2<" in page and ">77<" not in page
    seen = desk("supervisor").get("/share-outs/").text
    assert staff(house, "agent").name in seen and staff(house, "linna").name not in seen
    assert desk("agent").get("/share-outs/").status_code in (302, 403, 404)


def test_members_by_place_role_post_and_skill(house):
    session, team = house.session, house.session.scalar(
        select(Team.id).where(Team.name == "热线一组"))
    everybody = ids(house, "agent", "supervisor", "wanghao")
    assert found(house, team_id=team) == everybody
    assert found(house, team_id=team, role="agent") == ids(house, "agent", "wanghao")
    assert found(house, team_id=team, post="supervisor") == ids(house, "supervisor")
    department = staff(house, "heyan").department_id
    assert found(house, department_id=department) == ids(house, "heyan")
    above = staff(house, "agent").department_id
    assert found(house, department_id=above) > everybody | ids(house, "heyan")
    with write(session):
        session.execute(STAFF_SKILLS.insert().values(
            staff_id=staff(house, "wanghao").id,
            skill_id=session.scalar(select(Skill.id).where(Skill.code == "english"))))
    assert found(house, skill="english") == ids(house, "wanghao")
    [person] = members(session, skill="english")
    assert person.skills == frozenset({"english"}) and person.presence == 1.0
    branches = {found_in for branch in session.scalars(select(Branch.id))
                for found_in in found(house, branch_id=branch, team_id=team)}
    assert branches == everybody
    with pytest.raises(LookupError):
        members(session, department_id=999_999)


def test_members_who_hold_a_right(house):
    right = ("can_approve", "complaints.Complaint")
    approvers = found(house, can=right)
    names = ("agent", "supervisor", "leader", "gaoqiang", "hejun", "fengtao", "hr", "linna")
    actors = [house.actor(name) for name in names]
    held = {actor.user_id for actor in actors if actor.can(*right)}
    assert held and held == approvers & {actor.user_id for actor in actors}


def test_who_is_away_all_day_is_left_out_unless_asked_for(house):
    zone_now = utcnow()
    with write(house.session):
        house.session.add(Absence(
            staff_id=staff(house, "wanghao").id, starts_at=zone_now - 2 * DAY,
            ends_at=zone_now + 2 * DAY))
    team = staff(house, "wanghao").team_id
    assert ids(house, "wanghao") & found(house, team_id=team) == set()
    away = {one.user_id: one.presence for one in members(
        house.session, team_id=team, present=False)}
    assert away[house.actor("wanghao").user_id] == 0.0
    later = local_today() + 5 * DAY
    assert ids(house, "wanghao") <= found(house, team_id=team, on=later)


def test_open_load_of_a_kind_by_name(house):
    keys = sorted(ids(house, "agent", "wanghao"))
    assert open_load(house.session, KIND, keys) == dict.fromkeys(keys, 0)
    assert open_load(house.session, KIND, []) == {}
    with pytest.raises(LookupError):
        open_load(house.session, "callbacks.nothing", keys)
