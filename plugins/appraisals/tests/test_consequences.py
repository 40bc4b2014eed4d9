"""Months in a row have consequences until they are done; bonuses are compiled and approved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.sdk.errors import CarelineError, Invalid, Rejected
from app.sdk.records import create
from app.sdk.services import act, scope_filter, write
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.bonus.operations import lines_of
from plugins.appraisals.consequences.models import Consequence
from plugins.appraisals.consequences.services import ship_rules
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.operations import COMPILE, RELEASE
from plugins.appraisals.rules.periods import months_later
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import BEGIN, LOW, hold, month, rated, signed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def released(house, begin: dt.date, **values) -> Cycle:
    """Release a month in which one person was rated and everybody else was absent."""
    cycle = month(house, begin)
    for sheet in house.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all():
        if sheet.owner_id == house.actor("agent").user_id:
            signed(house, rated(house, sheet, **values))
        else:
            act(house.session, house.actor("hr"), sheet, "mark_absent", {"reason": "外派"})
    act(house.session, house.actor("hr"), cycle, RELEASE)
    return cycle


@pytest.fixture
def rules(house) -> None:
    with write(house.session):
        ship_rules(house.session)


def kinds(house) -> list[str]:
    return list(house.session.scalars(select(Consequence.kind).order_by(Consequence.id)))


def test_three_low_months_lead_to_a_task_that_is_followed_to_its_end(house, rules):
    for place in range(3):
        assert kinds(house) == []
        released(house, months_later(BEGIN, place), **LOW)
    assert kinds(house) == ["criticism"]
    task = house.session.scalars(select(Consequence)).one()
    assert task.subject_id == house.actor("agent").user_id
    assert task.owner_id == house.actor("leader").user_id
    assert task.is_open
    with pytest.raises(CarelineError):
        act(house.session, house.actor("supervisor"), task, "finish", {"result": "x"})
    act(house.session, house.actor("leader"), task, "finish", {"result": "已在例会通报"})
    assert (task.is_open, task.result) == (False, "已在例会通报")
    for username, sees in (("agent", False), ("supervisor", False), ("leader", True), ("hr", True)):
        found = house.session.scalar(select(Consequence.id).where(
            scope_filter(house.actor(username), Consequence)))
        assert (found is not None) is sees, username


def test_a_serious_incident_has_a_consequence_without_a_low_score(house):
    values = {"subject_id": house.actor("agent").user_id, "kind": "warning",
              "due_on": dt.date(2026, 12, 1), "reason": "泄露客户信息"}
    with pytest.raises(Invalid):
        create(house.session, house.actor("hr"), Consequence, values)
    with pytest.raises(Invalid):
        create(house.session, house.actor("hr"), Consequence, {
            **values, "owner_id": values["subject_id"]})
    made = create(house.session, house.actor("hr"), Consequence, {
        **values, "owner_id": house.actor("supervisor").user_id})
    assert made.is_open


def test_a_bonus_table_is_compiled_by_hr_and_approved_by_two_others(house, rules):
    cycle = released(house, BEGIN)
    hold(house, "compensation", "songwei")
    hold(house, "managers_office", "hejun")
    act(house.session, house.actor("hr"), cycle, COMPILE)
    table = house.session.scalars(select(BonusTable)).one()
    [line] = lines_of(house.session, table.id)
    # 300 × 93.33 ÷ 100
    assert (line.amount, table.total) == (Decimal("279.99"), Decimal("279.99"))
    assert dict(map(tuple, line.steps))["product"] == "279.99"
    for username in ("hr", "hejun", "agent"):
        with pytest.raises(Rejected):
            act(house.session, house.actor(username), table, "review")
    act(house.session, house.actor("songwei"), table, "review")
    act(house.session, house.actor("hejun"), table, "approve")
    assert table.status == "approved"
    with pytest.raises(CarelineError):
        act(house.session, house.actor("hr"), cycle, COMPILE)


def test_one_person_does_not_review_and_approve(house, rules):
    cycle = released(house, BEGIN)
    for post in ("compensation", "managers_office"):
        hold(house, post, "songwei")
    act(house.session, house.actor("hr"), cycle, COMPILE)
    table = house.session.scalars(select(BonusTable)).one()
    act(house.session, house.actor("songwei"), table, "review")
    with pytest.raises(Rejected):
        act(house.session, house.actor("songwei"), table, "approve")


def test_a_bonus_table_opens_to_hr_and_to_those_who_decide(house, rules):
    cycle = released(house, BEGIN)
    hold(house, "compensation", "songwei")
    act(house.session, house.actor("hr"), cycle, COMPILE)
    for username, sees in (("hr", True), ("songwei", True), ("leader", False), ("hejun", False)):
        found = house.session.scalar(select(BonusTable.id).where(
            scope_filter(house.actor(username), BonusTable)))
        assert (found is not None) is sees, username
    table = house.session.scalars(select(BonusTable)).one()
    client = house.client("hr")
    for file, start in (("bonus.xlsx", b"PK"), ("bonus.pdf", b"%PDF")):
        answer = client.get(f"/appraisals/bonuses/{table.id}/{file}")
        assert answer.data.startswith(start), file
        assert house.client("leader").get(
            f"/appraisals/bonuses/{table.id}/{file}").status_code == 404
