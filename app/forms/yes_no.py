"""A question that may stay unanswered: yes, no, or nothing yet."""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

from typing import Any

from wtforms import SelectField

from app.forms.choices import SelectChoice
from app.lazy_texts import lazy_gettext

_ANSWERS = {"true": True, "y": True, "1": True, "false": False, "0": False, "": None}


def _answer(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    try:
        return _ANSWERS[str(value).lower()]
    except KeyError:
        raise ValueError(value) from None


class YesNoField(SelectField):
    """Yes, no, or no answer; ``data`` is true, false or ``None``.

    A box to tick cannot tell "no" from "nobody has asked", and a form that is saved for another
    reason would write "no" in the name of whoever saves it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, coerce=_answer,
            choices=lambda: [SelectChoice("", ""), SelectChoice("true", lazy_gettext("Yes")),
                             SelectChoice("false", lazy_gettext("No"))],
            **kwargs,
        )
