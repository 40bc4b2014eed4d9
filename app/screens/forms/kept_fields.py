"""Fields of forms, drawn once: a third of a form's CPU went into drawing the same boxes anew.

What is drawn of a field is kept under everything that WTForms and the template draw it from:
texts, flags, choices, errors. The value of a text box differs with each record; it is no part of
the key but stands in the fragment as a slot (decision 046).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TextArea, TextInput

from app.web.fragment_cache import FragmentStore, fragment

_STORE = "careline.kept_fields"
# No value holds these characters: input with them is refused.
_SLOT = "\x00value\x00"
# Of these the template and WTForms draw nothing but what the key names.
_TEXTS = {"DayField", "DecimalField", "IntegerField", "MomentField", "StringField", "TextAreaField",
          "TypedField"}
_BOXES = (DateInput, DateTimeLocalInput, NumberInput, TextArea, TextInput)
_CHOICES = {"SelectField", "YesNoField"}
_READ_BY_THE_TEMPLATE = ("narrowed_by", "advice", "advice_from")


def kept_field(
    field: Field, wide: bool, condition: Any, is_first: bool, caller: Callable[[Field], str]
) -> Markup:
    """Return the markup of a field; called by the template with what draws it.

    Args:
        field: the field.
        wide: whether it takes both columns of the form.
        condition: when it is shown, or ``None``.
        is_first: whether it has the focus when the page opens.
        caller: draws a field.
    """
    key = _key_of(field)
    if key is None:
        return Markup(caller(field))
    rule = None if condition is None else condition.rule
    is_text = field.type in _TEXTS
    drawn = fragment(
        "field", (key, wide, rule, is_first),
        lambda: caller(_with_slot(field) if is_text else field), current_app.extensions[_STORE])
    return Markup(drawn.replace(_SLOT, escape(_value_of(field)))) if is_text else drawn


def _with_slot(field: Field) -> Field:
    """Return the field with a slot for its value."""
    # Made without a form, a field of WTForms would be one that no form has yet.
    blank = object.__new__(type(field))
    blank.__dict__.update(vars(field))
    blank._value = lambda: _SLOT  # pyright: ignore[reportAttributeAccessIssue] -- WTForms' own name
    return blank


def _value_of(field: Any) -> str:
    return field._value()


def _key_of(field: Any) -> Hashable | None:
    """Return what a field is drawn from beside the value of a text box; ``None``: draw it anew."""
    own = _own_key(field)
    flags = vars(field.flags)
    if own is None or any(map(callable, flags.values())):
        return None
    key = (
        field.type, type(field.widget), getattr(field.widget, "input_type", ""), field.name,
        field.id, str(field.label.text), str(field.description), tuple(field.errors),
        tuple(flags.items()), tuple((field.render_kw or {}).items()),
        tuple(str(getattr(field, name, "")) for name in _READ_BY_THE_TEMPLATE), own,
    )
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _own_key(field: Any) -> Hashable | None:
    if field.type in _TEXTS:
        is_plain = type(field.widget) in _BOXES and not getattr(field, "_datalist", None)
        return () if is_plain else None
    if field.type == "BooleanField":
        return bool(field.data)
    if field.type in _CHOICES:
        return None if field.has_groups() else tuple(
            (choice.value, str(choice.label), choice.selected, tuple(choice.render_kw.items()))
            for choice in field.iter_choices())
    if field.type == "RelationField":
        return field.options_url(), tuple(field.chosen())
    return None


def install(app: Flask) -> None:
    """Let templates draw fields through what is kept.

    Args:
        app: the application.
    """
    app.extensions[_STORE] = FragmentStore()
    app.jinja_env.globals["kept_field"] = kept_field
