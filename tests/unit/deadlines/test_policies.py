"""Policies and presets: their faults are told at set-up, their facts are those of the law."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zoneinfo

import pytest

from app.deadlines import clock_status, clocks, presets
from app.deadlines.chinese import china_calendar
from app.deadlines.policies import (
    At,
    ClockKind,
    ClockRule,
    DefinitionError,
    Escalation,
    Extension,
    Measure,
    Policy,
    PolicyCondition,
    rules_for,
)

CALENDAR = china_calendar()


def make(**changes) -> Policy:
    values = {
        "key": "resolution", "title": "Resolution", "measure": Measure.WORKING_MINUTES,
        "amount": 60, "starts_on": ("received",), "stops_on": ("closed",),
    }
    return Policy("p", "P", "a law", (ClockRule(**(values | changes)),))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": 0}, "at least 1"),
        ({"starts_on": ()}, "never starts"),
        ({"stops_on": ()}, "never stops"),
        ({"stops_on": ("received",)}, "stop and go on"),
        ({"kind": ClockKind.STATUTORY, "pauses_on": ("waiting",)}, "only where the law says so"),
        ({"warn_at": (0.8, 0.5)}, "rising shares"),
        ({"warn_at": (1.0,)}, "rising shares"),
        ({"escalate": (Escalation(60, "a"), Escalation(0, "b"))}, "rising minutes"),
        ({"escalate": (Escalation(0, ""),)}, "nobody"),
        ({"at": At.END_OF_DAY}, "end of the day"),
        ({"measure": Measure.CALENDAR_DAYS, "at": At.CLOSE}, "close of work"),
        ({"extensions": (Extension(1, 60),)}, "extends nothing"),
        ({"extensions": (Extension(0, 90),)}, "extends nothing"),
        ({"title": ""}, "key and a title"),
    ],
)
def test_faults_are_told_in_sentences(changes, sentence):
    with pytest.raises(DefinitionError, match=sentence):
        make(**changes)


def test_two_clocks_of_one_key_and_none_at_all():
    rule = make().clocks[0]
    with pytest.raises(DefinitionError, match="two clocks"):
        Policy("p", "P", "a law", (rule, rule))
    with pytest.raises(DefinitionError, match="no clocks"):
        Policy("p", "P", "a law", ())


@pytest.mark.parametrize("policy", presets.PRESETS.values(), ids=presets.PRESETS)
def test_presets_survive_json(policy):
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


@pytest.mark.parametrize("policy", presets.PRESETS.values(), ids=presets.PRESETS)
def test_presets_are_told_in_both_languages_with_a_source(policy):
    texts = [policy.title_zh, policy.source_zh, *(rule.title_zh for rule in policy.clocks)]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in texts)
    assert policy.source


def test_more_particular_policies_win_and_others_stand_beside():
    broad = Policy("a", "A", "x", make(amount=100).clocks)
    narrow = Policy(
        "b", "B", "x", make(amount=10).clocks,
        applies_when=(PolicyCondition("severity", ("major",)),),
    )
    other = Policy("c", "C", "x", make(key="law").clocks)
    rules = rules_for([broad, narrow, other], {"severity": "major"})
    assert {key: rule.amount for key, rule in rules.items()} == {"resolution": 10, "law": 60}
    assert rules_for([broad, narrow], {"severity": "minor"})["resolution"].amount == 100
    assert rules_for([narrow], {}) == {}


def due(policy: str, clock: str, start: str) -> str:
    zone = zoneinfo.ZoneInfo("Asia/Shanghai")
    began = dt.datetime.fromisoformat(start).replace(tzinfo=zone)
    running = clocks.start(presets.PRESETS[policy].rule(clock), began)
    return clock_status.due_at(running, CALENDAR).astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("policy", "clock", "expected"),
    [
        # Counted by hand from Monday 29 April 2024; 1 to 5 May off, 28 April and 11 May worked.
        ("cn_cbirc_2020", "decision", "2024-05-14 23:59"),
        ("cn_pboc", "decision", "2024-05-14 23:59"),
        ("cn_cars_warranty", "answer", "2024-05-15 18:00"),
        ("cn_cars_warranty", "remedy", "2024-05-29 18:00"),
        ("cn_market_regulator", "acceptance", "2024-05-11 18:00"),
        ("cn_credit_report", "objection", "2024-05-19 23:59"),
        ("uk_disp", "final", "2024-06-24 23:59"),
        ("us_cfpb", "response", "2024-05-14 23:59"),
        ("us_cfpb", "final", "2024-06-28 23:59"),
        ("house_serious", "first_response", "2024-04-29 12:00"),
        ("house_serious", "resolution", "2024-05-06 10:00"),
    ],
)
def test_presets_fall_due_when_the_rule_says(policy, clock, expected):
    assert due(policy, clock, "2024-04-29 10:00") == expected


def test_ceilings_of_extension():
    most = {
        (policy.name, rule.key): rule.extensions[-1].most
        for policy in presets.REGULATIONS
        for rule in policy.clocks
        if rule.extensions
    }
    assert most == {
        ("cn_cbirc_2020", "decision"): 60,
        ("cn_pboc", "decision"): 60,
        ("uk_disp_payments", "final"): 35,
    }


def test_binding_puts_the_names_of_a_workflow_in():
    bound = presets.bind(
        presets.CARS,
        {
            "received": ("received",), "acknowledged": ("told",), "answered": ("told",),
            "closed": ("archived", "withdrawn"),
        },
    )
    assert bound.rule("answer").stops_on == ("told", "archived", "withdrawn")
    assert bound.rule("remedy").stops_on == ("archived", "withdrawn")
    with pytest.raises(DefinitionError, match="'acknowledged'"):
        presets.bind(presets.CARS, {"received": ("new",), "answered": ("a",), "closed": ("c",)})


def test_a_rule_survives_json_with_all_that_it_may_have():
    rule = make(measure=Measure.WORKING_DAYS, at=At.CLOSE, kind=ClockKind.STATUTORY,
                escalate=(Escalation(0, "leader"),), extensions=(Extension(1, 61, "leader"),))
    rule = dataclasses.replace(rule, applies_when=(PolicyCondition("severity", ("major",)),))
    assert Policy.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def test_what_a_rule_leaves_out_is_what_the_class_says():
    """So are rules that were written before a part was added."""
    plain = make()
    values = plain.to_dict()
    del values["applies_when"]
    for name in ("kind", "at", "escalate", "extensions"):
        del values["clocks"][0][name]
    assert Policy.from_dict(values) == plain


def test_a_clock_that_a_policy_does_not_have_is_named():
    with pytest.raises(KeyError, match="other"):
        make().rule("other")


def test_a_warning_at_the_very_start_is_none():
    with pytest.raises(DefinitionError, match="rising shares"):
        make(warn_at=(0.0, 0.5))


@pytest.mark.parametrize(("language", "number", "title"), [
    ("zh", 1, "首次响应"), ("zh", 2, "首次响应（第 2 轮）"),
    ("en", 1, "First response"), ("en", 3, "First response (round 3)"),
])
def test_a_title_names_the_round_from_the_second_on(language, number, title):
    rule = make(title="First response", title_zh="首次响应").clocks[0]
    assert rule.titled(language, number) == title
    plain = make(title="First response").clocks[0]
    assert plain.titled("zh", 2) == "First response (round 2)"
    assert rule.titled("zh") == "首次响应"
