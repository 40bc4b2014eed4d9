"""A lazy rule and a lazy map read and write the addresses that eager ones do."""

from __future__ import annotations

import threading

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, Map, RequestRedirect, Rule
from werkzeug.test import create_environ

from app.web.routing import LazyMap, LazyRule

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


def bound(kind: type[Rule], addresses: type[Map] = Map):
    rules = [kind(text, endpoint=f"e{text.split('/')[1]}", **more) for text, more in RULES]
    return addresses(rules).bind("example.com")


@pytest.mark.parametrize("values", CALLS)
@pytest.mark.parametrize("endpoint", sorted({f"e{text.split('/')[1]}" for text, _ in RULES}))
def test_addresses_are_the_same(endpoint, values):
    def written(*kinds):
        adapter = bound(*kinds)
        try:
            # The second time comes from what the first has compiled.
            return [adapter.build(endpoint, values), adapter.build(endpoint, values),
                    adapter.build(endpoint, values, append_unknown=False)]
        except (BuildError, ValueError) as error:
            return type(error)

    assert written(LazyRule) == written(LazyRule, LazyMap) == written(Rule)


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


@pytest.mark.parametrize("path", [
    "/", "", "/plain", "/plain/", "//plain", "/show/7", "/show/", "/show", "/2026/a/b", "/page/",
    "/page", "/page/1", "/page/2", "/ä/中文/end", "/a", "/b", "/c", "/nothing/here",
])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_read_is_the_same(path, method):
    def read(addresses):
        adapter = bound(LazyRule, addresses)
        try:
            return [adapter.match(path, method=method), adapter.allowed_methods(path)]
        except RequestRedirect as redirect:
            return redirect.new_url
        except HTTPException as error:
            return type(error)

    assert read(LazyMap) == read(Map)


def test_only_what_begins_alike_is_compiled_to_be_read(monkeypatch):
    compiled = []
    compile_rule = Rule.compile
    monkeypatch.setattr(Rule, "compile", lambda rule: compiled.append(rule.rule)
                        or compile_rule(rule))
    addresses = bound(LazyRule, LazyMap).map
    adapter = addresses.bind_to_environ(create_environ("/", "http://example.com"))
    at_once = ["/<int:year>/<path:rest>", "/<any(a, b):kind>"]
    assert compiled == at_once
    assert adapter.match("/show/7")[0] == "eshow"
    assert compiled == [*at_once, "/show/<pk>"]
    assert adapter.build("eplain") == "/plain"
    assert compiled == [*at_once, "/show/<pk>", "/plain"]
    assert {rule.rule for rule in addresses.iter_rules()} == addresses.patterns() == {
        text for text, _ in RULES}


def test_threads_that_ask_at_the_same_time_all_find_their_address():
    for _ in range(20):
        rules = [LazyRule(f"/{name}/{number}", endpoint=f"{name}.{number}")
                 for name in "abcd" for number in range(50)]
        addresses, start, missed = LazyMap(rules), threading.Barrier(8), []

        def ask(place, addresses=addresses, start=start, missed=missed):
            adapter, name = addresses.bind("example.com"), "abcd"[place % 4]
            start.wait()
            for number in range(50):
                try:
                    adapter.match(f"/{name}/{number}")
                    adapter.build(f"{name}.{number}")
                except (HTTPException, BuildError) as error:
                    missed.append(error)

        threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert missed == []
