"""Forms with points: definitions, published versions, scores."""

from __future__ import annotations

from app.forms.cleaning import clean_field
from app.forms.item_dialog import dialog, read_dialog
from app.forms.item_fields import MOST_FILES, UNITS
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
    Line,
    Result,
    answer_of_figure,
    is_shown,
    open_items,
    read_item,
    rounded,
    score,
    visible,
)
from app.forms.signing import (
    PASSWORD,
    VOID,
    Signer,
    answered,
    signature_items,
    signed_items,
    without_broken,
)
from app.forms.store import PublishedForm, latest, published, ship_form

__all__ = [
    "MOST_FILES",
    "PASSWORD",
    "UNITS",
    "VOID",
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
    "Signer",
    "answer_of_figure",
    "answered",
    "clean_field",
    "dialog",
    "is_shown",
    "latest",
    "localised",
    "open_items",
    "published",
    "read_dialog",
    "read_item",
    "rounded",
    "score",
    "ship_form",
    "signature_items",
    "signed_items",
    "visible",
    "without_broken",
]
