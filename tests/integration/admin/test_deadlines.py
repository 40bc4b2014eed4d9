"""The screens of deadlines: days and weeks of calendars, policies in force or put aside."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.admin.calendar_year import read_hours
from app.deadlines.calendar_store import Calendars
from app.deadlines.models import PolicyRow

CHINA = "/deadlines/calendars/china"


def calendar(house):
    calendars = Calendars(house.session)
    return calendars.get(calendars.id_of("china"))


def test_a_year_shows_holidays_and_make_up_days(desk):
    page = desk("admin").get(f"{CHINA}?year=2026").text
    assert "2026-10-01 · Public holiday · closed" in page
    assert "Make-up working day" in page.split("year-grid", 1)[1]
    assert page.count('class="day day-') >= 365
    assert "not known yet" in desk("admin").get(f"{CHINA}?year=2050").text


def test_a_day_is_set_closed_and_cleared_and_noted(desk, house):
    import datetime as dt

    admin, day = desk("admin"), dt.date(2026, 3, 4)
    usual = calendar(house).shifts_on(day)
    sent = {"day": day.isoformat(), "hours": "10:00–12:00，13:00~15:30".replace("~", "-"),
            "note": "盘点"}
    assert admin.send(f"{CHINA}/day", sent).status_code == 302
    assert [str(one) for one in calendar(house).shifts_on(day)] == ["10:00-12:00", "13:00-15:30"]
    assert "盘点" in admin.get(f"{CHINA}?day=2026-03-04").text
    admin.send(f"{CHINA}/day", {"day": day.isoformat(), "close": "1"})
    assert calendar(house).shifts_on(day) == ()
    admin.send(f"{CHINA}/day", {"day": day.isoformat(), "clear": "1"})
    assert calendar(house).shifts_on(day) == usual
    acts = list(house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "calendar_day").order_by(AuditEntry.id)))
    assert len(acts) == 3 and acts[0].changes["2026-03-04"][1] == "10:00-12:00, 13:00-15:30"


def test_the_week_is_set_and_running_clocks_are_worked_out_by_a_job(desk, house, work):
    admin = desk("admin")
    hours = ["08:30-17:30"] * 5 + ["09:00-12:00", ""]
    assert admin.send(f"{CHINA}/week", {"hours": hours}).status_code == 302
    assert [len(held) for held in calendar(house).week] == [1, 1, 1, 1, 1, 1, 0]
    assert admin.send(f"{CHINA}/recompute").status_code == 302
    assert work().state == "done"


def test_policies_are_put_aside_and_in_force(desk, house):
    admin = desk("admin")
    row = house.session.scalar(select(PolicyRow).where(PolicyRow.in_force).limit(1))
    sent = {"record_type": row.record_type, "name": row.name}
    assert row.content["source"] in admin.get("/deadlines/").text.replace("&#39;", "'")
    for wanted, expected in (("0", False), ("1", True)):
        assert admin.send("/deadlines/policies", {**sent, "in_force": wanted}).status_code == 302
        house.session.refresh(row)
        assert row.in_force is expected
    assert admin.send("/deadlines/policies", {**sent, "in_force": "x"}).status_code == 400
    assert admin.send(
        "/deadlines/policies", {**sent, "name": "none", "in_force": "1"}).status_code == 404


def test_who_may_not_and_what_cannot_be(desk, house):
    supervisor, admin = desk("supervisor"), desk("admin")
    for path in ("/deadlines/", CHINA):
        assert supervisor.get(path).status_code == 403
    for path in ("/deadlines/policies", f"{CHINA}/day", f"{CHINA}/week", f"{CHINA}/recompute"):
        assert supervisor.send(path).status_code == 403
        assert admin.get(path).status_code == 405
    assert admin.get("/deadlines/calendars/none").status_code == 404
    for query in ("year=x", "year=1", "year=99999", "day=x", "day=0001-01-01"):
        assert admin.get(f"{CHINA}?{query}").status_code == 400, query
    assert admin.send(f"{CHINA}/day", {"hours": "09:00-10:00"}).status_code == 400
    for hours in ("9", "10:00-09:00", "09:00-12:00,11:00-13:00"):
        sent = {"day": "2026-03-04", "hours": hours}
        assert admin.send(f"{CHINA}/day", sent).status_code == 422, hours
    assert admin.send(f"{CHINA}/week", {"hours": ["09:00-10:00"]}).status_code == 400
    assert admin.send(f"{CHINA}/week", {"hours": [""] * 7}).status_code == 422


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), ("09:00-12:00", ["09:00-12:00"]),
     ("09：00—12：00；13:00 - 18:00", ["09:00-12:00", "13:00-18:00"])],
)
def test_hours_are_read_as_people_type_them(text, expected):
    assert read_hours(text) == expected
