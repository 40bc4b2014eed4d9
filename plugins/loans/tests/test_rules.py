"""Instalments, terms, documents and required columns: laws and tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.loans.applications import rules
from plugins.loans.applications.workflow import GATHERING, STATES
from plugins.loans.checklist.status import Paper, Status, expiry
from plugins.loans.products.instalment import CENT, instalment
from plugins.loans.products.rules import (
    Terms,
    Wanted,
    least_down_payment,
    problems,
    read_months,
    written_months,
)

AMOUNTS = st.decimals(min_value=0, max_value=10_000_000, places=2)
RATES = st.decimals(min_value=0, max_value=40, places=3)
MONTHS = st.integers(min_value=1, max_value=120)
DAYS = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 1, 1))
TODAY = dt.date(2026, 3, 2)


# --- instalment ------------------------------------------------------------------------------
@pytest.mark.parametrize(("amount", "rate", "months", "expected"), [
    # Worked out with a schedule month by month.
    ("100000", "4.8", 36, "2988.12"), ("120000", "0", 12, "10000.00"), ("100", "0", 3, "33.33"),
    ("100", "12", 1, "101.00"), ("0", "5", 12, "0.00"), ("0.03", "0", 2, "0.02"),
])
def test_instalments_of_known_loans(amount, rate, months, expected):
    assert instalment(Decimal(amount), Decimal(rate), months) == Decimal(expected)


@given(AMOUNTS, RATES, MONTHS)
def test_paying_the_instalment_ends_the_debt(amount, rate, months):
    """What is left after the last month is no more than the rounding of each month adds up to."""
    paid, left = instalment(amount, rate, months), amount
    growth = 1 + rate / 1200
    for _ in range(months):
        left = left * growth - paid
    allowed = CENT / 2 * sum(growth ** month for month in range(months)) + Decimal("0.000001")
    assert abs(left) <= allowed


@given(AMOUNTS, RATES, MONTHS)
def test_an_instalment_covers_the_amount_and_has_two_places(amount, rate, months):
    paid = instalment(amount, rate, months)
    assert paid.as_tuple().exponent == -2
    assert paid * months >= amount - CENT * months / 2


@given(AMOUNTS, RATES, st.integers(min_value=1, max_value=119))
def test_a_longer_term_has_no_larger_instalment(amount, rate, months):
    assert instalment(amount, rate, months + 1) <= instalment(amount, rate, months)


@given(AMOUNTS, st.decimals(min_value=0, max_value=39, places=3), MONTHS)
def test_a_higher_rate_has_no_smaller_instalment(amount, rate, months):
    assert instalment(amount, rate, months) <= instalment(amount, rate + 1, months)


@pytest.mark.parametrize(("amount", "rate", "months"), [("-1", "1", 1), ("1", "-1", 1),
                                                       ("1", "1", 0)])
def test_senseless_loans_have_no_instalment(amount, rate, months):
    with pytest.raises(ValueError, match="at least"):
        instalment(Decimal(amount), Decimal(rate), months)


# --- terms -----------------------------------------------------------------------------------
TERMS = Terms((12, 24, 36), Decimal(30_000), Decimal(300_000), Decimal(20),
              dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.mark.parametrize(("amount", "months", "price", "paid", "faults"), [
    (30_000, 12, None, None, set()), (300_000, 36, None, None, set()),
    (29_999, 12, None, None, {"amount"}), (300_001, 12, None, None, {"amount"}),
    (30_000, 13, None, None, {"term_months"}), (None, None, None, None, set()),
    (80_000, 12, 100_000, 20_000, set()), (80_000, 12, 100_000, 19_999, {"down_payment"}),
    (80_001, 12, 100_000, 20_000, {"amount"}), (100_001, 12, 100_000, None, {"amount"}),
    (30_000, 12, None, -1, {"down_payment"}),
])
def test_what_stands_against_a_loan(amount, months, price, paid, faults):
    wanted = Wanted(*(None if one is None else Decimal(one) for one in (amount,)), months,
                    *(None if one is None else Decimal(one) for one in (price, paid)))
    assert set(problems(TERMS, wanted)) == faults


@pytest.mark.parametrize(("day", "offered"), [
    (dt.date(2025, 12, 31), False), (dt.date(2026, 1, 1), True), (dt.date(2026, 12, 31), True),
    (dt.date(2027, 1, 1), False)])
def test_a_product_is_offered_from_its_first_day_to_its_last(day, offered):
    assert TERMS.is_offered(day) is offered


def test_half_a_cent_of_a_down_payment_is_rounded_up():
    assert least_down_payment(Decimal("100.25"), Decimal("10")) == Decimal("10.03")


@given(st.sets(MONTHS, min_size=1))
def test_terms_are_read_as_they_are_written(months):
    ordered = tuple(sorted(months))
    assert read_months(written_months(ordered)) == ordered


@pytest.mark.parametrize("text", ["", "0", "121", "zwölf", "12, x", "-3"])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(ValueError):
        read_months(text)


def test_terms_may_be_written_the_chinese_way():
    assert read_months("36，12、24") == (12, 24, 36)


# --- documents -------------------------------------------------------------------------------
@pytest.mark.parametrize(("paper", "status"), [
    (Paper(False), Status.MISSING), (Paper(False, None, "accepted"), Status.MISSING),
    (Paper(True), Status.UNCHECKED), (Paper(True, TODAY), Status.UNCHECKED),
    (Paper(True, TODAY - dt.timedelta(days=1)), Status.EXPIRED),
    (Paper(True, TODAY - dt.timedelta(days=1), "accepted"), Status.EXPIRED),
    (Paper(True, TODAY - dt.timedelta(days=1), "rejected"), Status.REJECTED),
    (Paper(True, None, "accepted"), Status.ACCEPTED), (Paper(True, None, "rejected"),
                                                      Status.REJECTED)])
def test_how_a_document_stands(paper, status):
    assert paper.status(TODAY) is status
    assert status.is_there is (status in (Status.UNCHECKED, Status.ACCEPTED))


@given(st.none() | DAYS, st.none() | st.integers(1, 3650), st.none() | DAYS)
def test_a_document_expires_at_the_earlier_day(issued, days, printed):
    found = expiry(issued, days, printed)
    asked = issued + dt.timedelta(days=days) if issued and days else None
    known = [day for day in (asked, printed) if day]
    assert found == (min(known) if known else None)


# --- states ----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [one.name for one in STATES])
def test_what_must_be_filled_and_what_stays_by_state(state):
    early = state in ("received", "documents_missing")
    assert set(rules.must_be_filled(state)) == {
        "customer_id", "product_id", "amount", "term_months",
        *(() if early else ("vehicle_text", "employment", "monthly_income"))}
    assert rules.is_locked("amount", state) is (state not in GATHERING)
    assert rules.is_locked("monthly_income", state) is (state not in GATHERING)
    assert not rules.is_locked("remarks", state)


@pytest.mark.parametrize(("text", "amount"), [
    ("12000", "12000"), ("12,000.50", "12000.50"), ("12 000", "12000"), ("0", "0"),
    ("-1", None), ("many", None), ("1.234", None), ("NaN", None), ("Infinity", None),
    ("1e3", "1000")])
def test_income_is_an_amount(text, amount):
    assert rules.income(text) == (None if amount is None else Decimal(amount))
