"""Names of what is registered, sentences of failures, and the pauses of the outbox."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.kinds import JobFailed, JobKind, by_name
from app.jobs.outbox import LONGEST_WAIT, MOST_ATTEMPTS, wait_before


def test_names_are_unique() -> None:
    kind = JobKind(name="a.b", run=lambda _context: None)
    assert by_name([kind]) == {"a.b": kind}
    with pytest.raises(ValueError, match=r"a\.b is registered twice"):
        by_name([kind, kind])


def test_failure_keeps_message_and_values_apart() -> None:
    failure = JobFailed("%(rows)s rows are bad.", rows=3)
    assert (str(failure), failure.message) == ("3 rows are bad.", "%(rows)s rows are bad.")
    assert failure.values == {"rows": 3}
    assert str(JobFailed("100 % of the rows are bad.")) == "100 % of the rows are bad."


@given(st.integers(1, 10_000))
def test_pauses_grow_up_to_the_longest(attempt: int) -> None:
    assert dt.timedelta() < wait_before(attempt) <= wait_before(attempt + 1) <= LONGEST_WAIT


def test_a_subscriber_has_a_day_to_come_back() -> None:
    together = sum((wait_before(n) for n in range(1, MOST_ATTEMPTS)), dt.timedelta())
    assert dt.timedelta(hours=22) < together < dt.timedelta(hours=26)
