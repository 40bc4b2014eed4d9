"""The questions to begin with; an admin changes them in the form builder."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.forms import (
    MOST_FILES,
    FormDraft,
    Item,
    ItemKind,
    Level,
    Part,
    PublishedForm,
    ScoredForm,
    latest,
    ship_form,
)

_ANSWERS = (Level("A", Decimal(100), "Satisfied", "满意"),
            Level("B", Decimal(60), "Fair", "一般"),
            Level("C", Decimal(0), "Dissatisfied", "不满意"))
_SEEN = (Level("A", Decimal(50), "In order", "符合"),
         Level("B", Decimal(0), "Not in order", "不符合"))
FORMS = {
    "survey": ScoredForm("Survey of service", "服务满意度调查", (Part("Service", "服务", (
        Item("service", ItemKind.LEVELS, "How was the service?", "您对服务是否满意？",
             weight=Decimal(100), levels=_ANSWERS),
        Item("why", ItemKind.TEXT, "What was wrong?", "哪里不满意？", required=True,
             shown_item="service", shown_code="C"))),)),
    "inspection": ScoredForm("Inspection of a showroom", "展厅检查", (Part("5S", "5S", (
        Item("floor", ItemKind.LEVELS, "Floor and tables", "地面与桌面", weight=Decimal(50),
             levels=_SEEN),
        Item("badges", ItemKind.LEVELS, "Dress and badges", "着装与工牌", weight=Decimal(50),
             levels=_SEEN),
        Item("pictures", ItemKind.FILE, "Pictures", "照片",
             help=f"At most {MOST_FILES}.", help_zh=f"最多 {MOST_FILES} 张。"),
        Item("inspector", ItemKind.SIGNATURE, "Inspector", "检查人", required=True,
             help="I have seen it myself.", help_zh="以上由本人现场检查。"))),)),
}


def load(session: Session) -> None:
    """Add the forms that are not there yet."""
    for kind, form in FORMS.items():
        ship_form(session, f"ratings.{kind}", form)


def form_in_force(session: Session, kind: str) -> PublishedForm | None:
    """Return the published version of a kind of rating, or ``None``."""
    key = session.scalar(select(FormDraft.id).where(FormDraft.code == f"ratings.{kind}"))
    return None if key is None else latest(session, key)
