"""Hooks keep to their failure policies."""

from __future__ import annotations

import types

import pluggy
import pytest
from sqlalchemy import func

from app.host import hookspecs
from app.host.hookspecs import hookimpl
from app.host.host import Host
from app.host.loader import stage, unknown_hooks


def module(name: str, **functions):
    made = types.SimpleNamespace(__name__=name)
    for hook, function in functions.items():
        setattr(made, hook, hookimpl(function))
    return made


def host_of(**modules) -> Host:
    manager, loaded, problems = stage([], [(name, made) for name, made in modules.items()])
    return Host(manager, loaded, problems, {})


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


def test_misspelt_hooks_are_found():
    made = module("odd", register_modells=lambda: [])
    assert unknown_hooks(made) == ["register_modells"]


def test_an_object_with_every_attribute_is_no_hook():
    made = module("odd", register_models=lambda: [])
    made.func = func
    assert unknown_hooks(made) == []


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
