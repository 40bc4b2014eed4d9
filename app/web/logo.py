"""The logo of the company as a file, under an address that changes with it."""

from __future__ import annotations

from flask import Flask, Response, abort, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.database import db
from app.settings.logo import MEDIA_TYPE, logo_of

_YEAR_SECONDS = 31_536_000
_ENDPOINT = "company_logo"


def _send(key: str) -> Response:
    logo = logo_of(db.session)
    if logo is None or logo.key != key:
        abort(404)
    return Response(logo.body, mimetype=MEDIA_TYPE, headers={
        "Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"})


def logo_address() -> str:
    """Return the address of the company's logo, or an empty text where there is none."""
    try:
        logo = logo_of(db.session)
    except SQLAlchemyError:
        # A page that says that the database does not answer goes without.
        return ""
    return "" if logo is None else url_for(_ENDPOINT, key=logo.key)


def install(app: Flask) -> None:
    """Serve the logo; everybody may see it, the page for signing in shows it.

    Args:
        app: the application.
    """
    app.add_url_rule("/assets/logo/<key>", _ENDPOINT, _send)
