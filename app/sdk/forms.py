"""Forms with points: definitions, published versions, scores."""

from __future__ import annotations

from app.forms.models import FormDraft, FormVersion
from app.forms.scored import (
    FilledBy,
    Item,
    ItemKind,
    Level,
    Part,
    ScoredForm,
    localised,
)
from app.forms.scoring import (
    UNITS,
    Line,
    Result,
    answer_of_figure,
    clean,
    clean_units,
    open_items,
    rounded,
    score,
    visible,
)
from app.forms.store import PublishedForm, latest, published, ship_form

__all__ = [
    "UNITS",
    "FilledBy",
    "FormDraft",
    "FormVersion",
    "Item",
    "ItemKind",
    "Level",
    "Line",
    "Part",
    "PublishedForm",
    "Result",
    "ScoredForm",
    "answer_of_figure",
    "clean",
    "clean_units",
    "latest",
    "localised",
    "open_items",
    "published",
    "rounded",
    "score",
    "ship_form",
    "visible",
]
