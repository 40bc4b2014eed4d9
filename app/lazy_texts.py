"""Texts that are translated only when they are shown. Every floor that knows the web may use it."""

from __future__ import annotations

from typing import Any, cast

import flask_babel


def lazy_gettext(message: str, **values: Any) -> str:
    """Return a text that is translated anew each time it is shown.

    Labels of forms and columns are written once, at import, and shown in many languages. What is
    returned is a ``LazyString``. It is called a text because WTForms, templates and ``str()`` take
    it for one; ask ``type(text) is str`` where a message id must be told from it.

    Args:
        message: English message id.
        values: of its placeholders, of any type that ``%`` takes.
    """
    return cast(str, flask_babel.lazy_gettext(message, **values))
