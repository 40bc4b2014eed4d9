"""Texts in the language of the request, looked up quickly.

A page asks for several hundred texts. Flask-Babel finds domain, locale and catalogue anew for each
of them, a quarter of the time of a list; here they are found once for a request and a language.
Flask-WTF reads the catalogue of WTForms from its file for each form that is sent; here it is read
once for a language.
"""

from __future__ import annotations

import functools
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Domain, get_locale
from wtforms.i18n import messages_path

_KEPT = "careline_catalogue"


class RequestDomain(Domain):
    """Flask-Babel's domain, which remembers the catalogue for the length of a request."""

    def get_translations(self) -> Any:
        """Return the catalogue of the language in force."""
        try:
            store = g._get_current_object().__dict__
        except RuntimeError:
            return super().get_translations()
        kept = store.get(_KEPT)
        # A changed or forced language has another locale object.
        if kept is not None and getattr(store.get("_flask_babel"), "babel_locale", None) is kept[0]:
            return kept[1]
        locale = get_locale()
        translations = super().get_translations()
        store[_KEPT] = (locale, translations)
        return translations


@functools.cache
def _texts_of_forms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def _set_texts_of_forms() -> None:
    """Put the catalogue where Flask-WTF looks before it reads one."""
    locale = get_locale()
    if request.method == "POST" and locale is not None:
        request.wtforms_translations = _texts_of_forms(  # pyright: ignore[reportAttributeAccessIssue] -- an attribute of Flask-WTF
            str(locale))


def install(app: Flask) -> None:
    """Put the quick domain in the place of Flask-Babel's, for Python and for templates.

    Args:
        app: the application, with Flask-Babel set up.
    """
    domain = RequestDomain()
    app.extensions["babel"].instance.domain_instance = domain
    # The extension for translations has put the method there.
    app.jinja_env.install_gettext_callables(  # pyright: ignore[reportAttributeAccessIssue] -- see above
        gettext=lambda text: domain.get_translations().ugettext(text),
        ngettext=lambda one, many, number: domain.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    app.before_request(_set_texts_of_forms)
