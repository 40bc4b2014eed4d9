"""Items of a form with points as one dialog: what is asked, and how it is read. Pure.

For drills, inspections, surveys and whatever else is answered in one go, as the form of a step.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.errors import Invalid
from app.forms.definition import Field, Form
from app.forms.item_fields import UNITS, field_of, units_field
from app.forms.scored import Item, ItemKind, ScoredForm
from app.forms.scoring import Attached, open_items, visible
from app.forms.signing import PASSWORD, Signer, answered, signature_items
from app.i18n import N_, Message


def dialog(items: Iterable[Item], language: str, name: str, title: str) -> Form:
    """Return items as a form.

    An item that depends on one that is not asked here is always shown.

    Args:
        items: those that the person answers.
        language: ``zh`` or ``en``; the texts of items are written by people, in both.
        name: lower-case identifier of the form.
        title: English message id.
    """
    fields = list[Field]()
    for item in items:
        one = field_of(item, language)
        if item.kind is ItemKind.SIGNATURE:
            one = dataclasses.replace(one, name=item.name + PASSWORD)
        fields.append(one)
        if item.counts_units and item.levels:
            fields.append(dataclasses.replace(
                units_field(item, language), visible_when=one.visible_when))
    names = {one.name for one in fields}
    return Form.of(name, *(
        one if one.visible_when is None or one.visible_when.field in names
        else dataclasses.replace(one, visible_when=None) for one in fields), title=title)


def read_dialog(
    form: ScoredForm, items: Collection[Item], held: Mapping[str, Any],
    values: Mapping[str, Any], signer: Signer, files: Iterable[Attached] = (),
) -> dict[str, Any]:
    """Return the answers after a dialog, without those to items that are hidden.

    Args:
        form: a published form.
        items: those that the person answers.
        held: the answers so far.
        values: what was typed and chosen, passwords already checked.
        signer: who answers.
        files: the files on the record; no other is taken.

    Raises:
        Invalid: an answer does not fit its item, or one is missing.
    """
    found = answered(form, items, held, values, signer, files)
    errors = dict(found.errors)
    errors |= {item.name: Message(N_("This field is required."))
               for item in open_items(form, found.answers)
               if item in items and item.name not in errors}
    if errors:
        signed = {item.name for item in signature_items(form)}
        raise Invalid({name + PASSWORD if name in signed else name: error
                       for name, error in errors.items()})
    shown = {item.name for item in visible(form, found.answers)}
    return {name: answer for name, answer in found.answers.items()
            if name.removesuffix(UNITS) in shown}
