"""A lazy rule writes the addresses that an eager one writes."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from app.web.routing import LazyRule

RULES = [
    ("/plain", {}), ("/show/<pk>", {}), ("/<int:year>/<path:rest>", {}),
    ("/page/", {"defaults": {"page": 1}}), ("/page/<int:page>", {}),
    ("/ä/<name>/end", {}), ("/<any(a, b):kind>", {}),
]
CALLS = [
    {}, {"pk": "7"}, {"pk": "a/b?c"}, {"year": 2026, "rest": "a/b c"}, {"page": 1}, {"page": 2},
    {"name": "中文"}, {"kind": "a"}, {"kind": "c"}, {"pk": "7", "list": "x=1&y=2", "none": None},
    {"more": ["a", "b"]},
]


def bound(kind: type[Rule]):
    rules = [kind(text, endpoint=f"e{text.split('/')[1]}", **more) for text, more in RULES]
    return Map(rules).bind("example.com")


@pytest.mark.parametrize("values", CALLS)
@pytest.mark.parametrize("endpoint", sorted({f"e{text.split('/')[1]}" for text, _ in RULES}))
def test_addresses_are_the_same(endpoint, values):
    def written(kind):
        adapter = bound(kind)
        try:
            # The second time comes from what the first has compiled.
            return [adapter.build(endpoint, values), adapter.build(endpoint, values),
                    adapter.build(endpoint, values, append_unknown=False)]
        except (BuildError, ValueError) as error:
            return type(error)

    assert written(LazyRule) == written(Rule)


def test_nothing_is_compiled_before_it_is_asked_for(monkeypatch):
    compiled = []
    eager = Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda rule, *how: compiled.append(rule) or eager(rule, *how))
    adapter = bound(LazyRule)
    assert compiled == []
    assert adapter.match("/show/7") == ("eshow", {"pk": "7"})
    assert compiled == []
    assert adapter.build("eshow", {"pk": "7"}) == "/show/7"
    assert len(compiled) == 1
