"""The checklist of an observer: a form with points, which an admin changes in the form builder."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.forms import (
    FormDraft,
    Item,
    ItemKind,
    Level,
    Part,
    PublishedForm,
    ScoredForm,
    clean,
    latest,
    localised,
    open_items,
    ship_form,
    visible,
)
from app.sdk.workflow import Choice, Field, Form, Kind, Message

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


def asked(form: ScoredForm, language: str) -> Form:
    """Return a checklist as the dialog of a step.

    Args:
        form: a published form.
        language: ``zh`` or ``en``; its texts are written by people, in both.
    """
    fields = []
    for item in form.items:
        label = item.text(language)
        # What depends on another answer is asked for by ``read``, which knows that answer.
        is_needed = (item.required or item.is_scored) and not item.shown_item
        if item.levels:
            fields.append(Field(item.name, Kind.CHOICE, label, is_needed, choices=tuple(
                Choice(level.code, f"{level.code} {localised(level, 'text', language)}")
                for level in item.levels)))
        else:
            fields.append(Field(item.name, Kind.LONG_TEXT, label, is_needed, length=2000))
    return Form.of("observe", *fields, title=N_("Go through the checklist"))


def read(form: ScoredForm, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what was answered in the dialog, by item, of the items that are asked.

    Args:
        form: the checklist.
        values: what was typed and chosen.

    Raises:
        Invalid: an answer does not fit its item, or one is missing.
    """
    cleaned = {item.name: clean(item, values.get(item.name)) for item in form.items}
    errors = {name: error for name, (_, error) in cleaned.items() if error is not None}
    answers = {name: text for name, (text, _) in cleaned.items()}
    errors |= {item.name: Message(N_("This must be filled in."))
               for item in open_items(form, answers) if item.name not in errors}
    if errors:
        raise Invalid(errors)
    return {item.name: answers[item.name] for item in visible(form, answers)}
