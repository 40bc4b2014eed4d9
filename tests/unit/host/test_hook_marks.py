"""Hooks are what pluggy takes for hooks, and a wrong mark is a fault."""

from __future__ import annotations

import types

import pluggy
import pytest

from app.host import hookspecs
from app.host.hookspecs import hookimpl
from app.host.implementations import hook_fault, hook_names
from app.host.loader import HookFailed, HookReturnedNoList, collect, stage


def module(**functions):
    return types.SimpleNamespace(__name__="made", **functions)


def manager() -> pluggy.PluginManager:
    made = pluggy.PluginManager(hookspecs.PROJECT)
    made.add_hookspecs(hookspecs)
    return made


def test_a_function_without_the_mark_contributes_nothing():
    made = module(register_cards=lambda: ["a card"])
    assert collect(manager(), "made", made) == {}


@pytest.mark.parametrize("name", sorted(hook_names()))
def test_a_function_named_like_a_hook_without_the_mark_is_a_fault(name):
    fault = hook_fault(module(**{name: lambda: []}))
    assert str(fault) == f"{name} is named like a hook and lacks the mark @hookimpl."


def test_other_functions_need_no_mark():
    made = module(register_somebody=lambda: [], on_fire=lambda: None, register_cards=["data"])
    assert hook_fault(made) is None


@pytest.mark.parametrize("mark", ["wrapper", "hookwrapper"])
def test_a_wrapper_is_a_fault(mark):
    def check_transition(record):
        yield

    fault = hook_fault(module(check_transition=hookimpl(**{mark: True})(check_transition)))
    assert str(fault).startswith("check_transition is a wrapper")


def test_a_hook_under_another_name_is_collected_by_its_specification():
    made = module(cards=hookimpl(specname="register_cards")(lambda: ["a card"]))
    assert hook_fault(made) is None
    assert collect(manager(), "made", made) == {"register_cards": ["a card"]}


def test_a_misspelt_hook_far_from_every_name_gets_no_suggestion():
    fault = hook_fault(module(zzz=hookimpl(lambda: [])))
    assert str(fault) == "There is no hook zzz."


@pytest.mark.parametrize("answer", [None, "text", 3])
def test_a_hook_that_returns_no_list_is_named(answer):
    with pytest.raises(HookReturnedNoList) as caught:
        collect(manager(), "made", module(register_cards=hookimpl(lambda: answer)))
    assert caught.value.hook == "register_cards"


def test_a_hook_that_fails_while_its_list_is_read_is_named():
    def register_cards():
        yield "one"
        raise ValueError("on purpose")

    with pytest.raises(HookFailed) as caught:
        collect(manager(), "made", module(register_cards=hookimpl(register_cards)))
    assert caught.value.hook == "register_cards"
    assert isinstance(caught.value.__cause__, ValueError)


def test_the_core_itself_may_not_fail():
    with pytest.raises(HookReturnedNoList):
        stage([], [("core", module(register_cards=hookimpl(lambda: None)))])
