"""What one record counts as, and which declarations are refused."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.customers.event_models import CustomerEvent
from app.customers.models import Customer
from app.host.measures import Measure, Metric
from app.metrics import facts
from app.metrics.models import BY_GROUP_AND_MONTH, BY_MONTH, WHOLE
from app.metrics.plugin_check import metric_fault

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = Measure(name="x.events", model=CustomerEvent, day="happened_at",
                 where={"kind__in": ("visit", "call"), "customer__filled": "1"},
                 dimensions={"kind": "kind"})
VALUES = {"deleted_at": None, "kind": "visit", "customer_id": 3, "owner_id": 7, "team_id": None,
          "department_id": 2, "happened_at": dt.datetime(2026, 3, 31, 17, tzinfo=dt.UTC)}


def count(values, measure=EVENTS) -> Counter:
    found = Counter()
    facts.counter_of(measure, ZONE)(values, found)
    return found


def test_a_record_counts_in_all_and_in_each_dimension_in_its_local_month():
    found = count(VALUES)
    assert set(found.values()) == {1}
    total, by_kind, by_person = found
    assert (total.dimension, total.value, total.month) == ("", "", dt.date(2026, 4, 1))
    assert (by_kind.dimension, by_kind.value) == ("kind", "visit")
    assert (by_person.dimension, by_person.value) == ("person", "7")
    # Everybody sees events of customers: they are not counted apart by groups.
    assert (total.team_1, total.department_1, total.department_2) == (0, 0, 0)


def test_minutes_are_added_up_of_whole_seconds_and_never_below_zero():
    early, late = (dt.datetime(2026, 3, 1, 8, 0, second, tzinfo=dt.UTC) for second in (0, 59))
    minutes = Measure(name="x.minutes", model=CustomerEvent, person="",
                      amount=("happened_at", "created_at"))
    assert not count(VALUES | {"happened_at": early, "created_at": late}, minutes)
    assert not count(VALUES | {"happened_at": late, "created_at": early}, minutes)
    assert not count(VALUES | {"happened_at": early, "created_at": None}, minutes)
    [amount] = count(VALUES | {"happened_at": early, "created_at": late + dt.timedelta(hours=2)},
                     minutes).values()
    assert amount == 120


@pytest.mark.parametrize("level", range(4))
def test_every_level_has_one_key_of_a_cell(level):
    [key, *_] = count(VALUES)
    found = facts.levels_of(key._replace(team_1=3, department_2=4))
    assert set(found) == set(range(4))
    whole, month = level in (BY_MONTH, WHOLE), level in (BY_MONTH, BY_GROUP_AND_MONTH)
    assert (found[level].team_1 == 0) == whole
    assert (found[level].month == facts.NO_MONTH) != month


def test_cells_hold_which_groups_see_a_record_where_their_columns_suffice():
    class Two:
        __scope_people__ = ("owner_id", "handler_id", "reviewer_id")
        __scope_tables__ = ("signers",)
        __scope_departments__ = ("department_id", "responsible_id")

    class Three:
        __scope_departments__ = ("department_id", "responsible_id", "reporting_id")

    assert facts.scope_slots(Two) == {
        "department_id": "department_1", "responsible_id": "department_2"}
    assert facts.scope_slots(Three) is None


@pytest.mark.parametrize("change", [
    {"deleted_at": dt.datetime(2026, 4, 1, tzinfo=dt.UTC)}, {"kind": "delivery"},
    {"customer_id": None}, {"happened_at": None},
])
def test_what_the_condition_leaves_out_counts_nowhere(change):
    assert not count(VALUES | change)


_records = st.fixed_dictionaries({
    "deleted_at": st.sampled_from([None, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]),
    "kind": st.sampled_from(["visit", "call", "delivery"]),
    "customer_id": st.sampled_from([None, 1]), "owner_id": st.sampled_from([None, 1, 2]),
    "team_id": st.sampled_from([None, 1]), "department_id": st.sampled_from([None, 1]),
    "happened_at": st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 5),
                                timezones=st.just(dt.UTC)),
})


@settings(deadline=None)
@given(st.lists(st.tuples(_records, _records), max_size=8))
def test_differences_lead_from_what_was_to_what_is(pairs):
    before = Counter(key for old, _ in pairs for key in count(old))
    after = Counter(key for _, new in pairs for key in count(new))
    moved = Counter(before)
    for key, amount in facts.difference(before, after).items():
        moved[key] += amount
    assert +moved == after


def test_a_definition_differs_where_it_counts_otherwise():
    other = Measure(name="x.events", model=CustomerEvent, day="created_at")
    assert facts.definition_of(EVENTS, ZONE) == facts.definition_of(EVENTS, ZONE)
    assert facts.definition_of(EVENTS, ZONE) != facts.definition_of(other, ZONE)
    assert facts.definition_of(EVENTS, ZONE) != facts.definition_of(EVENTS, dt.UTC)


def _plugin(metric: Metric):
    return SimpleNamespace(name="x", contributions={"register_metrics": [metric]})


def _metric(**measure) -> Metric:
    return Metric(name="x.m", title="M",
                  numerator=Measure(**{"name": "x.m", "model": Customer, **measure}))


def test_a_right_declaration_passes():
    assert metric_fault(_plugin(_metric(where={"grade__in": "A"}, day="created_at"))) is None


@pytest.mark.parametrize(("measure", "says"), [
    ({"name": "y.m"}, "must begin with 'x.'"),
    ({"where": {"grade__like": "A"}}, "must end with"),
    ({"where": {"colour__in": "red"}}, "no column 'colour'"),
    ({"day": "birthday_of_cat"}, "no column 'birthday_of_cat'"),
    ({"dimensions": {"day": "grade"}}, "may not be called 'day'"),
    ({"dimensions": {"phone": "phone"}}, "sensitive"),
    ({"registers": ("old",)}, "belong together"),
])
def test_a_wrong_declaration_is_refused_with_a_sentence(measure, says):
    fault = metric_fault(_plugin(_metric(**measure)))
    assert fault is not None and says in fault.detail


def test_a_direction_is_one_of_two():
    metric = Metric(name="x.m", title="M", better="sideways",
                    numerator=Measure(name="x.m", model=Customer))
    assert "sideways" in metric_fault(_plugin(metric)).detail


def test_two_measures_of_one_name_are_refused():
    metric = Metric(name="x.m", title="M", numerator=Measure(name="x.m", model=Customer),
                    denominator=Measure(name="x.m", model=Customer, day="created_at"))
    assert "two measures" in metric_fault(_plugin(metric)).detail


@pytest.mark.parametrize(("denominator", "says"), [
    (Measure(name="x.n", model=Customer, amount="version"), "has no amount"),
    (Measure(name="x.n", model=CustomerEvent), "two kinds"),
])
def test_a_denominator_counts_records_of_the_same_kind(denominator, says):
    metric = Metric(name="x.m", title="M", denominator=denominator,
                    numerator=Measure(name="x.m", model=Customer, amount="version"))
    assert says in metric_fault(_plugin(metric)).detail
