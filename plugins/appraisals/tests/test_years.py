"""The year's result follows from its released months, by the rule of that year, line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, Rejected
from app.sdk.people import local_today
from app.sdk.records import delete
from app.sdk.services import SYSTEM, act, create, update, write
from plugins.appraisals.cycles.operations import RELEASE
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import month, rated, settle, sheet_of, signed
from plugins.appraisals.tests.test_screens import Desk
from plugins.appraisals.years.models import YearRule
from plugins.appraisals.years.operations import ship_rule
from plugins.appraisals.years.services import grades_at_end, rule_of, years_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
YEAR = 2024


@pytest.fixture
def person(house) -> int:
    """The agent, with a released March, an April of absence and a May that is open."""
    for number in (3, 4, 5):
        cycle = month(house, dt.date(YEAR, number, 1))
        for one in house.session.query(Sheet).filter_by(cycle_id=cycle.id):
            if number == 4 or (number == 3 and one.id != sheet_of(house, cycle).id):
                act(house.session, house.actor("hr"), one, "mark_absent", {"reason": "病假"})
        if number == 3:
            signed(house, rated(house, sheet_of(house, cycle)))
        if number < 5:
            act(house.session, house.actor("hr"), cycle, RELEASE)
    return house.actor("agent").user_id


def test_only_released_months_with_a_score_count(house, person):
    [found] = years_of(house.session, YEAR, [person])
    states = {line.month.month: line.state for line in found.result.lines}
    assert (states[3], states[4], states[5]) == ("counted", "absent", "none")
    assert (found.result.score, found.grade) == (Decimal("93.33"), "excellent")
    sheet = found.sheets[dt.date(YEAR, 3, 1)]
    with write(house.session):
        sheet.final_score = Decimal("59.99")
    [again] = years_of(house.session, YEAR, [person])
    assert (again.result.score, again.grade) == (Decimal("59.99"), "encouraged")
    assert years_of(house.session, YEAR, [person]) == [again]
    assert years_of(house.session, YEAR + 1, [person]) == []


def test_a_year_keeps_its_rule(house, person):
    session, hr, this_year = house.session, house.actor("hr"), local_today().year
    ship_rule(session)
    first = rule_of(session, YEAR)
    with pytest.raises(Rejected):
        update(session, hr, first, {"least_months": 12})
    with pytest.raises(Rejected):
        delete(session, hr, first)
    with pytest.raises(Invalid):
        create(session, hr, YearRule, {"from_year": this_year, "least_months": 6})
    with pytest.raises(Invalid):
        create(session, hr, YearRule, {"from_year": this_year + 1, "least_months": 13})
    made = create(session, hr, YearRule, {"from_year": this_year + 1, "least_months": 6})
    with pytest.raises(Invalid):
        create(session, hr, YearRule, {"from_year": this_year + 1, "least_months": 7})
    update(session, hr, made, {"least_months": 5})
    assert rule_of(session, this_year) == first
    assert rule_of(session, this_year + 3) == made
    create(session, SYSTEM, YearRule, {"from_year": YEAR, "least_months": 2})
    [found] = years_of(session, YEAR, [person])
    assert (found.result.counted, found.result.score, found.grade) == (1, None, "")


def test_a_year_keeps_the_bounds_of_its_grades(house, person):
    def grade() -> str:
        return years_of(house.session, YEAR, [person])[0].grade

    with acting_at(dt.datetime(YEAR, 11, 1, tzinfo=dt.UTC)):
        settle(house, excellent_from="99")
    with acting_at(dt.datetime(YEAR, 12, 31, 15, 59, tzinfo=dt.UTC)):
        settle(house, excellent_from="95")
    assert grade() == "qualified"
    # A second into the year that follows in the organisation's zone, and later again.
    with acting_at(dt.datetime(YEAR, 12, 31, 16, 0, 1, tzinfo=dt.UTC)):
        settle(house, excellent_from="80")
    settle(house, excellent_from="70", qualified_from="50")
    assert grade() == "qualified"
    assert [one.lowest for one in grades_at_end(house.session, YEAR)] == [95, 60, 0]
    assert [one.lowest for one in grades_at_end(house.session, local_today().year)] == [70, 50, 0]


def test_the_person_and_hr_see_it_and_others_do_not(house, person):
    ship_rule(house.session)
    path = f"/appraisals/sheets/years/{YEAR}/{person}"
    agent, hr = Desk(house, "agent"), Desk(house, "hr")
    for desk in (agent, hr):
        page = desk.get(path)
        assert page.status_code == 200
        assert "93.33 ÷ 1 = 93.33" in page.text
        assert desk.get(f"{path}/year.xlsx").data.startswith(b"PK")
    assert hr.get(f"/appraisals/sheets/years/{YEAR}/years.xlsx").data.startswith(b"PK")
    assert agent.get(f"/appraisals/sheets/years/{YEAR}/years.xlsx").status_code == 404
    other = Desk(house, "wanghao")
    assert other.get(path).status_code == 404
    assert other.get(f"{path}/year.xlsx").status_code == 404
    assert path in agent.get(f"/appraisals/sheets/show/{sheet_id(house, person)}").text


def sheet_id(house, person: int) -> int:
    return years_of(house.session, YEAR, [person])[0].sheets[dt.date(YEAR, 3, 1)].id
