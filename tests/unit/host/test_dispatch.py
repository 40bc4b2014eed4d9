"""Hooks keep to their failure policies."""

from __future__ import annotations

import types

import pluggy
import psycopg
import pytest
from sqlalchemy import func

from app.host import hookspecs
from app.host.concerns import only_for
from app.host.faults import PluginFault
from app.host.hookspecs import hookimpl
from app.host.host import Host
from app.host.implementations import hook_fault
from app.host.loader import stage
from app.host.tracing import HookTrace
from app.i18n import Message


def module(name: str, **functions):
    made = types.SimpleNamespace(__name__=name)
    for hook, function in functions.items():
        setattr(made, hook, hookimpl(function))
    return made


def host_of(**modules) -> Host:
    manager, loaded, faults = stage([], [(name, made) for name, made in modules.items()])
    return Host(manager, loaded, faults, {})


def test_check_collects_vetoes_and_lets_others_pass():
    host = host_of(
        strict=module("strict", check_transition=lambda record: "No."),
        easy=module("easy", check_transition=lambda record: None),
    )
    vetoes = host.check("check_transition", session=None, actor=None, record=1, transition="x")
    assert [(veto.plugin, veto.message) for veto in vetoes] == [("strict", "No.")]


def test_a_check_that_fails_denies():
    def broken(record):
        raise RuntimeError("on purpose")

    host = host_of(broken=module("broken", check_transition=broken))
    vetoes = host.check("check_transition", session=None, actor=None, record=1, transition="x")
    assert [veto.plugin for veto in vetoes] == ["broken"]


def test_a_database_that_is_away_is_no_answer_of_a_plugin():
    def lost(record):
        raise psycopg.OperationalError("the server closed the connection")

    host = host_of(strict=module("strict", check_transition=lost))
    with pytest.raises(psycopg.OperationalError):
        host.check("check_transition", session=None, actor=None, record=1, transition="x")


@pytest.mark.parametrize("answer", [True, False, 0, "", ["No."], (text for text in "no")],
                         ids=["true", "false", "zero", "empty", "list", "generator"])
def test_an_answer_that_is_no_sentence_denies_and_is_reported(answer, caplog):
    host = host_of(odd=module("odd", check_transition=lambda record: answer))
    [veto] = host.check("check_transition", session=None, actor=None, record=1, transition="x")
    assert veto.message == "A check of plugin %(plugin)s failed."
    assert veto.values == {"plugin": "odd"}
    assert "check_transition of plugin odd answered with" in caplog.text


def test_a_check_may_answer_with_a_message_and_its_values():
    answer = Message("At most %(most)s.", {"most": 3})
    host = host_of(strict=module("strict", check_transition=lambda record: answer))
    [veto] = host.check("check_transition", session=None, actor=None, record=1, transition="x")
    assert (veto.message, veto.values) == ("At most %(most)s.", {"most": 3})


def traced(is_on: bool) -> Host:
    def fails(payload):
        raise ValueError("on purpose")

    made = module("one", register_commands=lambda: [], check_transition=lambda record: None,
                  on_transition=fails)
    trace = HookTrace(is_on)
    manager, loaded, faults = stage([], [("one", made)], trace=trace)
    host = Host(manager, loaded, faults, {}, trace)
    host.check("check_transition", session=None, actor=None, record=1, transition="x")
    with pytest.raises(ValueError, match="on purpose"):
        host.deliver("on_transition", "one", None, {})
    return host


def test_a_trace_says_which_hook_of_which_plugin_ran_and_how_long(caplog):
    traced(True)
    lines = [record.getMessage() for record in caplog.records]
    for line, start in zip(lines, [
        "hook register_commands of plugin one ran in ",
        "hook check_transition of plugin one ran in ",
        "hook on_transition of plugin one raised ValueError in ",
    ], strict=True):
        assert line.startswith(start) and line.endswith(" ms")


def test_without_the_switch_nothing_is_traced(caplog):
    traced(False)
    assert caplog.records == []


def test_a_contribution_is_found_by_name_and_forgotten_with_its_plugin():
    class Ticket:
        """Stands in for a mapped class."""

        __record_type__ = "one.ticket"

    kind = types.SimpleNamespace(model=Ticket, operations=None)
    manager, loaded, faults = stage([], [
        ("one", module("one", register_record_types=lambda: [kind])),
    ])
    host = Host(manager, loaded, faults, {})
    assert host.record_type("one.ticket") is host.record_type_of(Ticket) is kind
    assert host.record_type("one.other") is None
    host.quarantine(PluginFault("one", "screens", "Gone."))
    assert host.record_type("one.ticket") is None
    assert host.record_type_of(Ticket) is None


def test_deliver_reaches_one_subscriber_and_passes_failures_on():
    seen = []

    def fails(payload):
        raise ValueError("on purpose")

    host = host_of(
        one=module("one", on_transition=lambda payload: seen.append(payload)),
        two=module("two", on_transition=fails),
    )
    assert sorted(host.subscribers("on_transition")) == ["one", "two"]
    assert host.deliver("on_transition", "one", None, {"a": 1}) is True
    assert seen == [{"a": 1}]
    with pytest.raises(ValueError, match="on purpose"):
        host.deliver("on_transition", "two", None, {})
    assert host.deliver("on_transition", "gone", None, {}) is False


def test_two_functions_of_one_plugin_for_the_same_event_are_both_called():
    seen = []
    made = types.SimpleNamespace(
        note=hookimpl(lambda payload: seen.append("note"), specname="on_transition"),
        count=hookimpl(lambda payload: seen.append("count"), specname="on_transition"),
    )
    host = host_of(one=made)
    assert host.subscribers("on_transition") == ["one"]
    assert host.deliver("on_transition", "one", None, {}) is True
    assert sorted(seen) == ["count", "note"]


def test_an_event_goes_to_those_that_have_something_to_do_with_it(caplog):
    def unsure(payload):
        raise KeyError("on purpose")

    host = host_of(
        all=module("all", on_transition=lambda payload: None),
        few=module("few", on_transition=only_for(
            lambda payload: payload["kind"] == "a", lambda payload: payload["kind"] == "b",
        )(lambda payload: None)),
        unsure=module("unsure", on_transition=only_for(unsure)(lambda payload: None)),
    )
    # One that is switched off and will catch up gets what it cannot be asked about.
    host.manifests["off"] = types.SimpleNamespace(catch_up=("on_transition",))
    events = [{"kind": kind} for kind in "abc"]
    assert [sorted(host.subscribers("on_transition", one)) for one in events] == [
        ["all", "few", "off", "unsure"], ["all", "few", "off", "unsure"], ["all", "off", "unsure"]]
    assert "cannot say whether an event concerns it" in caplog.text
    assert sorted(host.subscribers("on_transition")) == ["all", "few", "off", "unsure"]
    assert host.subscribers("on_comment", events[0]) == []


def test_of_two_functions_one_that_is_concerned_is_enough():
    made = types.SimpleNamespace(
        note=hookimpl(only_for(lambda payload: False)(lambda payload: None),
                      specname="on_transition"),
        count=hookimpl(only_for(lambda payload: payload["a"])(lambda payload: None),
                       specname="on_transition"),
    )
    host = host_of(one=made)
    assert host.subscribers("on_transition", {"a": 1}) == ["one"]
    assert host.subscribers("on_transition", {"a": 0}) == []


def test_a_check_that_ends_the_process_denies():
    def exits(record):
        raise SystemExit(1)

    host = host_of(exits=module("exits", check_transition=exits))
    vetoes = host.check("check_transition", session=None, actor=None, record=1, transition="x")
    assert [veto.plugin for veto in vetoes] == ["exits"]


def test_misspelt_hooks_are_found():
    made = module("odd", register_modells=lambda: [])
    fault = hook_fault(made)
    assert str(fault) == "There is no hook register_modells; the nearest name is register_models."


def test_an_object_with_every_attribute_is_no_hook():
    made = module("odd", register_models=lambda: [])
    made.func = func
    assert hook_fault(made) is None


def test_register_results_keep_their_order_and_plugin():
    host = host_of(
        one=module("one", register_commands=lambda: ["a", "b"]),
        two=module("two", register_commands=lambda: ["c"]),
    )
    assert host.contributions("register_commands") == ["a", "b", "c"]
    assert [p.name for p, _ in host.contributions_by_plugin("register_commands")] == [
        "one", "one", "two"
    ]


def test_every_hook_says_its_policy_by_its_prefix_and_has_a_docstring():
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    hooks = [name for name in dir(manager.hook) if not name.startswith("_")]
    assert hooks
    for name in hooks:
        assert name.startswith(("register_", "check_", "on_"))
        assert getattr(hookspecs, name).__doc__
