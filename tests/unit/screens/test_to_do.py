"""The one list of what a person has to do: nothing is lost, the most urgent comes first."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.host.contributions import Card
from app.people import clock
from app.screens.home import to_do

NOW = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
ZONE = dt.timezone(dt.timedelta(hours=8))
_dues = st.none() | st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 31)) | st.datetimes(
    dt.datetime(2026, 11, 1), dt.datetime(2026, 12, 31), timezones=st.just(dt.UTC))


@pytest.fixture(autouse=True, scope="module")
def zone():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(to_do, "local_zone", lambda: ZONE)
        yield
    assert to_do.local_zone is clock.local_zone


def card(name, kind="Complaint"):
    return Card(name=name, title=name.title(), load=dict, template="", view="v", to_do=kind)


def test_the_most_urgent_comes_first_whatever_its_kind():
    found = to_do.in_one_list([
        (card("a"), {"rows": [{"id": 1, "due": NOW + dt.timedelta(hours=2)}, {"id": 2}],
                     "more_url": "/a"}),
        (card("b", "Callback"), {"rows": [{"id": 3, "due": NOW - dt.timedelta(hours=1)}],
                                 "figures": [{"label": "Now", "value": 1, "url": "/now"}]}),
    ], NOW)
    assert [(one.row["id"], one.kind, one.is_late) for one in found.first] == [
        (3, "Callback", True), (1, "Complaint", False), (2, "Complaint", False)]
    assert found.others == []
    assert [(one.title, one.url, len(one.figures)) for one in found.sources] == [
        ("A", "/a", 0), ("B", "", 1)]


def test_a_day_lasts_until_its_end_in_the_zone_of_the_organisation():
    today = NOW.astimezone(ZONE).date()
    [one, other] = to_do.in_one_list([(card("a"), {"rows": [
        {"id": 1, "due": today}, {"id": 2, "due": today - dt.timedelta(days=1)}]})], NOW).first
    assert (one.row["id"], one.is_late) == (2, True)
    assert (other.row["id"], other.is_late) == (1, False)
    assert other.due_at.astimezone(ZONE).date() == today


@given(st.lists(st.lists(_dues, max_size=8), max_size=5), st.integers(0, 20))
def test_nothing_is_lost_and_what_has_no_time_comes_last(dues, shown):
    loaded = [
        (card(f"card{place}"), {"rows": [{"id": (place, number), "due": due}
                                         for number, due in enumerate(each)]})
        for place, each in enumerate(dues)
    ]
    found = to_do.in_one_list(loaded, NOW, shown)
    every = [*found.first, *found.others]
    assert len(found.first) == min(shown, len(every))
    assert sorted(one.row["id"] for one in every) == sorted(
        (place, number) for place, each in enumerate(dues) for number in range(len(each)))
    timed = [one.due_at for one in every if one.due_at is not None]
    assert timed == sorted(timed)
    assert all(one.due_at is None for one in every[len(timed):])
    # Of lines that are due alike, those of the first card stay in front.
    untimed = [one.row["id"] for one in every[len(timed):]]
    assert untimed == sorted(untimed)
    assert all(one.is_late == (one.due_at is not None and one.due_at < NOW) for one in every)
