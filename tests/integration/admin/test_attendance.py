"""Attendance facts: entered, imported, and added by known absences."""

from __future__ import annotations

import datetime as dt
import decimal
import zoneinfo

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.errors import Invalid, ProtectedField
from app.jobs.hidden_rows import hiding
from app.people.attendance import attendance, working_days
from app.people.models import Absence, AttendanceFact, Staff
from app.records.operations import operations_of
from app.sdk.services import write

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
# March 2026 has no public holiday in China; the 2nd is a Monday.
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
D = decimal.Decimal

def staff(house, username: str = "agent") -> Staff:
    user_id = house.actor(username).user_id
    return house.session.scalar(select(Staff).where(Staff.user_id == user_id))


def enter(house, kind: str, day: int, amount="1", **values) -> AttendanceFact:
    return operations_of(AttendanceFact).create(house.session, SYSTEM, {
        "staff_id": staff(house).id, "day": dt.date(2026, 3, day), "kind": kind,
        "amount": D(amount), **values})


def be_away(house, kind: str, start: str, end: str) -> None:
    with write(house.session):
        house.session.add(Absence(
            staff_id=staff(house).id, kind=kind,
            starts_at=dt.datetime.fromisoformat(f"2026-03-{start}").replace(tzinfo=ZONE),
            ends_at=dt.datetime.fromisoformat(f"2026-03-{end}").replace(tzinfo=ZONE)))


def totals(house, start: dt.date = MARCH, end: dt.date = APRIL) -> dict[str, decimal.Decimal]:
    user_id = staff(house).user_id
    return attendance(house.session, [user_id], start, end)[user_id].totals


def test_what_is_entered_adds_up(house):
    enter(house, "late", 2, "2")
    enter(house, "late", 3)
    enter(house, "no_badge", 1, "4", period="month")
    enter(house, "unexcused", 4, "0.5")
    assert totals(house) == {"late": D(3), "no_badge": D(4), "unexcused": D("0.5")}


def test_known_leave_counts_by_itself_with_its_working_days(house):
    # Thursday noon to Tuesday evening: half a day of nine hours less lunch stays half here.
    be_away(house, "sick_leave", "05T13:30", "10T18:00")
    be_away(house, "annual_leave", "16T09:00", "17T18:00")
    found = totals(house)
    assert set(found) == {"sick_leave"}
    assert D("3.4") < found["sick_leave"] < D("3.7")
    user_id = staff(house).user_id
    lines = attendance(house.session, [user_id], MARCH, APRIL)[user_id].lines
    assert [line.day.day for line in lines] == [5, 6, 9, 10]
    assert {line.source for line in lines} == {"absence"}


def test_what_is_entered_replaces_what_is_known(house):
    be_away(house, "personal_leave", "05T00:00", "07T00:00")
    assert totals(house) == {"personal_leave": D(2)}
    enter(house, "personal_leave", 5, "0.5")
    assert totals(house) == {"personal_leave": D("1.5")}
    enter(house, "personal_leave", 1, "3", period="month")
    # The day's fact stands beside that of the month: both were entered.
    assert totals(house) == {"personal_leave": D("3.5")}


def test_a_month_counts_only_as_a_whole(house):
    enter(house, "late", 1, "5", period="month")
    assert totals(house, MARCH, dt.date(2026, 3, 20)) == {}
    assert totals(house, dt.date(2026, 3, 2), APRIL) == {}
    assert totals(house) == {"late": D(5)}


def test_two_parts_of_a_time_add_up_to_the_whole(house):
    be_away(house, "sick_leave", "05T13:30", "10T18:00")
    enter(house, "late", 9)
    middle = dt.date(2026, 3, 9)
    first, second, whole = totals(house, MARCH, middle), totals(house, middle, APRIL), totals(house)
    assert {kind: first.get(kind, 0) + second.get(kind, 0) for kind in whole} == whole


@pytest.mark.parametrize("values, field", [
    ({"kind": "late", "amount": "0.5"}, "amount"), ({"kind": "late", "amount": "0"}, "amount"),
    ({"kind": "sick_leave", "amount": "1.5"}, "amount"),
    ({"kind": "sick_leave", "amount": "32", "period": "month"}, "amount"),
])
def test_impossible_amounts_are_refused(house, values, field):
    with pytest.raises(Invalid) as refused:
        enter(house, day=2, **values)
    assert list(refused.value.errors) == [field]


def test_the_source_is_noted_by_the_product(house):
    assert enter(house, "late", 2).source == "entered"
    with hiding(7):
        assert enter(house, "late", 3).source == "imported"
    with pytest.raises(ProtectedField):
        enter(house, "late", 4, source="imported")


def test_a_fact_of_a_month_stands_on_its_first_day(house):
    fact = enter(house, "late", 17, "2", period="month")
    assert fact.day == MARCH
    with pytest.raises(Invalid):
        operations_of(AttendanceFact).change(
            house.session, SYSTEM, fact, {"day": dt.date(2026, 3, 5)})


def test_hr_enters_a_fact_and_agents_see_none(house, desk):
    hr = desk("hr")
    page = hr.get("/attendance/add").text
    assert "Badge not worn" in page and "Whole month" in page
    answer = hr.send("/attendance/add", {
        "staff": str(staff(house).id), "day": "2026-03-02", "period": "day", "kind": "late",
        "amount": "1"})
    assert answer.status_code == 302, answer.text
    assert totals(house) == {"late": D(1)}
    assert staff(house).name in hr.get("/attendance/list/").text
    assert desk("agent").get("/attendance/list/").status_code in (302, 403, 404)


def test_working_days_are_those_on_which_somebody_was_there(house):
    # 22 working days; two of them on leave, and before the first day nobody was there.
    user_id, other = (house.actor(name).user_id for name in ("agent", "wanghao"))

    def days(start: dt.date = MARCH, end: dt.date = APRIL) -> dict[int, D]:
        found = attendance(house.session, [user_id, other], start, end)
        return working_days(house.session, found, start, end)

    assert days() == {user_id: 22, other: 22}
    enter(house, "personal_leave", 3)
    enter(house, "late", 4, "2")
    enter(house, "unexcused", 5, "0.5")
    assert days() == {user_id: D("20.5"), other: 22}
    with write(house.session):
        staff(house, "wanghao").hired_on = dt.date(2026, 3, 30)
    assert days() == {user_id: D("20.5"), other: 2}
    assert days(MARCH, MARCH) == {user_id: 0, other: 0}
