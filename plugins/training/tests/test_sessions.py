"""Enrolment with a waiting list, attendance by list and by code, plan against held."""

from __future__ import annotations

import datetime as dt
import decimal

import pytest
from sqlalchemy import select

from app.sdk.errors import Invalid, Rejected
from app.sdk.records import create, operations_of
from app.sdk.services import act, utcnow
from plugins.training.certificates.models import Certificate
from plugins.training.courses.models import Plan, PlanLine
from plugins.training.courses.planned_and_held import compared, total
from plugins.training.sessions.calendar_file import calendar_file
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.operations import MOST_WRONG_CODES, attend_by_code
from plugins.training.tests.helpers import at, course, session_of, token


def enrol(house, of, username):
    return act(house.session, house.actor(username), of, "enrol_me")


def statuses(house, of):
    rows = house.session.scalars(select(Enrolment).where(Enrolment.session_id == of.id)
                                 .order_by(Enrolment.queued_at, Enrolment.id)).all()
    return [one.status for one in rows]


def test_the_end_title_and_edition_come_from_the_course(house):
    made = session_of(house, course(house, hours=decimal.Decimal("1.5")))
    assert made.ends_at - made.starts_at == dt.timedelta(minutes=90)
    assert (made.title, made.course_edition) == ("车贷业务 LOAN", 1)


def test_a_session_that_runs_backwards_is_refused(house):
    now = utcnow()
    with pytest.raises(Invalid):
        session_of(house, course(house), starts_at=now, ends_at=now - dt.timedelta(hours=1))


def test_who_comes_after_the_last_place_waits_and_moves_up(house):
    of = session_of(house, course(house))
    for username in ("agent", "wanghao", "liuyang"):
        enrol(house, of, username)
    assert statuses(house, of) == ["enrolled", "enrolled", "waiting"]
    act(house.session, house.actor("agent"), of, "withdraw_me")
    assert statuses(house, of) == ["cancelled", "enrolled", "enrolled"]
    enrol(house, of, "agent")
    assert sorted(statuses(house, of)) == ["enrolled", "enrolled", "waiting"]


def test_nobody_enrols_twice_or_before_it_is_open(house):
    of = session_of(house, course(house), is_open=False)
    with pytest.raises(Rejected):
        enrol(house, of, "agent")
    act(house.session, house.actor("hr"), of, "open_enrolment")
    enrol(house, of, "agent")
    with pytest.raises(Rejected):
        enrol(house, of, "agent")
    with pytest.raises(Rejected):
        act(house.session, house.actor("hr"), of, "enrol",
            {"person": house.actor("agent").user_id})


def test_an_agent_does_not_enrol_others(house):
    of = session_of(house, course(house))
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), of, "enrol",
            {"person": house.actor("wanghao").user_id})


def test_the_list_says_who_came_and_earns_the_certificate(house):
    of = session_of(house, course(house, proof="attendance"))
    for username in ("agent", "wanghao"):
        enrol(house, of, username)
    with pytest.raises(Rejected):
        act(house.session, house.actor("hr"), of, "hold")
    client = house.client("hr")
    answer = client.post(f"/training/sessions/{of.id}/attendance", data={
        "csrf_token": token(client), "came": [house.actor("agent").user_id]})
    assert answer.status_code == 302
    house.session.rollback()
    act(house.session, house.actor("hr"), of, "hold")
    assert statuses(house, of) == ["attended", "absent"]
    [made] = house.session.scalars(select(Certificate)).all()
    assert made.owner_id == house.actor("agent").user_id


def test_only_who_runs_the_session_ticks_off(house):
    of = session_of(house, course(house), trainer_id=house.actor("wanghao").user_id)
    enrol(house, of, "agent")
    operations = operations_of(Session)
    key = house.actor("agent").user_id
    with pytest.raises(Rejected):
        operations.tick_off(house.session, house.actor("agent"), of, {key})
    assert house.client("agent").get(f"/training/sessions/{of.id}/attendance").status_code == 403
    assert operations.tick_off(house.session, house.actor("wanghao"), of, {key}) == 1


def test_the_code_of_the_room(house):
    of = session_of(house, course(house))
    enrol(house, of, "agent")
    act(house.session, house.actor("hr"), of, "room_code")
    code = of.room_code
    assert attend_by_code(house.session, house.actor("agent"), code).id == of.id
    assert statuses(house, of) == ["attended"]
    with pytest.raises(Rejected):
        attend_by_code(house.session, house.actor("wanghao"), code)


def test_the_code_holds_for_a_while(house):
    with at():
        of = session_of(house, course(house))
        enrol(house, of, "agent")
        act(house.session, house.actor("hr"), of, "room_code")
    with at(minutes=20), pytest.raises(Rejected):
        attend_by_code(house.session, house.actor("agent"), of.room_code)


def test_the_code_is_not_guessed(house):
    of = session_of(house, course(house))
    enrol(house, of, "agent")
    act(house.session, house.actor("hr"), of, "room_code")
    wrong = "000000" if of.room_code != "000000" else "000001"
    for _ in range(MOST_WRONG_CODES):
        with pytest.raises(Rejected, match="No session"):
            attend_by_code(house.session, house.actor("agent"), wrong)
    with pytest.raises(Rejected, match="Too many"):
        attend_by_code(house.session, house.actor("agent"), of.room_code)
    assert statuses(house, of) == ["enrolled"]


def test_the_code_is_shown_to_who_runs_the_session_alone(house):
    of = session_of(house, course(house))
    act(house.session, house.actor("hr"), of, "room_code")
    address = f"/training/sessions/show/{of.id}"
    assert of.room_code in house.client("hr").get(address).text
    assert of.room_code not in house.client("agent").get(address).text


def test_the_calendar_file(house):
    of = session_of(house, course(house))
    answer = house.client("agent").get(f"/training/sessions/{of.id}/session.ics")
    assert answer.mimetype == "text/calendar"
    assert "BEGIN:VEVENT" in answer.text and "LOCATION:三楼会议室" in answer.text


def test_lines_of_a_calendar_are_folded_and_escaped():
    moment = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)
    text = calendar_file("a@b", "讲座，" * 40, moment, moment, "Room 1; A, B", "a\nb", moment)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "讲座，" * 40 in text.replace("\r\n ", "")
    assert "LOCATION:Room 1\\; A\\, B" in text and "DESCRIPTION:a\\nb" in text


def test_planned_against_held(house):
    planned, beside = course(house), course(house, "SEC")
    today = utcnow().date()
    plan = create(house.session, house.actor("hr"), Plan, {
        "name": "年度计划", "starts_on": today - dt.timedelta(days=30),
        "ends_on": today + dt.timedelta(days=30)})
    create(house.session, house.actor("hr"), PlanLine, {
        "plan_id": plan.id, "course_id": planned.id, "sessions": 2, "people": 10})
    for one in (planned, beside):
        of = session_of(house, one, cost=decimal.Decimal(100))
        enrol(house, of, "agent")
        operations_of(Session).tick_off(house.session, house.actor("hr"), of,
                                        {house.actor("agent").user_id})
        act(house.session, house.actor("hr"), of, "hold")
    lines = compared(house.session, plan)
    assert [(one.planned_sessions, one.held_sessions, one.came) for one in lines] == [
        (2, 1, 1), (0, 1, 1)]
    assert (total(lines).cost, total(lines).hours) == (200, 2)
    page = house.client("hr").get(f"/training/plans/show/{plan.id}")
    assert page.status_code == 200 and beside.name in page.text
    file = house.client("hr").get(f"/training/plans/{plan.id}/planned-and-held.xlsx")
    assert file.status_code == 200 and file.data[:2] == b"PK"
