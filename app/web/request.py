"""What every screen asks about the running request: who acts, which rows, how to answer."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Response, abort, redirect, request
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.access.security import current_actor

_FIRST_YEAR, _LAST_YEAR = 1900, 8900
# How htmx draws the content of a page anew: it asks for the whole page and takes these parts.
_CONTENT = {
    "target": "#content", "select": "#content", "selectOOB": "#crumbs", "swap": "outerHTML",
    "push": "false", "headers": {"HX-Boosted": "true"},
}


def actor() -> Actor:
    """Return who makes this request.

    Raises:
        Unauthorized: nobody has signed in.
    """
    person = current_actor()
    if person is None:
        abort(401)
    return person


def row_scope(model: type[Any], *, indexed: bool = True) -> ColumnElement[bool]:
    """Return the condition that keeps the rows of ``model`` which the caller may see.

    Lists, pages, related tabs, actions, bulk work, exports, selects and the API all ask here.

    Args:
        model: mapped class.
        indexed: see ``app.access.scope.scope_filter``.
    """
    return scope_filter(actor(), model, indexed=indexed)


def wants_json() -> bool:
    """Return whether the caller is a program (or a script of ours) and not a page load."""
    return request.path.startswith("/api/") or (
        request.accept_mimetypes.best_match(["text/html", "application/json"])
        == "application/json"
    )


def is_partial() -> bool:
    """Return whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def go_to(address: str) -> BaseResponse:
    """Lead the browser to an address, whether a page or htmx has asked.

    Who asked from the page at that address stays there, and its content is drawn anew.

    Args:
        address: path of a page of ours.
    """
    if not is_partial():
        return redirect(address)
    here = safe_next(request.headers.get("HX-Current-URL"), "")
    if unquote(here) != unquote(address):
        return Response(status=204, headers={"HX-Redirect": address})
    return Response(status=204, headers={
        "HX-Location": json.dumps({"path": address, **_CONTENT}), "HX-Trigger": "dialog:close"})


def safe_next(address: str | None, fallback: str = "/") -> str:
    """Return ``address`` when it leads to a page of this host, else ``fallback``.

    Args:
        address: what came with the request; may be anything.
        fallback: path to go to instead.
    """
    if not address or not address.isprintable() or "\\" in address:
        return fallback
    try:
        parts = urlsplit(address)
    except ValueError:
        return fallback
    if parts.scheme or parts.netloc:
        own = urlsplit(request.host_url)
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            return fallback
    path = parts.path
    # "//host" leads elsewhere in a browser.
    if not path.startswith("/") or path.startswith("//"):
        return fallback
    return path + (f"?{parts.query}" if parts.query else "")


def day_asked(otherwise: dt.date) -> dt.date:
    """Return the argument ``day`` of the address, a date such as ``2026-11-22``.

    Args:
        otherwise: the day where the address names none.

    Raises:
        BadRequest: it is no date, or lies where a time zone may lead out of what a date can hold.
    """
    text = request.args.get("day", "")
    if not text:
        return otherwise
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        abort(400)
    return day
