"""How complete the information about a customer is: laws, and the cases one by one."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from app.customers.items import (
    IN_ORDER,
    MISSING,
    NAMES,
    TO_VERIFY,
    Completeness,
    Wanted,
    completeness_of,
    filled_items,
    review_due,
)

SOME = st.frozensets(st.sampled_from(NAMES))
WANTED = st.builds(
    lambda required, optional, verified: Wanted(
        required=required, optional=optional - required, verified=verified), SOME, SOME, SOME)
RULES = Wanted(required=frozenset({"name", "phone"}), optional=frozenset({"email"}),
               verified=frozenset({"phone"}))


@given(WANTED, SOME, SOME)
def test_it_is_a_percentage_and_all_of_it_is_in_order(wanted, filled, verified):
    found = completeness_of(wanted, filled, verified)
    assert 0 <= found.percent <= 100
    assert found.percent < 100 or found.state == IN_ORDER


@given(WANTED, SOME, SOME, st.sampled_from(NAMES))
def test_verifying_never_makes_it_less(wanted, filled, verified, item):
    before = completeness_of(wanted, filled, verified)
    assert completeness_of(wanted, filled, verified | {item}).percent >= before.percent


@given(WANTED, SOME, SOME)
def test_a_required_item_that_is_lacking_is_said_first(wanted, filled, verified):
    assert (completeness_of(wanted, filled, verified).state == MISSING) == (
        not wanted.required <= filled)


def test_each_item_counts_for_being_there_and_for_being_verified():
    assert completeness_of(RULES, (), ()) == Completeness(0, MISSING)
    assert completeness_of(RULES, {"name"}, ()) == Completeness(25, MISSING)
    assert completeness_of(RULES, {"name", "phone"}, ()) == Completeness(50, TO_VERIFY)
    assert completeness_of(RULES, {"name", "phone"}, {"phone"}) == Completeness(75, IN_ORDER)
    everything = {"name", "phone", "email"}
    assert completeness_of(RULES, everything, {"phone"}) == Completeness(100, IN_ORDER)


def test_what_is_verified_but_gone_does_not_count():
    assert completeness_of(RULES, {"name"}, {"phone"}) == completeness_of(RULES, {"name"}, ())


def test_where_nothing_is_wanted_everything_is_in_order():
    assert completeness_of(Wanted(), (), ()) == Completeness(100, IN_ORDER)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 120))
def test_a_review_is_due_so_many_months_later(since, months):
    due = review_due(since, months)
    assert (due.year * 12 + due.month) - (since.year * 12 + since.month) == months
    assert due.day == since.day or (due.day < since.day and (due + dt.timedelta(1)).day == 1)


def test_without_months_nothing_is_reviewed():
    assert review_due(dt.date(2026, 1, 31), 0) is None
    assert review_due(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)


def test_blanks_are_nothing():
    assert filled_items({"name": " \u3000", "phone": "1", "born_on": None, "grade": "A"}) == {
        "phone"}
