"""People on one page: tree, state, and quick acts that are guarded and noted."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.access.services import invalidate_rights
from app.access.sessions import is_locked, note_failure
from app.database import utcnow, write
from app.people.models import Absence, Department, Staff, Team
from plugins.complaints.tests.helpers import proposed, registered


def user(house, name: str) -> User:
    house.session.expire_all()
    return house.session.scalar(select(User).where(User.username == name))


def staff(house, name: str) -> Staff:
    return house.session.scalar(select(Staff).where(Staff.user_id == user(house, name).id))


def names(page: str) -> int:
    return page.count('class="row-acts"')


def test_departments_count_everybody_below(house, desk):
    admin = desk("admin")
    page = admin.get("/people/").text
    everybody = house.session.scalar(select(func.count()).select_from(User))
    assert re.search(rf'Everybody</span><span class="side-count">{everybody}<', page)
    for department in house.session.scalars(select(Department)):
        below = house.session.scalar(
            select(func.count()).select_from(Staff).join(
                Department, Department.id == Staff.department_id)
            .where(Department.path.startswith(department.path)))
        assert f'{department.name}</span><span class="side-count">{below}<' in page
        inside = admin.get(f"/people/?department={department.id}").text
        assert names(inside) == below
    one = staff(house, "agent")
    assert names(admin.get(f"/people/?q={one.name}").text) == 1
    assert "Nobody found" in admin.get("/people/?q=%25").text


def test_absence_and_lockout_are_shown_and_unlocked(house, desk):
    one = staff(house, "agent")
    with write(house.session):
        house.session.add(Absence(
            staff_id=one.id, starts_at=utcnow() - dt.timedelta(days=1),
            ends_at=utcnow() + dt.timedelta(days=2), reason="leave",
            substitute_id=staff(house, "supervisor").id))
        for _ in range(10):
            note_failure(house.session, "agent", "")
    admin = desk("admin")
    page = admin.get(f"/people/?q={one.name}").text
    assert "Away until" in page and "Locked out" in page
    assert f"Stands in: {staff(house, 'supervisor').name}" in page
    key = user(house, "agent").id
    answer = admin.send(f"/people/{key}/unlock", {"q": one.name})
    assert answer.location.startswith("/people/?q=")
    assert not is_locked(house.session, "agent", "", 10, dt.timedelta(minutes=15))
    assert "Locked out" not in admin.get(f"/people/?q={one.name}").text
    assert house.session.scalar(
        select(AuditEntry.number).where(AuditEntry.action == "unlock")) == "agent"


def test_an_account_is_closed_and_opened(house, desk):
    agent, admin = desk("agent"), desk("admin")
    key = user(house, "agent").id
    admin.send(f"/people/{key}/close", {})
    assert not user(house, "agent").active
    assert agent.get("/").status_code == 302
    admin.send(f"/people/{key}/open", {})
    assert user(house, "agent").active
    # Nobody closes the own account, nor the last administrator's.
    own = user(house, "admin").id
    admin.send(f"/people/{own}/close", {})
    assert user(house, "admin").active
    assert desk("agent").send(f"/people/{own}/close", {}).status_code in (302, 403)
    assert user(house, "admin").active


def test_closing_an_account_says_what_hangs_on_it_and_gives_it_away(house, desk):
    """Open records, places and decisions do not stay behind without a word (F5, F7)."""
    complaint, other = proposed(house), registered(house)
    admin, leader = desk("admin"), user(house, "fengtao")
    owner = user(house, "agent")
    page = admin.get(f"/people/{leader.id}/close").text
    assert "贷后管理部" in page and "Head of departments" in page
    assert "1 open record would wait for a decision" in page
    assert user(house, "fengtao").active
    page = admin.get(f"/people/{owner.id}/close").text
    assert "Complaints · Owner" in page and "<strong>2</strong>" in page
    assert f"owner__in={owner.id}" in page
    # Who takes over must be able to, and nothing is done by halves.
    refused = admin.send(f"/people/{owner.id}/close", {"next_owner": str(owner.id)})
    assert refused.status_code == 302 and user(house, "agent").active
    next_owner = user(house, "wanghao").id
    admin.send(f"/people/{owner.id}/close", {"next_owner": str(next_owner)})
    assert not user(house, "agent").active
    for one in (complaint, other):
        house.session.refresh(one)
        assert one.owner_id == next_owner


def test_records_of_an_account_that_must_stay_open_stay_with_it(house, desk):
    own = user(house, "admin")
    complaint = registered(house, "admin")
    desk("admin").send(f"/people/{own.id}/close", {"next_owner": str(user(house, "agent").id)})
    house.session.refresh(complaint)
    assert complaint.owner_id == own.id


def test_open_records_are_given_away_from_the_list_of_people(house, desk):
    """Without an absence, and without closing the account."""
    complaint, other = proposed(house), registered(house)
    owner, next_owner = user(house, "agent"), user(house, "wanghao").id
    supervisor = desk("supervisor")
    assert f"/people/{owner.id}/give" in supervisor.get("/people/").text
    page = supervisor.get(f"/people/{owner.id}/give").text
    assert "Complaints · Owner" in page and "<strong>2</strong>" in page
    for nobody in ("", str(owner.id), "999999"):
        supervisor.send(f"/people/{owner.id}/give", {"next_owner": nobody})
        assert registered_owner(house, complaint) == owner.id
    supervisor.send(f"/people/{owner.id}/give", {"next_owner": str(next_owner)})
    assert {registered_owner(house, one) for one in (complaint, other)} == {next_owner}
    assert user(house, "agent").active
    assert "owns no open record" in supervisor.get(f"/people/{owner.id}/give").text
    for name in ("agent", "hr"):
        assert desk(name).send(
            f"/people/{next_owner}/give", {"next_owner": str(owner.id)}).status_code == 403
    assert supervisor.get("/people/999999/give").status_code == 404


def registered_owner(house, complaint) -> int:
    """Return who owns a complaint now."""
    house.session.refresh(complaint)
    return complaint.owner_id


def test_names_of_closed_accounts_are_marked_wherever_a_person_is_shown(house, desk):
    complaint, name = registered(house), staff(house, "agent").name
    supervisor, mark = desk("supervisor"), "(closed account)"
    pages = ("/complaints/list/?is_open__is=true", f"/complaints/show/{complaint.id}",
             "/complaints/list/?mode=board", "/?cards=all")
    assert not [path for path in pages if mark in supervisor.get(path).text]
    desk("admin").send(f"/people/{user(house, 'agent').id}/close", {})
    for path in pages:
        page = supervisor.get(path).text
        assert re.search(rf"{name} <span[^>]*>{re.escape(mark)}", page), path
    # Somebody else of that name still works here: no mark is better than a wrong one.
    with write(house.session):
        staff(house, "wanghao").name = name
        invalidate_rights(house.session)
    assert mark not in supervisor.get(pages[0]).text


def test_a_person_is_moved_with_the_department_and_it_is_noted(house, desk):
    one = staff(house, "agent")
    before = (one.team_id, one.department_id)
    with write(house.session):
        department = Department(code="new", name="新部门", position=9)
        house.session.add(department)
        house.session.flush()
        department.path = f"/{department.id}/"
        house.session.add(Team(name="新组", department_id=department.id))
    team = house.session.scalar(select(Team).where(Team.name == "新组"))
    hr = desk("hr")
    assert "新组" in hr.get(f"/people/{one.user_id}/move").text
    assert hr.send(f"/people/{one.user_id}/move", {"team": str(team.id)}).status_code == 302
    moved = staff(house, "agent")
    assert (moved.team_id, moved.department_id) == (team.id, team.department_id)
    entry = house.session.scalar(
        select(AuditEntry).where(AuditEntry.record_type == "people_staff"))
    assert entry.changes["team_id"] == [before[0], team.id]
    assert hr.send(f"/people/{one.user_id}/move", {"team": "999999"}).status_code == 404
    assert hr.send(f"/people/{one.user_id}/move", {"team": "x"}).status_code == 400


def test_accounts_are_for_those_who_keep_them(house, desk):
    hr = desk("hr")
    page = hr.get("/people/").text
    assert "Last sign-in" not in page and "Close the account" not in page
    key = user(house, "agent").id
    for path, data in (("unlock", {}), ("close", {}), ("open", {})):
        assert hr.send(f"/people/{key}/{path}", data).status_code == 403
    assert user(house, "agent").active


@pytest.mark.parametrize("name", ["agent", "supervisor"])
def test_who_may_not(house, desk, name):
    person, key = desk(name), user(house, "hr").id
    assert person.get("/people/").status_code == (403 if name == "agent" else 200)
    assert person.get(f"/people/{key}/move").status_code == 403
    for path in ("unlock", "close", "open", "move"):
        assert person.send(f"/people/{key}/{path}", {}).status_code == 403
    assert user(house, "hr").active


def test_what_cannot_be_asked(house, desk):
    admin = desk("admin")
    for query in ("page=0", "page=x", "department=x", "page=99999999"):
        assert admin.get(f"/people/?{query}").status_code == 400, query
    assert admin.get("/people/?department=999999").status_code == 404
    assert admin.send("/people/999999/unlock").status_code == 404
    assert admin.get("/people/1/unlock").status_code == 405


def test_an_absence_is_called_by_the_name_of_the_person(house, desk):
    one, admin = staff(house, "agent"), desk("admin")
    made = admin.send("/absences/add", {
        "staff": str(one.id), "starts_at": "2026-11-20T00:00", "ends_at": "2026-11-30T00:00"})
    assert made.status_code == 302
    page = admin.get(made.location).text
    assert f"{one.name} has been created" in page
    assert f"<h1>{one.name}</h1>" in re.sub(r"\s+", " ", page).replace("> ", ">").replace(" <", "<")
    assert " object at 0x" not in page.replace("&lt;", "<")


def test_no_row_of_a_screen_is_shown_as_a_programmer_sees_it(house):
    from flask import current_app

    from app.screens.view import RecordView

    for view in current_app.appbuilder.baseviews:
        if isinstance(view, RecordView):
            model = view.datamodel.obj
            said = model.__str__ is not object.__str__ or model.__repr__ is not object.__repr__
            assert said, f"{model.__name__} has no text of its own"
