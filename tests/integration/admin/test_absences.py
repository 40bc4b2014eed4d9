"""Absences: what the form refuses, and who may name a substitute for a leader."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.people.models import Absence, Staff

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


def test_choosers_say_who_is_away(house, desk):
    name = house.actor("agent").name
    assert noted(house, desk, "hr", "agent", "wanghao", starts_at="2020-01-01T00:00",
                 ends_at="2099-01-01T00:00") == ""
    options = desk("supervisor").get("/api/v1/pick/person", query_string={"q": name}).json
    assert "away until" in options["options"][0]["label"]
