"""When a repayment has worsened, and what a row of a status file says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.models import LOAN_STATES, RISK_CLASSES
from app.customers.repayment import Repayment, has_worsened, values_of_row

STANDING = st.builds(
    Repayment, st.sampled_from([value for value, _ in LOAN_STATES]), st.integers(0, 200),
    st.sampled_from(["", *(value for value, _ in RISK_CLASSES)]))


@pytest.mark.parametrize(("before", "after", "worse"), [
    (Repayment("active"), Repayment("overdue", 1), True),
    (Repayment("overdue", 3), Repayment("overdue", 4), False),
    (Repayment("overdue", 30), Repayment("overdue", 31), True),
    (Repayment("overdue", 40), Repayment("overdue", 5), False),
    (Repayment("overdue", 40), Repayment("settled"), False),
    (Repayment("active", 0, "normal"), Repayment("active", 0, "attention"), True),
    (Repayment("active", 0, "doubtful"), Repayment("active", 0, "normal"), False),
    (Repayment("active", 0, ""), Repayment("active", 0, "normal"), False),
    (Repayment("settled"), Repayment("overdue", 2), True),
])
def test_what_is_worse(before, after, worse):
    assert has_worsened(before, after) is worse


@given(STANDING, STANDING)
def test_nothing_is_worse_than_itself_and_two_are_not_worse_than_each_other_in_one_respect(a, b):
    assert not has_worsened(a, a)
    if has_worsened(a, b) and has_worsened(b, a):
        # Better in one respect and worse in another.
        assert any(x > y for x, y in zip(a.steps, b.steps, strict=True))
        assert any(x < y for x, y in zip(a.steps, b.steps, strict=True))


@pytest.mark.parametrize(("row", "values"), [
    ({"contract": "A", "overdue_days": 3}, {"overdue_days": 3, "status": "overdue"}),
    ({"contract": "A", "overdue_days": 0}, {"overdue_days": 0, "status": "active"}),
    ({"contract": "A", "status": "settled", "overdue_days": None},
     {"status": "settled", "overdue_days": 0}),
    ({"contract": "A", "status": "overdue"}, {"status": "overdue"}),
    ({"contract": "A", "risk_class": "loss"}, {"risk_class": "loss"}),
])
def test_a_row_says_no_more_than_it_holds(row, values):
    assert values_of_row(row) == values
