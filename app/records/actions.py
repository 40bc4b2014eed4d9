"""What can be done with a record now, as every way in offers it. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from app.errors import Invalid
from app.forms.cleaning import clean
from app.forms.definition import Form
from app.i18n import Message


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AvailableAction:
    """Something that can be done with a record, or cannot be done now and why.

    Attributes:
        name: identifier, unique for the kind of record.
        label: English message id, an imperative such as ``Assign``.
        icon: name of an icon.
        form: what is asked for, or a call that makes it where reading its choices costs something
            that a page of many actions need not pay; ``None`` asks for nothing.
        outcomes: pairs of value and message id, of which exactly one is chosen.
        comment: whether a comment is asked for.
        confirm: English question that is asked where there is no form.
        permission: pair of permission and view that is needed beside seeing the record.
        blocked: why it cannot be done now; ``None`` where it can.
        primary: whether it is what usually comes next.
        danger: whether it destroys something.
        bulk: whether it is offered for many records at once.
        claims: whether it makes the person the owner of a record that nobody has.
    """

    name: str
    label: str
    icon: str = ""
    form: Form | Callable[[], Form] | None = None
    outcomes: tuple[tuple[str, str], ...] = ()
    comment: bool = False
    confirm: str = ""
    permission: tuple[str, str] | None = None
    blocked: Message | None = None
    primary: bool = False
    danger: bool = False
    bulk: bool = False
    claims: bool = False

    @property
    def asks(self) -> bool:
        """Whether something is asked before it is done."""
        return bool(self.form or self.outcomes or self.comment or self.confirm)

    def made_form(self) -> Form | None:
        """Return the form, made now where it is made by a call."""
        return self.form() if callable(self.form) else self.form


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What came of an action.

    Attributes:
        message: sentence for the person; ``None`` where the label says enough.
        record: another record that it led to, e.g. a copy.
        edits: whether that record's form is opened rather than its page.
    """

    message: Message | None = None
    record: Any | None = None
    edits: bool = False


def cleaned_values(action: AvailableAction, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values with those of an action's form in their right types.

    Args:
        action: with or without a form.
        values: what was filled in.

    Raises:
        Invalid: a value is missing or wrong.
    """
    form = action.made_form()
    if form is None:
        return values
    cleaned, errors = clean(form, values)
    if errors:
        raise Invalid(errors)
    return {**values, **cleaned}
