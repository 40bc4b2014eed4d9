"""Fields of forms that are made from definitions of custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    DateField,
    DecimalField,
    Field,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.forms.build import translate
from app.forms.choices import SelectChoice
from app.forms.yes_no import YesNoField
from app.records.custom_fields.definitions import LONGEST, BadValue, CustomField
from app.screens.columns.custom_fields import choices_of_field, localised


class ChoicesField(SelectMultipleField):
    """Several choices; the empty text that marks the field as sent is passed over."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the chosen values."""
        super().process_formdata([value for value in valuelist if value])


class _Fits:
    """Validator: the definition itself decides, as it does in the service."""

    def __init__(self, field: CustomField) -> None:
        self._field = field

    def __call__(self, _form: Any, field: Field) -> None:
        try:
            self._field.clean(field.data)
        except BadValue as error:
            raise ValidationError(translate(error.message)) from error


def custom_form_field(definition: CustomField) -> Any:
    """Return the WTForms field of a custom field.

    Args:
        definition: the field.
    """
    column_label = localised(definition.label, definition.label_zh)
    common: dict[str, Any] = {
        "label": column_label,
        "description": localised(definition.help, definition.help_zh)
        if definition.help or definition.help_zh else "",
        "validators": [InputRequired() if definition.required else Optional(), _Fits(definition)],
    }
    kind = definition.kind
    if kind == "boolean":
        return YesNoField(**common)
    if kind == "number":
        return DecimalField(**common, places=None, render_kw={"inputmode": "decimal"})
    if kind == "date":
        return DateField(**common)
    if kind in ("choice", "choices"):
        return _choosing_field(definition, common)
    most = LONGEST[kind]
    common["validators"].append(Length(max=most))
    common["filters"] = [_clean]
    if kind == "long_text":
        return TextAreaField(**common, render_kw={"rows": 4, "maxlength": most})
    return StringField(**common, render_kw={"maxlength": most})


def _choosing_field(definition: CustomField, common: Mapping[str, Any]) -> Any:
    def choices() -> list[Any]:
        return [SelectChoice(one.value, str(one.label)) for one in choices_of_field(definition)]

    if definition.kind == "choices":
        # The other validators look at the first text sent, which may be the empty mark.
        needed = [DataRequired()] if definition.required else []
        return ChoicesField(**{**common, "validators": [*needed, _Fits(definition)]},
                            choices=choices)
    return SelectField(
        **common, choices=lambda: [SelectChoice("", ""), *choices()],
        coerce=lambda value: None if value in (None, "") else value,
    )


def _clean(text: str | None) -> str | None:
    return text.replace("\x00", "").strip() if text else text
