"""The matrix of people and duties, the overdue list, and the path of new people."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import event

from app.sdk.models import Staff
from app.sdk.people import local_today
from app.sdk.services import write
from plugins.training.duties.services import (
    duties_of_user,
    people_in_sight,
    rows_of,
    rules_in_force,
)
from plugins.training.tests.helpers import certificate, course, duty


def standings(house, username, of):
    people = people_in_sight(house.session, house.actor("hr"))
    found = rules_in_force(house.session)
    user_id = house.actor(username).user_id
    [row] = [one for one in rows_of(house.session, people, found) if one.user_id == user_id]
    return row.cells[of.id].standing.value if of.id in row.cells else None


def test_every_colour(house):
    today, of = local_today(), course(house)
    duty(house, of, role="agent")
    for username, days in (("agent", 0), ("wanghao", 345), ("liuyang", 400)):
        certificate(house, of, username, today - dt.timedelta(days=days))
    assert [standings(house, name, of) for name in
            ("agent", "wanghao", "liuyang", "zhangjing", "supervisor")] == [
        "green", "due", "overdue", "missing", None]


def test_the_pages_and_files(house):
    of = course(house)
    duty(house, of)
    client = house.client("hr")
    page = client.get("/training/matrix/")
    assert page.status_code == 200 and page.text.count("tone-bad") >= 20
    assert client.get("/training/matrix/?page=2").status_code == 200
    assert client.get("/training/matrix/?page=x").status_code == 200
    assert "李晓雯" in client.get("/training/matrix/overdue").text
    file = client.get("/training/matrix/file?format=csv")
    assert of.name in file.text and "李晓雯" in file.text
    assert client.get("/training/matrix/file?list=overdue").data[:2] == b"PK"


def test_a_supervisor_sees_the_department_and_an_agent_nothing(house):
    duty(house, course(house))
    assert house.client("agent").get("/training/matrix/").status_code == 403
    names = {one.name for one in people_in_sight(house.session, house.actor("supervisor"))}
    assert "李晓雯" in names and "林娜" not in names
    assert [one.name for one in people_in_sight(house.session, house.actor("agent"))] == ["李晓雯"]
    client = house.client("supervisor")
    own, strange = (house.actor(name).user_id for name in ("agent", "linna"))
    assert client.get(f"/training/record/{own}").status_code == 200
    assert client.get(f"/training/record/{strange}").status_code == 404
    assert client.get("/training/record/x").status_code == 404


def test_the_matrix_reads_as_many_statements_for_many_duties(house):
    for place in range(12):
        duty(house, course(house, f"C{place}"))
    client = house.client("hr")
    client.get("/training/matrix/")
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        if "training_" in statement or "people_staff" in statement:
            counted.append(statement)

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert client.get("/training/matrix/").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    # Rules with their courses, people, certificates; posts name the staff once more.
    assert 1 <= len(counted) <= 5, counted


def test_the_path_of_a_new_person(house):
    first, second, always = (course(house, code) for code in ("A", "B", "Z"))
    duty(house, second, place=2, tenure_until=6)
    duty(house, first, place=1, tenure_until=6)
    duty(house, always)
    with write(house.session):
        staff = house.session.query(Staff).filter_by(
            user_id=house.actor("agent").user_id).one()
        staff.hired_on = local_today()
    user_id = house.actor("agent").user_id
    own = duties_of_user(house.session, user_id)
    assert [(one.duty.course, one.is_next) for one in own] == [
        (first.id, True), (second.id, False), (always.id, False)]
    assert own[0].cell.standing.value == "due"
    certificate(house, first)
    assert [one.is_next for one in duties_of_user(house.session, user_id)] == [False, True, False]
    # Whoever has been there for long is not on the path.
    assert [one.duty.course for one in duties_of_user(
        house.session, house.actor("wanghao").user_id)] == [always.id]
