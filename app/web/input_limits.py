"""What no address may hold, refused before any view sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

# The largest key of an INTEGER column of PostgreSQL; SQLite's driver refuses from 2**63 on.
LARGEST_KEY = 2**31 - 1
LARGEST_BIG_KEY = 2**63 - 1
"""The largest key of a BIGINT column: audit trail, notices."""


class KeyConverter(IntegerConverter):
    """``<int:…>`` of an address: a key that a database can hold; anything larger is a 404."""

    def __init__(self, url_map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_KEY, **kwargs})


class BoundedJson(DefaultJSONProvider):
    """Reads JSON; thousands of brackets in one another are bad JSON, and no failure of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return what a text says.

        Raises:
            ValueError: it is no JSON, or is nested too deeply.
        """
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def whole_number(text: str | None, most: int = LARGEST_KEY) -> int | None:
    """Return the small whole number that a text is, or ``None`` for anything else.

    ``str.isdigit`` takes signs such as "²" that ``int`` refuses, and ``int`` refuses texts of
    more than 4,300 digits; both come in requests of attackers only.

    Args:
        text: what stood in a form or an address.
        most: the largest number that makes sense.
    """
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def _arguments() -> Iterator[str]:
    for name, values in request.args.lists():
        yield name
        yield from values


def install(app: Flask) -> None:
    """Refuse what cannot be in an address; must run before views are registered.

    Args:
        app: the application.
    """
    app.url_map.converters["int"] = KeyConverter
    app.json = BoundedJson(app)

    @app.before_request
    def refuse_nul() -> None:
        # PostgreSQL cannot hold NUL in any text, and nobody types it.
        if "\x00" in request.path:
            abort(404)
        if any("\x00" in part for part in _arguments()):
            abort(400)
        if any("\x00" in part for pair in request.form.items(multi=True) for part in pair):
            # It may have come along with a text that was pasted.
            request.form = ImmutableMultiDict(  # pyright: ignore[reportAttributeAccessIssue] -- cached
                (name.replace("\x00", ""), text.replace("\x00", ""))
                for name, text in request.form.items(multi=True)
            )
