"""Fields of forms that are made from definitions of custom fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from app.access.sensitive.values import SensitiveValue
from app.forms.build import translate
from app.forms.choices import Choice, SelectChoice
from app.forms.yes_no import YesNoField
from app.records.custom_fields.cleaning import LONGEST, BadValue
from app.records.custom_fields.definitions import (
    CHOICE_KINDS,
    FILE,
    RECORD,
    CustomField,
)
from app.screens.columns.custom_fields import localised, offered_choices
from app.screens.forms.fields import AttachmentField, NumberedField, SensitiveField
from app.screens.query.numbered_records import name_of_numbered, numbered_choices_url

_LONGEST_VALUE = 40
_INPUTS = {"phone": "tel"}


class ChoicesField(SelectMultipleField):
    """Several choices; the empty text that marks the field as sent is passed over."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the chosen values."""
        super().process_formdata([value for value in valuelist if value])


class SensitiveSelectField(SelectField):
    """One choice of which the stored one is masked: what is not chosen anew is not touched.

    Attributes:
        is_untouched: whether the mask that the form had shown came back.
    """

    is_untouched = False

    def process_data(self, value: Any) -> None:
        """Hold the mask in the place of the stored value: the page must not tell the choice."""
        super().process_data(value.masked if isinstance(value, SensitiveValue) else value)

    @property
    def _mask(self) -> str:
        held = self.object_data
        return held.masked if isinstance(held, SensitiveValue) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Note whether the mask came back; take what was chosen otherwise."""
        super().process_formdata(valuelist)
        self.is_untouched = bool(self._mask) and self.data == self._mask

    def iter_choices(self) -> Any:
        """Yield the choices, after the mask of what is stored."""
        if self._mask:
            yield Choice(self._mask, self._mask, self.data == self._mask, {})
        yield from super().iter_choices()

    def pre_validate(self, form: Any) -> None:
        """Take what is stored as it is."""
        if not self.is_untouched:
            super().pre_validate(form)


class _Fits:
    """Validator: the definition itself decides, as it does in the service."""

    def __init__(self, field: CustomField) -> None:
        self._field = field

    def __call__(self, _form: Any, field: Field) -> None:
        try:
            self._field.clean(field.data)
        except BadValue as error:
            raise ValidationError(translate(error.message)) from error


def custom_form_field(
    definition: CustomField, *, label: Any = None, description: Any = "", own: Sequence[Any] = ()
) -> Any:
    """Return the WTForms field of a custom field, or of a column like one.

    Args:
        definition: the field.
        label: of a column, which the screen gives.
        description: likewise.
        own: further validators, likewise.
    """
    common = _common(definition) if label is None else {"label": label, "description": description}
    common["validators"] = [
        InputRequired() if definition.required else Optional(), _Fits(definition), *own]
    kind = definition.kind
    if definition.sensitive and kind not in CHOICE_KINDS:
        return _masked_field(definition, common)
    if kind == "boolean":
        return YesNoField(**common)
    if kind in ("number", "money"):
        return DecimalField(**common, places=None, render_kw={"inputmode": "decimal"})
    if kind == "date":
        return DateField(**common)
    if kind == FILE:
        return AttachmentField(**common)
    if kind == RECORD:
        return NumberedField(
            **common, options_url=lambda: numbered_choices_url(definition.target),
            name_of=lambda number: name_of_numbered(definition.target, number))
    if kind in ("choice", "choices"):
        return _choosing_field(definition, common)
    most = LONGEST[kind]
    common["validators"].append(Length(max=most))
    common["filters"] = [_clean]
    if kind == "long_text":
        return TextAreaField(**common, render_kw={"rows": 4, "maxlength": most})
    return StringField(**common, render_kw={"maxlength": most})


def _common(definition: CustomField) -> dict[str, Any]:
    return {
        "label": localised(definition.label, definition.label_zh),
        "description": localised(definition.help, definition.help_zh)
        if definition.help or definition.help_zh else "",
    }


def _masked_field(definition: CustomField, common: dict[str, Any]) -> Any:
    most = LONGEST.get(definition.kind, _LONGEST_VALUE)
    common["validators"].append(Length(max=most))
    attributes = {"autocomplete": "off", "maxlength": most, "type": _INPUTS.get(
        definition.kind, "text")}
    if definition.kind in ("number", "money"):
        attributes["inputmode"] = "decimal"
    if definition.kind == "date":
        attributes["placeholder"] = "2026-11-22"
    return SensitiveField(**common, render_kw=attributes)


def _choosing_field(definition: CustomField, common: Mapping[str, Any]) -> Any:
    def choices() -> list[Any]:
        return [SelectChoice(one.value, str(one.label)) for one in offered_choices(definition)]

    if definition.kind == "choices":
        # The other validators look at the first text sent, which may be the empty mark.
        needed = [DataRequired()] if definition.required else []
        return ChoicesField(**{**common, "validators": [*needed, *common["validators"][1:]]},
                            choices=choices)
    kind = SensitiveSelectField if definition.sensitive else SelectField
    return kind(
        **common, choices=lambda: [SelectChoice("", ""), *choices()],
        coerce=lambda value: None if value in (None, "") else value,
    )


def _clean(text: str | None) -> str | None:
    return text.replace("\x00", "").strip() if text else text
