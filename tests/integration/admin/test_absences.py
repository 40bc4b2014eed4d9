"""Absences: what the form refuses, and who may name a substitute for a leader."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import delete, func, select

from app.database import utcnow, write
from app.people.models import Absence, Department, Staff, Team
from app.records.operations import operations_of
from app.sdk.errors import Invalid
from plugins.complaints.tests.helpers import registered

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def key(house, username: str) -> str:
    user_id = house.actor(username).user_id
    return str(house.session.scalar(select(Staff.id).where(Staff.user_id == user_id)))


def number(house) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(Absence))


def noted(house, desk, who: str, absent: str, substitute: str = "", **values: str) -> str:
    """Fill in the form and return what the page says when it is refused, else an empty text."""
    before = number(house)
    form = {"staff": key(house, absent), "starts_at": "2026-03-02T09:00",
            "ends_at": "2026-03-06T18:00", "reason": "年假", **values}
    if substitute:
        form["substitute"] = key(house, substitute)
    answer = desk(who).send("/absences/add", form)
    assert (answer.status_code == 302) == (number(house) == before + 1)
    return "" if answer.status_code == 302 else answer.text


@pytest.mark.parametrize("ends_at", ["2026-03-02T09:00", "2026-03-01T09:00"])
def test_an_absence_ends_after_it_begins(house, desk, ends_at):
    page = noted(house, desk, "hr", "agent", ends_at=ends_at)
    assert "must end after it begins" in page
    # What was typed is still there.
    assert ends_at[:10] in page


def test_nobody_stands_in_for_themselves(house, desk):
    assert "for themselves" in noted(house, desk, "hr", "agent", "agent")


@pytest.mark.parametrize("who", ["hr", "supervisor", "gaoqiang"])
def test_others_do_not_say_who_leads_in_a_leaders_place(house, desk, who):
    assert "only that person or an administrator" in noted(
        house, desk, who, "fengtao", "gaoqiang")
    assert noted(house, desk, who, "fengtao") == ""


@pytest.mark.parametrize("who", ["fengtao", "admin"])
def test_leaders_and_administrators_name_substitutes(house, desk, who):
    assert noted(house, desk, who, "fengtao", "gaoqiang") == ""


def test_a_substitute_can_approve_what_waits(house, desk):
    page = noted(house, desk, "admin", "fengtao", "agent")
    assert "lacks the permission to approve" in page


def test_a_substitute_is_not_slipped_in_afterwards(house, desk):
    assert noted(house, desk, "hr", "fengtao") == ""
    absence = house.session.scalar(select(Absence).order_by(Absence.id.desc()))
    answer = desk("hr").send(f"/absences/edit/{absence.id}",
                             {"substitute": key(house, "gaoqiang")})
    assert "only that person or an administrator" in answer.text
    house.session.expire_all()
    assert house.session.get(Absence, absence.id).substitute_id is None


def test_an_absence_says_when_it_begins(house, desk):
    page = noted(house, desk, "hr", "agent", starts_at="")
    assert "This field is required" in page


LATER = {"starts_at": "2020-01-01T00:00", "ends_at": "2099-01-01T00:00"}


def test_a_person_who_becomes_leader_brings_no_substitute_along(house, desk):
    """Else whoever notes absences would say who leads a department before it has its leader."""
    assert noted(house, desk, "supervisor", "mengdie", "gaoqiang", **LATER) == ""
    department = house.session.scalar(select(Department).where(Department.code == "COLLECT"))
    form = {"leader": str(house.actor("mengdie").user_id), "name": department.name,
            "code": department.code, "parent": str(department.parent_id), "active": "y",
            "position": str(department.position)}
    pk = department.id
    page = desk("admin").send(f"/departments/edit/{pk}", form).text
    assert "高强" in page and "in their place" in page
    house.session.expire_all()
    assert house.session.get(Department, pk).leader_id == house.actor("fengtao").user_id


def test_an_absence_that_is_over_keeps_nobody_from_leading(house, desk):
    assert noted(house, desk, "supervisor", "mengdie", "gaoqiang") == ""
    team = house.session.scalar(select(Team).order_by(Team.id))
    form = {"leader": str(house.actor("mengdie").user_id), "name": team.name,
            "department": str(team.department_id), "active": "y"}
    assert desk("hr").send(f"/teams/edit/{team.id}", form).status_code == 302


def test_a_team_leader_brings_no_substitute_along_either(house, desk):
    assert noted(house, desk, "supervisor", "mengdie", "gaoqiang", **LATER) == ""
    team = house.session.scalar(select(Team).order_by(Team.id))
    before, pk = team.leader_id, team.id
    form = {"leader": str(house.actor("mengdie").user_id), "name": team.name,
            "department": str(team.department_id), "active": "y"}
    assert "in their place" in desk("hr").send(f"/teams/edit/{pk}", form).text
    house.session.expire_all()
    assert house.session.get(Team, pk).leader_id == before


@pytest.mark.parametrize("whose", ["fengtao", "gaoqiang"])
def test_another_account_does_not_slip_into_an_absence(house, desk, whose):
    """Whoever changes staff could say by the account who leads in a leader's place."""
    assert noted(house, desk, "fengtao", "fengtao", "gaoqiang", **LATER) == ""
    with write(house.session):
        house.session.execute(delete(Staff).where(Staff.user_id == house.actor("linna").user_id))
    staff = house.session.get(Staff, int(key(house, whose)))
    form = {"user": str(house.actor("linna").user_id), "number": staff.number, "name": staff.name}
    pk, before = staff.id, staff.user_id
    page = desk("hr").send(f"/staff/edit/{pk}", form).text
    assert "another account" in page
    house.session.expire_all()
    assert house.session.get(Staff, pk).user_id == before
    assert desk("admin").send(f"/staff/edit/{pk}", form).status_code == 302


def test_many_absences_are_changed_without_a_way_back_that_is_none(house, desk):
    """Absences keep no history of their own, from which a change could be taken back."""
    assert noted(house, desk, "hr", "agent") == ""
    pk = house.session.scalar(select(Absence.id))
    hr, change = desk("hr"), {"row": str(pk), "column": "substitute", "step": "preview",
                              "substitute": key(house, "wanghao"), "next": "/absences/list/"}
    assert "undone" not in hr.send("/absences/bulk/edit", change).text
    change |= {"step": "confirmed", f"version-{pk}": ""}
    assert hr.send("/absences/bulk/edit", change).status_code == 302
    page = hr.get("/absences/list/").text
    assert "of 1 record changed" in page
    assert "/absences/undo" not in page


def test_the_home_page_names_each_who_is_away_once(house, desk):
    for ends_at in ("2090-01-01T00:00", "2099-01-01T00:00", "2099-01-01T00:00"):
        assert noted(house, desk, "hr", "agent", starts_at="2020-01-01T00:00",
                     ends_at=ends_at) == ""
    name = house.actor("agent").name
    page = desk("hr").get("/").text
    rows = re.findall(r'href="/absences/show/\d+".*?</(?:li|div)>', page, re.DOTALL)
    assert len([row for row in rows if name in row]) == 1
    assert "2098" in page and "2089" not in page


def test_choosers_say_who_is_away(house, desk):
    name = house.actor("agent").name
    assert noted(house, desk, "hr", "agent", "wanghao", starts_at="2020-01-01T00:00",
                 ends_at="2099-01-01T00:00") == ""
    options = desk("supervisor").get("/api/v1/pick/person", query_string={"q": name}).json
    assert "away until" in options["options"][0]["label"]


def away_now(house, username: str, substitute: str = "") -> Absence:
    """Put somebody down as away for a week from now."""
    with write(house.session):
        absence = Absence(
            staff_id=int(key(house, username)), starts_at=utcnow(),
            ends_at=utcnow() + dt.timedelta(days=7),
            substitute_id=int(key(house, substitute)) if substitute else None)
        house.session.add(absence)
    return absence


def test_the_open_records_of_whoever_is_away_are_given_away(house, desk):
    complaints = [registered(house) for _ in range(3)]
    absence, other = away_now(house, "agent", "linna"), house.actor("linna")
    supervisor = desk("supervisor")
    assert "Give open records away" in supervisor.get(f"/absences/show/{absence.id}").text
    asked = supervisor.get(f"/absences/act/{absence.id}/give_away").text
    assert f'value="{other.user_id}" selected' in asked
    answer = supervisor.send(f"/absences/act/{absence.id}/give_away",
                             {"owner_id": str(other.user_id), "version": ""})
    assert answer.status_code == 302
    house.session.expire_all()
    assert {one.owner_id for one in complaints} == {other.user_id}
    assert "3 open records belong to" in supervisor.get("/absences/list/").text


def test_nobody_gives_away_to_themselves_nor_to_a_closed_account(house):
    complaint = registered(house)
    absence, supervisor = away_now(house, "agent"), house.actor("supervisor")
    operations = operations_of(Absence)
    for user_id, why in ((house.actor("agent").user_id, "already"), (99999, "closed")):
        with pytest.raises(Invalid, match=why):
            operations.act(house.session, supervisor, absence, "give_away", {"owner_id": user_id})
    assert complaint.owner_id == house.actor("agent").user_id


def test_who_owns_nothing_has_nothing_to_give_and_agents_give_nothing(house):
    absence = away_now(house, "linna")
    operations = operations_of(Absence)
    offered, = operations.actions(house.session, house.actor("supervisor"), absence)
    assert "owns no open record" in str(offered.blocked)
    assert operations.actions(house.session, house.actor("agent"), absence) == ()
    with write(house.session):
        absence.ends_at = utcnow() - dt.timedelta(minutes=1)
    assert operations.actions(house.session, house.actor("supervisor"), absence) == ()
