"""The checklist of an observer: a form with points, which an admin changes in the form builder."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.forms import (
    MOST_FILES,
    PASSWORD,
    UNITS,
    FilledBy,
    FormDraft,
    Item,
    ItemKind,
    Level,
    Part,
    PublishedForm,
    ScoredForm,
    Signer,
    answered,
    latest,
    localised,
    open_items,
    ship_form,
    signature_items,
    visible,
)
from app.sdk.models import File
from app.sdk.workflow import Choice, Condition, Field, Form, Kind, Message, Op

CHECKLIST = "training.drill"
_WORDS = (("A", "Done", "做到"), ("B", "In part", "部分做到"), ("C", "Not done", "未做到"))


def _item(name: str, english: str, chinese: str, weight: int) -> Item:
    points = (weight, weight // 2, 0)
    return Item(name, ItemKind.LEVELS, english, chinese, weight=Decimal(weight), levels=tuple(
        Level(code, Decimal(worth), text, text_zh)
        for (code, text, text_zh), worth in zip(_WORDS, points, strict=True)))


FORM = ScoredForm("Checklist for drills", "演练观察表", (
    Part("Conversation", "沟通", (
        _item("greeting", "Greets and says who is calling", "规范问候并自报身份", 10),
        _item("identity", "Checks who is on the line before naming data",
              "核对客户身份后再谈及信息", 20),
        _item("listening", "Listens, and does not interrupt", "耐心倾听，不打断客户", 15),
        _item("closing", "Sums up and says what comes next", "复述要点并告知后续安排", 15))),
    Part("Matter", "业务", (
        _item("script", "Keeps to the script in order", "按话术完成各环节", 20),
        _item("answers", "Answers are right and promise nothing untoward",
              "解答准确，无违规承诺", 20))),
    Part("In words", "文字说明", (
        Item("advice", ItemKind.TEXT, "What to practise next", "改进建议"),))))


def load(session: Session) -> None:
    """Add the checklist where it is not there yet."""
    ship_form(session, CHECKLIST, FORM)


def checklist(session: Session) -> PublishedForm | None:
    """Return the checklist that is in force, or ``None`` where none is published."""
    key = session.scalar(select(FormDraft.id).where(FormDraft.code == CHECKLIST))
    return None if key is None else latest(session, key)


def observed_items(form: ScoredForm) -> list[Item]:
    """Return the items that an observer answers: all but what the learner signs."""
    return [item for item in form.items if item not in learners_signatures(form)]


def learners_signatures(form: ScoredForm) -> list[Item]:
    """Return the signatures that the learner gives, after the drill has been observed."""
    return [item for item in signature_items(form) if item.filled_by is FilledBy.SUBJECT]


def asked(form: ScoredForm, items: Iterable[Item], language: str) -> Form:
    """Return items of a checklist as the dialog of a step.

    Args:
        form: a published form.
        items: those that the person answers.
        language: ``zh`` or ``en``; its texts are written by people, in both.
    """
    fields = list[Field]()
    for item in items:
        fields.append(_field(item, language))
        if item.counts_units and item.levels:
            fields.append(dataclasses.replace(
                _NUMBER, name=item.name + UNITS, visible_when=fields[-1].visible_when,
                label=item.text(language, "unit") or item.text(language)))
    names = {one.name for one in fields}
    return Form.of("observe", *(
        one if one.visible_when is None or one.visible_when.field in names
        else dataclasses.replace(one, visible_when=None) for one in fields),
        title=N_("Go through the checklist"))


_NUMBER = Field("number", Kind.DECIMAL, N_("Number"), places=4)
_KINDS: Mapping[ItemKind, Field] = {
    ItemKind.DATE: Field("date", Kind.DATE, N_("Date")),
    ItemKind.FILE: Field("files", Kind.FILE, N_("Files"), maximum=MOST_FILES),
    ItemKind.NUMBER: _NUMBER, ItemKind.PER_UNIT: _NUMBER, ItemKind.METRIC: _NUMBER,
    ItemKind.SIGNATURE: Field("signature", Kind.SIGNATURE, N_("Signature")),
    ItemKind.TEXT: Field("text", Kind.LONG_TEXT, N_("Text"), length=2000),
}


def _field(item: Item, language: str) -> Field:
    when = Condition(item.shown_item, Op.EQUALS, item.shown_code) if item.shown_item else None
    texts: dict[str, Any] = {"label": item.text(language), "help": item.text(language, "help"),
                             "visible_when": when}
    if item.kind is ItemKind.SIGNATURE:
        # The password is asked for; whether it must be is said by ``read``, which knows who signs.
        return dataclasses.replace(_KINDS[item.kind], name=item.name + PASSWORD, **texts)
    texts["required"] = item.required or item.is_scored
    if item.levels:
        return Field(item.name, Kind.CHOICE, choices=tuple(
            Choice(level.code, f"{level.code} {localised(level, 'text', language)}")
            for level in item.levels), **texts)
    return dataclasses.replace(_KINDS[item.kind], name=item.name, **texts)


def read(
    form: ScoredForm, items: Collection[Item], held: Mapping[str, Any],
    values: Mapping[str, Any], signer: Signer, files: Iterable[File],
) -> dict[str, Any]:
    """Return the answers after a dialog, of the items that are asked.

    Args:
        form: the checklist.
        items: those that the person answers.
        held: the answers so far.
        values: what was typed and chosen, passwords already checked.
        signer: who answers.
        files: the files on the drill.

    Raises:
        Invalid: an answer does not fit its item, or one is missing.
    """
    found = answered(form, items, held, values, signer, files)
    errors = dict(found.errors)
    errors |= {item.name: Message(N_("This must be filled in."))
               for item in open_items(form, found.answers)
               if item in items and item.name not in errors}
    if errors:
        signed = {item.name for item in signature_items(form)}
        raise Invalid({name + PASSWORD if name in signed else name: error
                       for name, error in errors.items()})
    shown = {item.name for item in visible(form, found.answers)}
    return {name: held for name, held in found.answers.items()
            if name.removesuffix(UNITS) in shown}
