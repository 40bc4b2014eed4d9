"""A web form made of a definition, once for each content and kept.

References are AJAX selects: the page holds the chosen id and the address to search at, never all
rows. All rules stand in ``app.forms.cleaning``; the web form only carries texts to it and shows
its messages.
"""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

import datetime as dt
import functools
import json
import zoneinfo
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import TextArea, TextInput

from app.forms import cleaning
from app.forms.choices import SelectChoice
from app.forms.definition import LONGEST_TEXT, REFERRING, Form, Kind
from app.forms.definition import Field as Definition
from app.forms.yes_no import YesNoField
from app.i18n import N_, LinkedText, Message
from app.lazy_texts import lazy_gettext

ENDPOINTS = {
    Kind.PERSON: "/api/v1/pick/person",
    Kind.DEPARTMENT: "/api/v1/pick/department",
    Kind.RECORD: "/api/v1/pick/record/{target}",
}
INPUT_TYPES = {
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.RATING: "number",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime-local",
}


class AjaxSelectField(Field):
    """Keeps one id; the page loads the name, and what may be chosen, from ``endpoint``.

    What belongs to the value of the field ``narrowed_by`` is offered first.
    """

    widget = TextInput()

    def __init__(
        self, *args: Any, endpoint: str, narrowed_by: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.endpoint = endpoint
        # Where a screen offers choices of its own; the endpoint still names what is chosen.
        self.choices_url = ""
        self.narrowed_by = narrowed_by

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text as it came; cleaning decides."""
        self.data = valuelist[0] if valuelist else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class FilesField(SelectMultipleField):
    """Some of the files that lie on the record; none before ``offer`` says which.

    Attributes:
        upload: address that takes a further file; empty where the caller may not add one.
    """

    upload = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[], validate_choice=False, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the keys; a page sends an empty one along, so that none at all can be chosen."""
        self.data = [text for text in valuelist if text != ""]

    def offer(self, files: Iterable[tuple[int, str]], upload: str) -> None:
        """Say which files lie on the record, by key and name, and where one is added."""
        self.choices = [SelectChoice(str(key), name) for key, name in files]
        self.upload = upload


class TypedField(StringField):
    """A text box of an HTML input type, whose text cleaning reads."""

    def __init__(self, *args: Any, input_type: str = "text", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A bare Input lacks what WTForms asks of the widget of a text field.
        self.widget = TextInput()
        self.widget.input_type = input_type

    def _value(self) -> str:
        if isinstance(self.data, dt.datetime):
            return self.data.strftime("%Y-%m-%dT%H:%M")
        if isinstance(self.data, dt.date):
            return self.data.isoformat()
        return "" if self.data is None else str(self.data)


class DefinedForm(FlaskForm):
    """Base of all built forms: one validation, that of the definition.

    Attributes:
        definition: the form's definition.
        zone: zone in which date and time boxes are read; set by the view.
        cleaned: values in their right types after ``validate``.
    """

    definition: Form
    zone: zoneinfo.ZoneInfo = zoneinfo.ZoneInfo("Asia/Shanghai")

    def validate(self, extra_validators: Any = None) -> bool:
        """Clean all values; put each message at its field. Returns whether there was none."""
        valid = super().validate(extra_validators)
        values = {field.name: self._plain(field) for field in self.definition.fields}
        self.cleaned, errors = cleaning.clean(self.definition, values)
        for name, message in errors.items():
            self[name].errors = [*self[name].errors, translate(message)]
        return valid and not errors

    def _plain(self, field: Definition) -> Any:
        value = self[field.name].data
        if field.kind is Kind.MULTI_CHOICE and isinstance(value, list):
            # A page sends an empty value along, so that none at all can be chosen.
            return [one for one in value if one != ""]
        if field.kind is Kind.DATETIME and isinstance(value, str) and value:
            try:
                moment = dt.datetime.fromisoformat(value)
            except ValueError:
                return value
            return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return value


def translate(message: Message) -> str:
    """Return the message in the language of the request; messages among its values as well.

    A message with a link gives a ``LinkedText``, which templates show with the link.

    Args:
        message: the message.
    """
    values = {
        name: translate(value) if isinstance(value, Message) else value
        for name, value in message.params.items()
    }
    text = gettext(message.msgid, **values)
    link = message.link
    return text if link is None else LinkedText(text, link.address, gettext(link.text))


@functools.lru_cache(maxsize=512)
def form_class(form: Form) -> type[DefinedForm]:
    """Return the WTForms class of a definition, the same one for definitions of equal content."""
    # Where a department is asked for as well, its people are the likely ones.
    department = next((one.name for one in form.fields if one.kind is Kind.DEPARTMENT), "")
    fields = {
        field.name: _field(field, department if field.kind is Kind.PERSON else "")
        for field in form.fields
    }
    return type("DefinedForm", (DefinedForm,), {**fields, "definition": form})


def _field(field: Definition, narrowed_by: str = "") -> Any:
    common: dict[str, Any] = {
        "label": lazy_gettext(field.label),
        "description": lazy_gettext(field.help) if field.help else "",
        "default": field.default,
        "render_kw": _attributes(field),
    }
    kind = field.kind
    if kind in REFERRING:
        return AjaxSelectField(
            endpoint=ENDPOINTS[kind].format(target=field.target), narrowed_by=narrowed_by, **common
        )
    if kind is Kind.FILE:
        return FilesField(**common)
    if kind is Kind.SIGNATURE:
        return PasswordField(**common)
    if kind in (Kind.CHOICE, Kind.MULTI_CHOICE):
        choices = [SelectChoice(one.value, lazy_gettext(one.label)) for one in field.choices]
        if kind is Kind.MULTI_CHOICE:
            return SelectMultipleField(choices=choices, validate_choice=False, **common)
        choices.insert(0, SelectChoice("", ""))
        return SelectField(choices=choices, validate_choice=False, **common)
    if kind is Kind.BOOLEAN:
        return YesNoField(validate_choice=False, **common)
    if kind is Kind.LONG_TEXT:
        return StringField(widget=TextArea(), **common)
    return TypedField(input_type=INPUT_TYPES.get(kind, "text"), **common)


def _attributes(field: Definition) -> dict[str, Any]:
    """Return HTML attributes: what the browser can check, and data for the scripts."""
    found: dict[str, Any] = {"data-kind": field.kind.value}
    if field.required:
        found["aria-required"] = "true"
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        found["maxlength"] = field.most_characters
    if field.kind is Kind.SIGNATURE:
        found |= {"autocomplete": "current-password", "maxlength": LONGEST_TEXT,
                  "placeholder": lazy_gettext(N_("Your password, once more"))}
    if field.kind in INPUT_TYPES and field.kind is not Kind.DATETIME:
        low, high = field.minimum, field.maximum
        if field.kind is Kind.RATING:
            low, high = low or 1, high or 5
        found |= {name: value for name, value in (("min", low), ("max", high)) if value is not None}
    if field.kind is Kind.DECIMAL:
        found["step"] = f"{10 ** -field.places:.{field.places}f}"
    if field.kind in REFERRING:
        found["data-endpoint"] = ENDPOINTS[field.kind].format(target=field.target)
    for name, condition in (("visible", field.visible_when), ("required", field.required_when)):
        if condition:
            found[f"data-{name}-when"] = json.dumps(
                [condition.field, condition.op, condition.value], ensure_ascii=False
            )
    return found
