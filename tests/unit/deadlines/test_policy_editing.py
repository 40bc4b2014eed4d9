"""What an administrator changes of a policy on the screen, and what is refused."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.policies import (
    At,
    ClockKind,
    ClockRule,
    Escalation,
    Extension,
    Measure,
    Policy,
)
from app.deadlines.policy_editing import edited, values_of
from app.errors import Invalid

PEOPLE = ("supervisor", "leader", "team_leader")
REPLY = ClockRule(
    key="reply", title="Reply", measure=Measure.WORKING_MINUTES, amount=480,
    starts_on=("received",), stops_on=("replied",), warn_at=(0.5, 0.8),
    escalate=(Escalation(0, "team_leader"), Escalation(120, "leader")),
    extensions=(Extension(by=60, most=600, approver="supervisor"),),
)
LAW = ClockRule(
    key="law", title="Law", measure=Measure.CALENDAR_DAYS, amount=60, kind=ClockKind.STATUTORY,
    starts_on=("received",), stops_on=("closed",),
)
POLICY = Policy(name="p", title="P", source="the department", clocks=(REPLY, LAW))


def changed(**fields: str) -> Policy:
    """Return the policy with some fields of its form typed over; ``__`` stands for a point."""
    values = values_of(POLICY) | {name.replace("__", "."): text for name, text in fields.items()}
    return edited(POLICY, lambda name: values.get(name, ""), PEOPLE)


def refused(**fields: str) -> set[str]:
    """Return the names of the fields that are refused."""
    with pytest.raises(Invalid) as caught:
        changed(**fields)
    return set(caught.value.errors)


def test_a_form_that_is_sent_as_it_was_changes_nothing():
    assert changed() == POLICY


def test_length_unit_warnings_levels_and_steps_are_what_was_typed():
    rule = changed(
        reply__amount="3", reply__measure="working_days", reply__warn_at="25, 50\uff0c90 %",
        reply__escalate__0__after="1.5", reply__escalate__0__to="supervisor",
        reply__escalate__1__to="", reply__extend__0__by="1", reply__extend__0__most="4",
        reply__extend__0__approver="",
    ).rule("reply")
    assert (rule.measure, rule.amount) == (Measure.WORKING_DAYS, 3)
    assert rule.warn_at == (0.25, 0.5, 0.9)
    assert rule.escalate == (Escalation(90, "supervisor"),)
    assert rule.extensions == (Extension(by=1, most=4, approver=""),)
    assert (rule.starts_on, rule.stops_on, rule.key) == (("received",), ("replied",), "reply")


def test_no_warning_and_no_level_are_possible():
    rule = changed(reply__warn_at="", reply__escalate__0__to="", reply__escalate__1__to="",
                   reply__extend__0__by="", reply__extend__0__most="").rule("reply")
    assert (rule.warn_at, rule.escalate, rule.extensions) == ((), (), ())


def test_hours_may_have_a_fraction_and_days_may_not():
    assert changed(reply__amount="0.5").rule("reply").amount == 30
    for text, minutes in (("0:20", 20), ("1：05", 65), ("12:00", 720)):
        assert changed(reply__amount=text, reply__extend__0__by="",
                       reply__extend__0__most="").rule("reply").amount == minutes
    assert refused(reply__amount="1.5", reply__measure="working_days",
                   reply__extend__0__by="", reply__extend__0__most="") == {"reply.amount"}
    # A hundredth of an hour is no whole minute.
    assert refused(reply__amount="0.01") == {"reply.amount"}


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1e3", "\u0661", "nan", "10001", ".",
                                  "1:60", "1:5", ":30",
                                  "1:", "1.5:30", "1:2.5", "0:00", "1:x"])
def test_a_length_is_a_positive_number(text):
    assert refused(reply__amount=text) == {"reply.amount"}


@pytest.mark.parametrize("text", ["0", "100", "80, 50", "50, 50", "x", "50;80"])
def test_warnings_rise_between_0_and_100(text):
    assert refused(reply__warn_at=text) == {"reply.warn_at"}


def test_levels_and_steps_rise_and_name_people_that_there_are():
    assert refused(reply__escalate__1__after="0") == {"reply.escalate"}
    assert refused(reply__escalate__0__to="nobody") == {"reply.escalate.0.to"}
    assert refused(reply__escalate__0__after="soon") >= {"reply.escalate.0.after"}
    assert refused(reply__extend__0__most="8") == {"reply.extend"}
    assert refused(reply__extend__0__approver="nobody") == {"reply.extend.0.approver"}
    assert refused(reply__extend__0__by="") == {"reply.extend.0.by"}


def test_the_length_of_the_law_stays_and_its_warnings_do_not():
    rule = changed(law__amount="90", law__measure="working_days", law__warn_at="70").rule("law")
    assert (rule.amount, rule.measure, rule.warn_at) == (60, Measure.CALENDAR_DAYS, (0.7,))


def test_where_a_day_ends_goes_by_how_it_is_counted():
    close = dataclasses.replace(REPLY, measure=Measure.WORKING_DAYS, amount=2, at=At.CLOSE,
                                escalate=(), extensions=())
    policy = dataclasses.replace(POLICY, clocks=(close,))
    values = values_of(policy)
    same = edited(policy, lambda name: values.get(name, ""), PEOPLE)
    assert same.rule("reply").at is At.CLOSE
    values["reply.measure"] = "calendar_days"
    other = edited(policy, lambda name: values.get(name, ""), PEOPLE)
    assert other.rule("reply").at is None


_TEXTS = st.one_of(
    st.sampled_from(["", "1", "8", "50, 80", "supervisor", "leader", "working_days", "0.5"]),
    st.text(max_size=8))


@given(st.dictionaries(st.sampled_from(sorted({*values_of(POLICY), "reply.extend.1.by",
                                               "reply.extend.1.most", "law.escalate.0.to",
                                               "law.escalate.0.after"})), _TEXTS, max_size=6))
def test_what_is_accepted_is_a_policy_and_reads_back_as_itself(typed):
    values = values_of(POLICY) | typed
    try:
        found = edited(POLICY, lambda name: values.get(name, ""), PEOPLE)
    except Invalid as refusal:
        assert refusal.errors
        return
    again = values_of(found)
    assert edited(found, lambda name: again.get(name, ""), PEOPLE) == found


@given(st.integers(min_value=1, max_value=10_000))
def test_any_number_of_minutes_is_shown_in_hours_and_read_back(amount):
    rule = dataclasses.replace(REPLY, amount=amount, extensions=())
    policy = dataclasses.replace(POLICY, clocks=(rule,))
    values = values_of(policy)
    assert edited(policy, lambda name: values.get(name, ""), PEOPLE) == policy


@pytest.mark.parametrize(("minutes", "shown"), [(20, "0:20"), (65, "1:05"), (90, "1.5"),
                                                (480, "8"), (15, "0.25")])
def test_minutes_are_shown_as_people_say_them(minutes, shown):
    rule = dataclasses.replace(REPLY, amount=minutes, extensions=())
    assert values_of(dataclasses.replace(POLICY, clocks=(rule,)))["reply.amount"] == shown
