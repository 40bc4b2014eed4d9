"""Addresses of screens: rules that learn to write an address when somebody first asks for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LazyRule(Rule):
    """A rule whose writers of addresses are compiled at their first use.

    Werkzeug compiles two functions for each rule when it is added. Hundreds of rules, few of which
    a process ever writes, took more than half of the time in which the application starts.
    A later Werkzeug that does it another way is only slow again: nothing here decides what an
    address looks like.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_builder = super()._compile_builder

        def build(rule: LazyRule, **values: Any) -> tuple[str, str]:
            writer = compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", writer)
            return writer(**values)

        return build
