"""Language and time zone of a request, and where translations come from.

The choice of a user is kept in the session and on the user; before sign-in the browser's list of
languages decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import refresh

from app.lazy_texts import lazy_gettext
from app.web import translation_cache

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
# Each language under its own name, as people look for it.
LANGUAGES = {"zh": "中文", "en": "English"}


def current_language(default: str) -> str:
    """Return ``zh`` or ``en`` for the running request.

    Args:
        default: language when nobody asks (a job, a command).
    """
    if not has_request_context():
        return default
    chosen = session.get("locale")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), default)


def choose_language(language: str) -> None:
    """Remember a language in the session and use it from now on in this request.

    Raises:
        ValueError: the language is not one of ours.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    session["locale"] = language
    refresh()


def configure(app: Flask, default: str, timezone: str, folders: Sequence[Path] = ()) -> None:
    """Set what Flask-Babel needs; must run before Flask-AppBuilder is set up.

    Args:
        app: the application.
        default: language before anyone has chosen one.
        timezone: name of the zone in which times are shown.
        folders: catalogues of plugins; a later one wins over an earlier one.
    """
    app.config["LANGUAGES"] = {
        code: {"name": name, "flag": code} for code, name in LANGUAGES.items()
    }
    app.config["BABEL_DEFAULT_LOCALE"] = default
    app.config["BABEL_DEFAULT_TIMEZONE"] = timezone
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(
        str(path) for path in (TRANSLATIONS, *folders)
    )


def install(app: Flask, default: str) -> None:
    """Put our choice of language in the place of Flask-AppBuilder's.

    Args:
        app: the application, after Flask-AppBuilder has set up Flask-Babel.
        default: language when nobody asks.
    """
    app.extensions["babel"].locale_selector = lambda: current_language(default)
    translation_cache.install(app)


def lazy(message: str) -> str:
    """Return a message id as text that is translated when it is shown; empty stays empty."""
    return lazy_gettext(message) if message else ""
