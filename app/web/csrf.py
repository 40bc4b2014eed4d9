"""Protection against forged requests, for pages and for the API alike."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect

# They read a body or a token and take no cookie.
_TOKEN_ADDRESSES = frozenset({"/api/v1/security/login", "/api/v1/security/refresh"})


class RequestProtection(CSRFProtect):
    """Asks for a token with every request that changes something.

    Flask-AppBuilder exempts all its APIs, cookie or not. Here an API request goes without where no
    cookie could speak for the caller: it carries an ``Authorization`` header, which another site
    cannot make a browser send without asking first, and we never allow it; it carries no session
    cookie; or it signs in with a password or a refresh token.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        """Check the token of the running request.

        Args:
            apply_exemptions: whether views may be exempt; none is, see ``exempt``.

        Raises:
            CSRFError: the token is missing, wrong or too old.
        """
        if request.path.startswith("/api/") and (
            request.headers.get("Authorization")
            or current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
            or request.path in _TOKEN_ADDRESSES
        ):
            return
        super().protect(apply_exemptions)

    def exempt(self, view: Any) -> Any:
        """Leave the check in force: Flask-AppBuilder asks to exempt each API it registers."""
        return view


def install(app: Flask) -> RequestProtection:
    """Switch the protection on.

    Args:
        app: the application; must be called before Flask-AppBuilder registers views.
    """
    # A token lives as long as the session it belongs to: a form left open over lunch still saves.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    protection = RequestProtection()
    protection.init_app(app)
    return protection
