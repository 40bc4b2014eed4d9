"""Parts of pages that are kept once they are drawn: ``{% cache key, … %} … {% endcache %}``.

A fragment is kept under everything that it is drawn from: who asks, with which rights, in which
language and colours, the name and the logo of the company, and the values that the template names.
So nothing has to be invalidated: what changes gives another key, in every process at once. What
differs with each request stands in a fragment as a slot: the token against forged requests, the
nonce, and the address of the page (``here_slot()``).

Whether a template names all that its fragment depends on is proved by ``checked``, the way of the
tests: each fragment that is kept is drawn once more and compared.
"""

from __future__ import annotations

import enum
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup, escape

from app.access.actor import Actor

MODE = "FRAGMENT_CACHE"
_STORE = "careline.fragments"
_KEPT_MOST = 2000
# No page holds these characters: input with them is refused.
_TOKEN, _NONCE, _HERE = "\x00token\x00", "\x00nonce\x00", "\x00here\x00"


class FragmentMode(enum.StrEnum):
    """What is done with fragments."""

    KEPT = "kept"
    CHECKED = "checked"
    DRAWN = "drawn"


class FragmentError(AssertionError):
    """A fragment depends on something that its template does not name."""


class FragmentStore:
    """Drawn markup by key; what was not used for longest goes.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = _KEPT_MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()

    def get(self, key: Hashable) -> Markup | None:
        """Return what is kept under ``key`` and mark it as used."""
        markup = self._kept.get(key)
        if markup is not None:
            try:
                self._kept.move_to_end(key)
            except KeyError:
                # Another thread has just dropped it; the markup in hand is still right.
                return markup
        return markup

    def put(self, key: Hashable, markup: Markup) -> None:
        """Keep ``markup`` under ``key`` and drop what was not used for longest."""
        self._kept[key] = markup
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def shared_key(person: Actor | None) -> tuple[Hashable, ...]:
    """Return what every page depends on that people of the same rights share.

    Args:
        person: who asks; ``None`` before sign-in.
    """
    locale, rights = get_locale(), None if person is None else person.permissions
    return rights, locale.language if locale else "en", request.script_root


class FragmentCache(Extension):
    """The tag ``cache`` of templates."""

    tags = {"cache"}

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the tag, its keys and its body."""
        line = next(parser.stream).lineno
        keys: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if keys:
                parser.stream.expect("comma")
            keys.append(parser.parse_expression())
        body = parser.parse_statements(("name:endcache",), drop_needle=True)
        name = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method("_fragment", [name, nodes.Tuple(keys, "load")])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    @staticmethod
    def _fragment(name: str, keys: tuple[Any, ...], caller: Callable[[], str]) -> Markup:
        return fragment(name, keys, caller, current_app.extensions[_STORE])


def fragment(
    name: str, keys: tuple[Any, ...], draw: Callable[[], str], store: FragmentStore
) -> Markup:
    """Return a part of the page, drawn or as it is kept.

    Args:
        name: what it is a part of.
        keys: what it is drawn from beside what every page depends on.
        draw: draws it.
        store: where it is kept.

    Raises:
        FragmentError: it depends on more than its keys; seen in tests only.
    """
    mode = current_app.config[MODE]
    if mode == FragmentMode.DRAWN:
        return _filled(Markup(draw()))
    key = (name, _page_key(), _frozen(keys))
    kept = store.get(key)
    if kept is None:
        kept = _with_slots(draw())
        store.put(key, kept)
    elif mode == FragmentMode.CHECKED and (drawn := _with_slots(draw())) != kept:
        raise FragmentError(f"{name} depends on more than its keys:\n{kept}\n---\n{drawn}")
    return _filled(kept)


def _frozen(value: Any) -> Hashable:
    """Return a value of a key so that nothing changes it later."""
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    if isinstance(value, Mapping):
        return tuple((name, _frozen(one)) for name, one in value.items())
    return value


def _page_key() -> tuple[Hashable, ...]:
    if "careline_page_key" not in g:
        g.careline_page_key = current_app.extensions[f"{_STORE}.key"]()
    return g.careline_page_key


def _with_slots(drawn: str) -> Markup:
    text = str(drawn)
    if (token := g.get("csrf_token")) is not None:
        text = text.replace(token, _TOKEN)
    if (nonce := g.get("csp_nonce")) is not None:
        text = text.replace(nonce, _NONCE)
    return Markup(text)


def _filled(kept: Markup) -> Markup:
    text = str(kept)
    if "\x00" not in text:
        return kept
    if _TOKEN in text:
        text = text.replace(_TOKEN, generate_csrf())
    if _NONCE in text:
        text = text.replace(_NONCE, current_app.jinja_env.globals["csp_nonce"]())
    return Markup(text.replace(_HERE, escape(request.full_path.rstrip("?"))))


def install(app: Flask, page_key: Callable[[], tuple[Hashable, ...]], mode: FragmentMode) -> None:
    """Give templates the tag ``cache``.

    Args:
        app: the application.
        page_key: returns what every page of the running request is drawn from.
        mode: whether fragments are kept.
    """
    app.jinja_env.add_extension(FragmentCache)
    app.jinja_env.globals["here_slot"] = lambda: Markup(_HERE)
    app.config[MODE] = mode
    app.extensions[_STORE] = FragmentStore()
    app.extensions[f"{_STORE}.key"] = page_key
