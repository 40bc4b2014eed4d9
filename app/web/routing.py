"""Addresses of screens: compiled when somebody first asks for one of the same kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.routing import Map, MapAdapter, Rule, RuleFactory


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


class LazyMap(Map):
    """Addresses that are compiled when somebody opens or writes one.

    A screen has some sixty addresses, all below one name, and a process opens few of its screens
    and writes few of their addresses. Those that begin alike are compiled for reading together, at
    the first request for one of them; each is compiled for writing by itself. Those that begin
    with a placeholder are ready at once.
    """

    def __init__(self, rules: Iterable[RuleFactory] = (), **options: Any) -> None:
        self._unread: dict[str, list[Rule]] = {}  # by the first part of the path
        self._unwritten: dict[Any, list[Rule]] = {}  # by endpoint
        self._writing = Map(**options)
        # While a map puts its addresses in order, it has none to be found.
        self.lock = threading.RLock()
        super().__init__(rules, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Take an address, or several, to be compiled later."""
        for rule in rulefactory.get_rules(self):
            first = _first_part(rule.rule)
            self._unwritten.setdefault(rule.endpoint, []).append(rule)
            if "<" in first:
                super().add(rule)
            else:
                self._unread.setdefault(first, []).append(rule)

    def patterns(self) -> set[str]:
        """Return what all addresses look like, without compiling any."""
        unread = {rule.rule for rules in self._unread.values() for rule in rules}
        return unread | {rule.rule for rule in super().iter_rules()}

    def ready_to_read(self, path: str) -> None:
        """Compile the addresses that begin as a path does."""
        first = _first_part(path)
        if first in self._unread:
            with self.lock:
                for rule in self._unread.pop(first, ()):
                    super().add(rule)

    def ready_to_write(self, endpoint: Any) -> Map:
        """Return a map that writes the addresses of an endpoint."""
        if endpoint in self._unwritten:
            with self.lock:
                self._writing.converters = self.converters
                for rule in self._unwritten.pop(endpoint, ()):
                    self._writing.add(rule.empty())
        return self._writing

    def iter_rules(self, endpoint: Any = None) -> Iterator[Rule]:
        """Yield all addresses, or those of an endpoint, compiled."""
        for first in list(self._unread):
            self.ready_to_read(first)
        return super().iter_rules(endpoint)

    def is_endpoint_expecting(self, endpoint: Any, *arguments: str) -> bool:
        """Return whether an address of an endpoint has these placeholders."""
        return self.ready_to_write(endpoint).is_endpoint_expecting(endpoint, *arguments)

    def bind(self, *arguments: Any, **options: Any) -> MapAdapter:
        """Return what reads and writes addresses."""
        return _LazyAdapter(self, super().bind(*arguments, **options))

    def bind_to_environ(self, *arguments: Any, **options: Any) -> MapAdapter:
        """Return what reads and writes addresses for one request."""
        return _LazyAdapter(self, super().bind_to_environ(*arguments, **options))


class _LazyAdapter(MapAdapter):
    def __init__(self, addresses: LazyMap, bound: MapAdapter) -> None:
        self._addresses = addresses
        self._place = (bound.server_name, bound.script_name, bound.subdomain, bound.url_scheme,
                       bound.path_info, bound.default_method, bound.query_args)
        super().__init__(addresses, *self._place)

    def match(self, path_info: str | None = None, *arguments: Any, **options: Any) -> Any:
        self._addresses.ready_to_read(self.path_info if path_info is None else path_info)
        with self._addresses.lock:
            return super().match(path_info, *arguments, **options)

    def build(self, endpoint: Any, *arguments: Any, **options: Any) -> str:
        writing = MapAdapter(self._addresses.ready_to_write(endpoint), *self._place)
        with self._addresses.lock:
            return writing.build(endpoint, *arguments, **options)


def _first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0]
