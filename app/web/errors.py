"""Error pages that say what happened and what to do next; JSON for programs."""

from __future__ import annotations

import dataclasses
import errno
import logging
import secrets

from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.access.security import current_actor
from app.database import db, reset
from app.database_errors import is_passing
from app.i18n import LinkedText, link_fields
from app.lazy_texts import lazy_gettext
from app.web.request import is_partial, wants_json

log = logging.getLogger(__name__)
_FULL = 507
# Writes are short: what kept the database busy is over soon.
_RETRY_AFTER_SECONDS = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    """What an error page says.

    Attributes:
        icon: icon of the page.
        title: what happened, in a few words.
        text: why, and what to do.
    """

    icon: str
    title: str
    text: str


def _explain(icon: str, title: str, text: str) -> Explanation:
    return Explanation(icon, title, text)


EXPLANATIONS = {
    400: _explain(
        "alert-circle",
        lazy_gettext("This request makes no sense to us"),
        lazy_gettext("Part of the address or of the form is not valid. Go back and try again."),
    ),
    401: _explain(
        "lock",
        lazy_gettext("Please sign in"),
        lazy_gettext("Your session has ended or never began. Sign in and carry on."),
    ),
    403: _explain(
        "shield-lock",
        lazy_gettext("You are not allowed to do this"),
        lazy_gettext("Your roles do not include it. Ask your administrator if you need it."),
    ),
    404: _explain(
        "map-search",
        lazy_gettext("There is nothing here"),
        lazy_gettext(
            "The record may have been deleted, or it belongs to another team. "
            "Check the address or search for the record."
        ),
    ),
    405: _explain(
        "alert-circle",
        lazy_gettext("This cannot be opened like that"),
        lazy_gettext("Use the button on the page instead of the address."),
    ),
    409: _explain(
        "git-merge",
        lazy_gettext("Someone else was faster"),
        lazy_gettext("The record has changed since you opened it. Load it again and compare."),
    ),
    413: _explain(
        "file-alert",
        lazy_gettext("This is too large"),
        lazy_gettext("Choose a smaller file or split it, then try again."),
    ),
    429: _explain(
        "hourglass",
        lazy_gettext("Too many tries"),
        lazy_gettext("Wait a few minutes, then try again."),
    ),
    500: _explain(
        "tool",
        lazy_gettext("Something broke on our side"),
        lazy_gettext("It has been written down. Try again; if it stays, tell your administrator."),
    ),
    503: _explain(
        "plug-off",
        lazy_gettext("The service is not ready"),
        lazy_gettext("It may be starting or being updated. Try again in a minute."),
    ),
}
EXPLANATIONS[_FULL] = _explain(
    "alert-triangle",
    lazy_gettext("There is no room left"),
    lazy_gettext("Nothing was saved. Tell your administrator that the disk is full."),
)
_BUSY = _explain(
    "hourglass",
    lazy_gettext("The database is busy"),
    lazy_gettext("What you sent was not saved. Wait a few seconds, then try again."),
)
_STALE_FORM = _explain(
    "refresh",
    lazy_gettext("This page was open for too long"),
    lazy_gettext("For your safety it can no longer be sent. Load it again and repeat the step."),
)


def _answer(code: int, explanation: Explanation, detail: str, reference: str) -> Response:
    if wants_json() or is_partial():
        body = {"message": detail or str(explanation.title), "status": code,
                **link_fields(detail)}
        if reference:
            body["reference"] = reference
        response = jsonify(body)
    else:
        page = render_template(
            "web/error.html",
            code=code, explanation=explanation, detail=detail, reference=reference,
            # A broken page is drawn without the shell: what broke may be the shell.
            bare=code >= 500 or code == 401,
        )
        response = Response(page)
    response.status_code = code
    return response


def _http_error(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    if isinstance(error, CSRFError):
        # Without a session no token can be right: signing in again is what helps.
        if current_actor() is None and not (request.endpoint or "").startswith("SignInView."):
            return _answer(401, EXPLANATIONS[401], "", "")
        return _answer(code, _STALE_FORM, gettext("The page was open for too long."), "")
    known = EXPLANATIONS.get(code) or EXPLANATIONS[400 if code < 500 else 500]
    # werkzeug's own sentences are English and for developers; ours are given to abort().
    own = error.description if error.description != type(error).description else ""
    answer = _answer(
        code, known, own if isinstance(own, LinkedText) else str(own or ""), "")
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer


def _is_full(error: BaseException | None) -> bool:
    """Return whether an error, or what caused it, says that there is no room left on a disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "disk is full" in str(error) or "No space left on device" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _unexpected(error: Exception) -> Response:
    if _is_full(error):
        log.error("the disk is full at %s %s", request.method, request.path, exc_info=error)
        g.pop("careline_shell", None)
        return _answer(_FULL, EXPLANATIONS[_FULL], "", "")
    if is_passing(error):
        log.warning("the database is busy at %s %s: %s", request.method, request.path, error)
        return _busy()
    reference = secrets.token_hex(4)
    log.error(
        "unexpected error %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    g.pop("careline_shell", None)
    return _answer(500, EXPLANATIONS[500], "", reference)


def _busy() -> Response:
    reset(db.session)
    g.pop("careline_shell", None)
    if "_login_user" not in g:
        # It is the user that could not be read: the page must not ask for them again.
        g._login_user = AnonymousUserMixin()
    # A page says both; a program and a part of a page have room for one sentence.
    detail = gettext("The database is busy, and nothing was saved. Try again in a few seconds.")
    answer = _answer(503, _BUSY, detail if wants_json() or is_partial() else "", "")
    answer.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return answer


def install(app: Flask) -> None:
    """Answer every error of the application with our pages.

    Args:
        app: the application.
    """
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(
        InternalServerError,
        lambda error: _unexpected(error.original_exception or error),
    )
