"""Grades, streaks, bonuses, periods and the set-up check: laws, and the rules of the documents."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.appraisals.rules import setup
from plugins.appraisals.rules.attendance import attendance_level
from plugins.appraisals.rules.chain import CHAIN, Place, waiting
from plugins.appraisals.rules.grades import (
    CRITICISM,
    ELIGIBLE,
    ENCOURAGED,
    EXCELLENT,
    HELD_BACK,
    QUALIFIED,
    fired,
    grade_of,
    run_lengths,
)
from plugins.appraisals.rules.money import bonus, year_score
from plugins.appraisals.rules.overdue import PASS, OverdueRule, is_overdue, kind_of
from plugins.appraisals.rules.overdue import POSTS as OF_POSTS
from plugins.appraisals.rules.periods import (
    MONTH,
    QUARTER,
    SPOT,
    YEAR,
    is_regular,
    months_later,
    overlapping,
    period,
)

D = Decimal
GRADES = (EXCELLENT, QUALIFIED, ENCOURAGED, None)
money = st.decimals(0, 100_000, places=2)
scores = st.decimals(0, 100, places=2)


# --- grades and streaks ------------------------------------------------------------------------
@pytest.mark.parametrize(("score", "grade"), [
    ("100", EXCELLENT), ("80.00", EXCELLENT), ("79.99", QUALIFIED), ("60", QUALIFIED),
    ("59.99", ENCOURAGED), ("0", ENCOURAGED),
])
def test_grades_begin_where_the_documents_say(score, grade):
    assert grade_of(D(score)) == grade


def expected(months, absence_breaks):
    """Return by month what follows, by looking back from each month anew."""
    found, barred = [], set()
    for place, month in enumerate(months):
        row = 0
        for earlier in reversed(months[: place + 1]):
            if earlier == month:
                row += 1
            elif earlier is not None or absence_breaks:
                break
        if month == EXCELLENT and row % 3 == 0 and place not in barred:
            found.append((place, ELIGIBLE))
        if month == ENCOURAGED and row == 3:
            found.append((place, CRITICISM))
        if month == ENCOURAGED and row % 6 == 0:
            found.append((place, HELD_BACK))
            barred |= set(range(place, place + 5))
    return found


def names(months, absence_breaks):
    return [(one.place, one.rule.name) for one in fired(months, absence_breaks=absence_breaks)]


@pytest.mark.parametrize("absence_breaks", [False, True])
def test_streaks_on_every_sequence_of_up_to_8_months(absence_breaks):
    for length in range(9):
        for months in itertools.product(GRADES, repeat=length):
            assert names(months, absence_breaks) == expected(months, absence_breaks), months


@given(st.lists(st.sampled_from(GRADES), min_size=24, max_size=24), st.booleans())
def test_streaks_on_random_sequences_of_24_months(months, absence_breaks):
    assert names(months, absence_breaks) == expected(months, absence_breaks)


@given(st.lists(st.sampled_from(GRADES), max_size=24))
def test_an_absent_month_that_breaks_nothing_might_as_well_not_be(months):
    present = [month for month in months if month is not None]
    # Only without penalties: their months without rewards go by the calendar.
    if ENCOURAGED not in present:
        assert [name for _, name in names(months, False)] == [
            name for _, name in names(present, False)]


def test_three_excellent_three_low_and_six_low():
    assert names([EXCELLENT] * 3, False) == [(2, ELIGIBLE)]
    assert names([ENCOURAGED] * 6, False) == [(2, CRITICISM), (5, HELD_BACK)]
    cut = [one.rule.bonus_cut for one in fired([ENCOURAGED] * 6)]
    assert cut == [0, 30]


def test_no_reward_follows_for_four_months_after_six_low_ones():
    months = [ENCOURAGED] * 6 + [EXCELLENT] * 6
    assert names(months, False) == [(2, CRITICISM), (5, HELD_BACK), (11, ELIGIBLE)]


@given(st.lists(st.sampled_from(GRADES), max_size=24), st.booleans())
def test_rows_grow_by_one_or_stay_or_end(months, absence_breaks):
    before = 0
    for month, run in zip(months, run_lengths(months, EXCELLENT, absence_breaks=absence_breaks),
                          strict=True):
        wanted = before + 1 if month == EXCELLENT else (
            before if month is None and not absence_breaks else 0)
        assert run == wanted
        before = run


# --- money -------------------------------------------------------------------------------------
def test_300_times_90_percent_is_270():
    made = bonus(D(300), D(90))
    assert f"{made.amount}" == "270.00"
    assert [(step.name, step.value) for step in made.steps] == [
        ("quota", 300), ("score", 90), ("product", 270), ("rounded", D("270.00"))]


@given(money, scores, st.lists(st.decimals(0, 100, places=1), max_size=3))
def test_a_bonus_lies_between_nothing_and_its_quota(quota, score, cuts):
    made = bonus(quota, score, cuts)
    assert 0 <= made.amount <= quota
    assert made.amount == made.amount.quantize(D("0.01"))
    assert made == bonus(quota, score, list(reversed(cuts)))
    exact = quota * score / 100 * max(D(100) - sum(cuts, D(0)), D(0)) / 100
    assert abs(made.amount - exact) <= D("0.005")


def test_half_a_cent_goes_up_and_cuts_are_taken_off():
    assert bonus(D("0.01"), D(50)).amount == D("0.01")
    assert bonus(D(1000), D(80), [D(30)]).amount == D("560.00")
    assert bonus(D(1000), D(80), [D(60), D(60)]).amount == 0
    with pytest.raises(ValueError):
        bonus(D(-1), D(80))


@given(st.lists(scores, min_size=1, max_size=12))
def test_the_score_of_a_year_lies_between_its_months(several):
    found = year_score(several)
    assert min(several) <= found <= max(several)
    assert year_score([]) is None


# --- periods -----------------------------------------------------------------------------------
@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.sampled_from((MONTH, QUARTER, YEAR)))
def test_a_period_holds_its_day_and_meets_the_next(day, kind):
    begin, end = period(kind, day)
    assert begin <= day < end
    assert begin.day == end.day == 1
    assert period(kind, end)[0] == end
    assert is_regular(kind, begin, end)
    assert not is_regular(kind, begin, end + dt.timedelta(days=1))
    assert overlapping((begin, end), [period(kind, end)]) is None
    assert overlapping((begin, end), [(day, day + dt.timedelta(days=1))]) is not None


def test_months_and_spot_checks():
    assert months_later(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 1)
    assert months_later(dt.date(2026, 1, 15), -1) == dt.date(2025, 12, 1)
    assert is_regular(SPOT, dt.date(2026, 1, 3), dt.date(2026, 1, 5))
    assert not is_regular(SPOT, dt.date(2026, 1, 5), dt.date(2026, 1, 5))


# --- attendance --------------------------------------------------------------------------------
@pytest.mark.parametrize(("totals", "level"), [
    ({}, "A"), ({"no_badge": 3}, "A"), ({"no_badge": 4}, "B"), ({"no_badge": 5}, "B"),
    ({"no_badge": 6}, "C"), ({"late": 1}, "B"), ({"left_early": 1}, "B"), ({"sick_leave": 3}, "B"),
    ({"personal_leave": D("3.5")}, "C"), ({"personal_leave": 2, "sick_leave": 2}, "C"),
    ({"unexcused": D("0.5")}, "B"), ({"annual_leave": 10}, "A"),
])
def test_attendance_by_the_documents(totals, level):
    assert attendance_level({kind: D(amount) for kind, amount in totals.items()}) == level


# --- set-up and signatures ---------------------------------------------------------------------
NEXT_MONTH = dt.date(2026, 12, 1)
FORMS = (setup.PostForm(1, 10, 100), setup.PostForm(2, 20, None), setup.PostForm(3, 30, 300))


@pytest.mark.parametrize(("member", "taken", "problem"), [
    (setup.Member(1, "A", (1,), None, (9,)), (), ""),
    (setup.Member(1, "A", (), None, (9,)), (), setup.NO_POST),
    (setup.Member(1, "A", (7,), None, (9,)), (), setup.NO_FORM),
    (setup.Member(1, "A", (2,), None, (9,)), (), setup.NO_FORM),
    (setup.Member(1, "A", (1, 3), None, (9,)), (), setup.TWO_FORMS),
    (setup.Member(1, "A", (1,), NEXT_MONTH, (9,)), (), setup.NOT_YET_HERE),
    (setup.Member(1, "A", (1,), dt.date(2026, 11, 30), (9,)), (), ""),
    (setup.Member(1, "A", (1,), None, (1,)), (), setup.NO_APPRAISER),
    (setup.Member(1, "A", (1,), None, (9,)), (1,), setup.OVERLAPS),
])
def test_the_set_up_check_says_who_is_missing_and_why(member, taken, problem):
    [found] = setup.plan([member], FORMS, NEXT_MONTH, taken)
    assert found.problem == problem


def test_nobody_appraises_themselves():
    [found] = setup.plan([setup.Member(1, "A", (1,), None, (1, 5, 9))], FORMS, NEXT_MONTH)
    assert found.appraiser_id == 5


@given(st.integers(0, len(CHAIN)))
def test_the_next_to_sign_is_the_first_who_has_not(signed):
    places = [Place(part, index < signed) for index, part in enumerate(CHAIN)]
    assert waiting(places) == (signed if signed < len(CHAIN) else None)


def test_a_step_is_overdue_from_its_last_day_on():
    rule, since = OverdueRule(PASS, 5), dt.date(2024, 4, 1)
    assert [is_overdue(rule, since, since + dt.timedelta(days=days)) for days in (0, 4, 5, 6)] == [
        False, False, True, True]
    assert [kind_of(part) for part in ("subject", "appraiser", "general_manager")] == [
        "own", "leader", OF_POSTS]
