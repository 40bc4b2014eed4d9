"""What follows from an outcome, for every meaning that does not contradict itself."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.callbacks.rules import Decision, Meaning, Next, after_contact

NOW = dt.datetime(2026, 11, 27, 9, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=2)
MEANINGS = st.builds(
    Meaning, reached=st.booleans(), human=st.booleans(), do_not_call=st.booleans(),
    unworkable=st.booleans(), call_again=st.booleans(), finished=st.booleans(),
    delay=st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=90)),
    most_tries=st.integers(1, 10),
).filter(lambda meaning: not meaning.contradictions())
TRIES = st.integers(1, 12)
AGREED = st.none() | st.just(LATER)


@settings(deadline=None)
@given(MEANINGS, TRIES, AGREED)
def test_a_callback_waits_exactly_for_a_next_contact(meaning, tries, agreed):
    decision = after_contact(meaning, tries, NOW, agreed)
    assert (decision.next is Next.WAIT) == (decision.at is not None)
    assert decision.at is None or decision.at > NOW
    if decision.next is Next.WAIT:
        assert meaning.call_again


@settings(deadline=None)
@given(MEANINGS)
def test_without_agreement_the_tries_come_to_an_end(meaning):
    last = after_contact(meaning, meaning.most_tries, NOW)
    assert last.next is not Next.WAIT


@settings(deadline=None)
@given(MEANINGS, TRIES)
def test_a_customer_who_wants_no_calls_is_not_called(meaning, tries):
    decision = after_contact(meaning, tries, NOW, LATER)
    if meaning.do_not_call or meaning.finished:
        assert decision == Decision(Next.CLOSE)
    if meaning.unworkable and not meaning.do_not_call:
        assert decision == Decision(Next.GIVE_UP)


def test_an_agreed_time_holds_after_the_last_try():
    meaning = Meaning(human=True, reached=True, call_again=True, most_tries=1)
    assert after_contact(meaning, 5, NOW, LATER) == Decision(Next.WAIT, LATER)
    assert after_contact(meaning, 1, NOW) == Decision(Next.GIVE_UP)


def test_the_rule_gives_the_pause():
    meaning = Meaning(call_again=True, delay=dt.timedelta(minutes=30), most_tries=3)
    assert after_contact(meaning, 2, NOW) == Decision(Next.WAIT, NOW + dt.timedelta(minutes=30))


def test_contradictions_are_named():
    assert Meaning(reached=True, call_again=True).contradictions() == ("reached",)
    assert Meaning().contradictions() == ("call_again",)
    assert Meaning(call_again=True, do_not_call=True).contradictions() == ("call_again",)
    assert Meaning(finished=True, human=True).contradictions() == ("finished",)
    # A message that was sent.
    assert Meaning(finished=True).contradictions() == ()
