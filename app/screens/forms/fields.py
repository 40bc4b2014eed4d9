"""WTForms fields of generated forms; none of them asks the database to be drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    SelectField,
    SelectFieldBase,
    StringField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput, TextInput

from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.access.sensitive.values import SensitiveValue
from app.forms.choices import SelectChoice
from app.forms.cleaning import in_reach
from app.web.formats import zone
from app.web.input_limits import whole_number

# Behind the name of a field: the hidden one that holds the mask it has shown.
SHOWN_MASK = "__shown"
# Looks up labels of keys: ``lookup(keys) -> {key: label}`` of rows that the caller may choose.
Lookup = Callable[[Iterable[Any]], dict[int, str]]


class MomentField(DateTimeLocalField):
    """A time, typed in the zone of the house and kept as an aware one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed as local time; what was shown and not touched keeps its seconds."""
        kept = self.object_data
        if kept is not None and valuelist == [self._typed(kept)]:
            self.data = kept
            return
        super().process_formdata(valuelist)
        if self.data is None:
            return
        try:
            if not in_reach(self.data):
                raise ValueError(self.data)
            self.data = self.data.replace(tzinfo=zone()).astimezone(dt.UTC)
        except ValueError:
            self.data = None
            raise ValueError(self.gettext("Not a valid datetime value.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        if self.data is None:
            return ""
        return self._typed(self.data)

    @staticmethod
    def _typed(moment: dt.datetime) -> str:
        return moment.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")


class DayField(DateField):
    """A day in a year that everything can handle."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day."""
        super().process_formdata(valuelist)
        if self.data is not None and not in_reach(self.data):
            self.data = None
            raise ValueError(self.gettext("Not a valid date value."))


class RelationField(SelectFieldBase):
    """A select that keeps a key and asks the server for choices while someone types.

    Args:
        lookup: gives labels of keys the caller may choose.
        options_url: gives the address that answers with choices.
        narrowed_by: name of the field whose value narrows the choices; empty without.
    """

    def __init__(
        self, *args: Any, lookup: Lookup, options_url: Callable[[], str], narrowed_by: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lookup = lookup
        self.options_url = options_url
        self.narrowed_by = narrowed_by
        self.known: dict[int, str] = {}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a key; an empty text is nothing."""
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        self.data = whole_number(text)
        if self.data is None:
            raise ValueError(gettext("Choose one from the list."))

    def pre_validate(self, form: Any) -> None:
        """Refuse a key that the caller may not choose."""
        if self.data is None or self.data == self.object_data:
            return
        self.known = self.lookup([self.data])
        if self.data not in self.known:
            raise ValidationError(gettext("Choose one from the list."))

    def chosen(self) -> list[tuple[str, str]]:
        """Return value and label of what is chosen."""
        if self.data is None:
            return []
        label = self.known.get(self.data)
        if label is None:
            label = self.lookup([self.data]).get(self.data, f"#{self.data}")
        return [(str(self.data), label)]


class RelationsField(RelationField):
    """The same for several keys."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read keys; the empty text that marks the field as sent is passed over."""
        keys = [whole_number(text.strip()) for text in valuelist if text.strip()]
        if None in keys:
            raise ValueError(gettext("Choose one from the list."))
        self.data = list(dict.fromkeys(keys))

    def pre_validate(self, form: Any) -> None:
        """Refuse keys that the caller may not choose."""
        new = [key for key in self.data or () if key not in (self.object_data or ())]
        if new:
            self.known = self.lookup(self.data)
            if any(key not in self.known for key in new):
                raise ValidationError(gettext("Choose one from the list."))

    def chosen(self) -> list[tuple[str, str]]:
        """Return values and labels of what is chosen."""
        keys = list(self.data or ())
        if keys and not all(key in self.known for key in keys):
            self.known = self.lookup(keys)
        return [(str(key), self.known.get(key, f"#{key}")) for key in keys]


class NumberedField(Field):
    """A select that keeps the number of a record and asks the server while someone types.

    Args:
        options_url: gives the address that answers with choices.
        name_of: gives how the record with a number is called.
    """

    narrowed_by = ""

    def __init__(
        self, *args: Any, options_url: Callable[[], str], name_of: Callable[[str], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options_url, self._name_of = options_url, name_of

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; an empty text is nothing."""
        self.data = (valuelist[0].replace("\x00", "").strip() if valuelist else "") or None

    def chosen(self) -> list[tuple[str, str]]:
        """Return value and label of what is chosen."""
        return [(self.data, self._name_of(self.data))] if self.data else []


class AttachmentField(SelectField):
    """One of the files that lie on the record; nothing else before ``offer`` says which.

    Attributes:
        upload: address that takes a further file; empty where the caller may not add one.
    """

    upload = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[SelectChoice("", "")], coerce=_key, **kwargs)

    def offer(self, files: Iterable[tuple[int, str]], upload: str) -> None:
        """Say which files lie on the record, by key and name, and where one is added."""
        self.choices = [SelectChoice("", ""), *(SelectChoice(key, name) for key, name in files)]
        self.upload = upload


def _key(value: Any) -> int | None:
    return None if value in (None, "") else whole_number(str(value))


class SensitiveInput(TextInput):
    """A text field that shows the mask, and sends along which mask it has shown."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return the markup."""
        markup = super().__call__(field, **kwargs)
        if not isinstance(field.data, SensitiveValue):
            return markup
        shown = Markup('<input type="hidden" name="{}" value="{}">')
        return markup + shown.format(field.name + SHOWN_MASK, field.data.masked)


class SensitiveField(StringField):
    """A text whose stored value is masked: what is not typed anew is not touched.

    Attributes:
        is_untouched: whether what was sent is the mask that the form had shown.
    """

    widget = SensitiveInput()
    data: str | SensitiveValue | None
    is_untouched = False

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the mask that the form had shown, then the value."""
        self._shown = (formdata.getlist(self.name + SHOWN_MASK) if formdata else [])[:1]
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the stored value where its mask came back; take what was typed otherwise."""
        if not valuelist:
            return
        text = valuelist[0].replace("\x00", "").strip()
        held = self.object_data
        if text and isinstance(held, SensitiveValue) and text in (*self._shown, held.masked):
            self.data, self.is_untouched = held, True
            return
        self.data = text

    def pre_validate(self, form: Any) -> None:
        """Refuse a mask that the form has not shown."""
        if isinstance(self.data, str) and looks_masked(self.data):
            raise ValidationError(gettext(MASK_GIVEN))


class VersionField(Field):
    """The version that the person saw; a hidden number."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else counts as not given."""
        text = valuelist[0] if valuelist else ""
        self.data = whole_number(text)

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)
