"""When a customer may be contacted: laws for every zone and moment, and the rules one by one."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.customers.contact_governor import (
    Ban,
    Consenting,
    Facts,
    Rules,
    Try,
    judge,
    read_wishes,
)

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from([
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC",
]).map(zoneinfo.ZoneInfo)
# Years in which most of these zones set their clocks, and one of them left out a whole day.
MOMENTS = st.datetimes(dt.datetime(2010, 1, 1), dt.datetime(2027, 12, 31),
                       timezones=st.just(dt.UTC))
MINUTES = st.integers(0, 1439)
WISHES = st.sampled_from(["", "", "09:00-12:00", "18:00-23:30", "00:00-02:30,12:00-13:00"])
PURPOSE = st.sampled_from(["service", "marketing"])
HOLIDAYS = st.sampled_from([
    lambda day: False, lambda day: day.month == 10 and day.day <= 7,
    lambda day: day.day in (1, 31), lambda day: day.weekday() > 4,
])


def near(moment: dt.datetime) -> st.SearchStrategy[dt.date]:
    return st.integers(-3, 40).map(lambda days: moment.date() + dt.timedelta(days=days))


@st.composite
def questions(draw, zones=ZONES):
    moment = draw(MOMENTS)
    days = near(moment)
    rules = Rules(
        quiet_from=draw(MINUTES), quiet_until=draw(MINUTES), on_holidays=draw(st.booleans()),
        most_unanswered=draw(st.integers(1, 3)),
        interval=dt.timedelta(minutes=draw(st.integers(0, 600))),
        consent_purposes=draw(st.sampled_from([frozenset(), frozenset({"marketing"})])),
    )
    facts = Facts(
        zone=draw(zones), wishes=read_wishes(draw(WISHES)),
        consents=draw(st.lists(st.builds(
            Consenting, channel=st.sampled_from(["", "phone", "sms"]),
            purpose=st.sampled_from(["", "marketing"]), from_on=days,
            withdrawn_on=st.none() | days), max_size=2)),
        bans=draw(st.lists(st.builds(
            Ban, purpose=st.sampled_from(["", "marketing"]), until_on=st.none() | days),
            max_size=1)),
        tries=draw(st.lists(st.builds(
            Try, st.integers(-1500, 60).map(lambda n: moment + dt.timedelta(minutes=n)),
            st.booleans()), max_size=5)),
    )
    return rules, facts, "phone", draw(PURPOSE), moment, draw(HOLIDAYS)


def is_quiet(rules: Rules, local: dt.datetime) -> bool:
    minute = local.hour * 60 + local.minute
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= minute < rules.quiet_until
    return minute >= rules.quiet_from or minute < rules.quiet_until


def is_forbidden(rules, facts, _channel, purpose, moment, is_holiday) -> bool:
    """Say it once more, in the plainest way."""
    local = moment.astimezone(facts.zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    past = [one for one in facts.tries if one.at <= moment]
    today = [one for one in past if one.at.astimezone(facts.zone).date() == day]
    matching = [one for one in facts.consents if one.channel in ("", "phone")
                and one.purpose in ("", purpose) and one.from_on <= day]
    in_force = [one for one in matching if one.withdrawn_on is None or one.withdrawn_on > day]
    return any((
        is_quiet(rules, local),
        is_holiday(day) and not rules.on_holidays,
        bool(facts.wishes) and not any(w.opens <= minute < w.closes for w in facts.wishes),
        any(ban.purpose in ("", purpose) and (ban.until_on is None or day <= ban.until_on)
            for ban in facts.bans),
        not in_force and (bool(matching) or purpose in rules.consent_purposes),
        sum(not one.reached for one in today) >= rules.most_unanswered,
        any(moment - one.at < rules.interval for one in past),
    ))


@settings(deadline=None, max_examples=400)
@given(questions())
def test_it_allows_exactly_what_no_rule_forbids(question):
    verdict = judge(*question)
    assert verdict.allowed is not is_forbidden(*question)
    assert (verdict.reason is None) is verdict.allowed


@settings(deadline=None, max_examples=400)
@given(questions())
def test_asking_when_it_opens_gives_allowed(question):
    *before, moment, is_holiday = question
    verdict = judge(*question)
    assume(verdict.opens_at is not None)
    assert verdict.opens_at > moment
    assert judge(*before, verdict.opens_at, is_holiday).allowed


# Where a clock is set forward over an opening, it opens as much later: not in this zone.
@settings(deadline=None, max_examples=200)
@given(questions(st.just(SHANGHAI)), st.floats(0, 1, exclude_max=True))
def test_it_is_closed_all_the_time_until_it_opens(question, share):
    *before, moment, is_holiday = question
    opens_at = judge(*question).opens_at
    assume(opens_at is not None)
    # A share of nearly one may be rounded up to the opening itself.
    between = min(moment + (opens_at - moment) * share, opens_at - dt.timedelta(microseconds=1))
    assert not judge(*before, between, is_holiday).allowed


def at(text: str, zone: zoneinfo.ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def ask(text: str, rules: Rules | None = None, purpose: str = "service",
        is_holiday=lambda day: False, **facts):
    return judge(rules or Rules(), Facts(**{"zone": SHANGHAI, **facts}), "phone", purpose,
                 at(text), is_holiday)


@pytest.mark.parametrize(("moment", "opens"), [
    ("2026-02-28T22:00", "2026-03-01T08:00"),
    ("2026-12-31T23:59:59", "2027-01-01T08:00"),
    ("2026-03-02T07:59:59", "2026-03-02T08:00"),
])
def test_quiet_hours_end_at_eight_across_days_months_and_years(moment, opens):
    verdict = ask(moment)
    assert not verdict.allowed
    assert verdict.opens_at == at(opens)
    assert "quiet hours" in str(verdict.reason)


@pytest.mark.parametrize("moment", ["2026-03-02T08:00", "2026-03-02T21:59:59"])
def test_the_day_is_open(moment):
    assert ask(moment).allowed


def test_the_customer_s_clock_counts():
    new_york = zoneinfo.ZoneInfo("America/New_York")
    assert not ask("2026-03-02T15:00", zone=new_york).allowed
    assert ask("2026-03-02T23:00", zone=new_york).allowed


def test_a_holiday_opens_on_the_next_day_that_is_none():
    verdict = ask("2026-10-01T10:00", is_holiday=lambda day: day.month == 10 and day.day < 8)
    assert verdict.opens_at == at("2026-10-08T08:00")
    assert ask("2026-10-01T10:00", Rules(on_holidays=True), is_holiday=lambda day: True).allowed


def test_a_ban_holds_through_its_last_day_and_only_for_its_purpose():
    ban = Ban(purpose="marketing", reason="asked for it", until_on=dt.date(2026, 3, 4))
    assert ask("2026-03-02T10:00", bans=[ban]).allowed
    verdict = ask("2026-03-02T10:00", purpose="marketing", bans=[ban])
    assert verdict.opens_at == at("2026-03-05T08:00")
    assert "asked for it" in str(verdict.reason)
    assert ask("2026-03-02T10:00", bans=[Ban(reason="x")]).opens_at is None


def test_a_purpose_that_needs_a_consent_waits_for_one():
    rules = Rules(consent_purposes=frozenset({"marketing"}))
    assert ask("2026-03-02T10:00", rules, "marketing").opens_at is None
    given_on = Consenting(purpose="marketing", from_on=dt.date(2026, 3, 2))
    assert ask("2026-03-02T10:00", rules, "marketing", consents=[given_on]).allowed


def test_six_unanswered_tries_end_the_day():
    tries = [Try(at(f"2026-03-02T{hour:02}:00"), False) for hour in range(9, 15)]
    assert ask("2026-03-02T14:45", tries=tries[:5]).allowed
    assert ask("2026-03-02T15:00", tries=tries).opens_at == at("2026-03-03T08:00")
    reached = [Try(one.at, True) for one in tries]
    assert ask("2026-03-02T15:00", tries=reached).allowed


def test_a_contact_keeps_its_distance_from_the_last_one():
    tries = [Try(at("2026-03-02T10:00"), True)]
    assert ask("2026-03-02T10:29", tries=tries).opens_at == at("2026-03-02T10:30")


def test_wishes_within_the_quiet_hours_never_open():
    verdict = ask("2026-03-02T10:00", wishes=read_wishes("22:30-23:30"))
    assert (verdict.allowed, verdict.opens_at) == (False, None)


@pytest.mark.parametrize("text", ["9", "12:00-10:00", "09:00-12:00,11:00-13:00", "25:00-26:00"])
def test_wishes_that_are_no_times_are_refused(text):
    with pytest.raises(ValueError):
        read_wishes(text)
