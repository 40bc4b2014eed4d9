"""Whoever signs in with a password that somebody else has set chooses another before all else."""

from __future__ import annotations

from flask import Flask, abort, request, session, url_for
from werkzeug.wrappers import Response

from app.access.security import SESSION_KEY, current_actor, has_handed_password
from app.web.request import go_to, wants_json

# What the page of the choice needs itself, and ways out of it.
_OPEN = frozenset({
    "PasswordView.change", "SignInView.login", "SignInView.logout", "SignInView.state",
    "SignInView.again", "AccountView.language", "AccountView.theme", "assets", "favicon", "healthz",
    "readyz",
})


def install(app: Flask) -> None:
    """Lead every page to the choice while it has to be made; must run after the CSRF check.

    A program with a token has no session of the browser and is not asked.

    Args:
        app: the application.
    """

    @app.before_request
    def choose_first() -> Response | None:
        if SESSION_KEY not in session or request.endpoint in _OPEN:
            return None
        if current_actor() is None or not has_handed_password():
            return None
        if wants_json():
            abort(403)
        return go_to(url_for("PasswordView.change"))
