"""The checklist of an observer: a form with points, which an admin changes in the form builder."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.forms import (
    FilledBy,
    FormDraft,
    Item,
    ItemKind,
    Level,
    Part,
    PublishedForm,
    ScoredForm,
    latest,
    ship_form,
    signature_items,
)

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
