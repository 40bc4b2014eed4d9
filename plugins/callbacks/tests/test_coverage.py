"""Coverage of members: each counts once, and who was not called back is listed by name."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.customers.models import Membership
from app.sdk.demo import acting_at
from app.sdk.records import delete
from app.sdk.services import act
from plugins.callbacks import coverage
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned

FIRST, LAST = dt.date(2026, 10, 12), dt.date(2026, 10, 16)
MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)


def called(house, who, code="reached", day=0) -> None:
    """Let a customer be contacted on a day of the week."""
    with acting_at(MONDAY + dt.timedelta(days=day)):
        task = planned(house, customer_id=who.id)
        act(house.session, house.actor("agent"), task, "start")
        contact(house, task, code, **(COMPLETE if code == "reached" else {}))


@pytest.fixture
def members(house):
    """Four members: called twice, not answered, called a week before, later a member; one not."""
    level = house.session.scalars(select(Membership.id)).first()
    assert level is not None
    made = [customer(house, name=f"会员{place}", phone=f"1390000000{place}", membership_id=level,
                     member_since=dt.date(2026, 11 if place == 3 else 1, 1))
            for place in range(4)]
    other = customer(house, name="非会员", phone="13900000009")
    called(house, made[0])
    called(house, made[0], day=1)
    called(house, made[1], "no_answer")
    called(house, made[2], day=-7)
    called(house, other)
    return made


def names(house, which, page=1):
    """Return the names on a page of the list."""
    return [row.name for row in coverage.listed(
        house.session, house.actor("supervisor"), FIRST, LAST, which, page)]


def test_each_member_counts_once_of_all_who_were_members_by_then(house, members):
    rate = coverage.members_covered(house.session, house.actor("supervisor"), FIRST, LAST)
    assert (rate.part, rate.whole, rate.percent) == (1, 3, 33.3)


def test_the_lists_behind_the_figure_are_as_long_as_it_says(house, members):
    assert names(house, coverage.COVERED) == ["会员0"]
    assert names(house, coverage.MISSING) == ["会员1", "会员2"]
    assert names(house, coverage.EVERY) == ["会员0", "会员1", "会员2"]


def test_members_in_the_recycle_bin_count_neither_above_nor_below(house, members):
    delete(house.session, house.actor("supervisor"), members[0])
    rate = coverage.members_covered(house.session, house.actor("supervisor"), FIRST, LAST)
    assert (rate.part, rate.whole) == (0, 2)


def test_callbacks_out_of_sight_cover_nobody(house, members):
    rate = coverage.members_covered(house.session, house.actor("yangfan"), FIRST, LAST)
    assert (rate.part, rate.whole) == (0, 3)


def test_months_follow_each_other_and_each_has_its_own_members(house, members):
    found = coverage.by_month(
        house.session, house.actor("supervisor"), dt.date(2026, 11, 30), months=3)
    assert [(month, rate.part, rate.whole) for month, rate in found] == [
        ("2026-09", 0, 3), ("2026-10", 2, 3), ("2026-11", 0, 4)]


def test_the_pages_say_of_how_many_and_show_no_number(house, members):
    client = house.client("supervisor")
    page = client.get("/callbacks/coverage?which=all").text
    assert all(one.name in page and one.number in page for one in members)
    assert "13900000000" not in page
    assert "/callbacks/coverage?which=covered" in client.get("/callbacks/figures").text
    months = client.get("/callbacks/coverage/months").get_json()
    assert len(months["labels"]) == 12 and months["labels"][-1].endswith("/4)")
    assert client.get("/callbacks/coverage/months?format=csv").mimetype == "text/csv"


def test_pages_follow_each_other(house, members, monkeypatch):
    monkeypatch.setattr(coverage, "PAGE", 1)
    assert [names(house, coverage.MISSING, page)[0] for page in (1, 2)] == ["会员1", "会员2"]
    assert names(house, coverage.MISSING, 3) == []
    assert "number=2" in house.client("supervisor").get(
        "/callbacks/coverage?which=all&period=whenever").text
