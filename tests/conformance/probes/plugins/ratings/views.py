"""The screen and the REST API of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.ratings.models import Rating
from plugins.ratings.operations import VIEW
from plugins.ratings.questions import form_in_force

from app.sdk import N_
from app.sdk.forms import (
    Item,
    ItemKind,
    ScoredForm,
    localised,
    open_items,
    published,
    visible,
)
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    Section,
    drawn,
    page_language,
)
from app.sdk.services import db

KINDS = (("survey", N_("Survey")), ("inspection", N_("Inspection")))


class RatingPage(RecordPage):
    """The page of a rating, with what was asked and answered."""

    def context(self, record: Rating) -> dict[str, Any]:
        """Add the questions of the version that was answered, or of the one in force."""
        found = form_in_force(db.session, record.kind) if record.version_id is None else (
            published(db.session, record.version_id))
        form = found.form if found is not None else ScoredForm()
        return {"lines": [(item.text(page_language()), _in_words(item, record.answers))
                          for item in visible(form, record.answers)],
                "open": len(open_items(form, record.answers))}


def _in_words(item: Item, answers: Mapping[str, Any]) -> str:
    level = item.level(str(answers.get(item.name)))
    if level is not None:
        return localised(level, "text", page_language())
    return str(answers.get(item.name) or "") if item.kind is ItemKind.TEXT else ""


class RatingView(RecordView):
    """Ratings."""

    datamodel = RecordInterface(Rating)
    route_base = "/ratings"
    class_permission_name = VIEW
    list_title = N_("Ratings")
    record_label = N_("Rating")
    list_columns = ["number", "subject", "kind", "customer", "owner", "points", "answered_at"]
    choices = {"kind": drawn(KINDS)}
    label_columns = {"subject": N_("Subject"), "kind": N_("Kind"), "points": N_("Points"),
                     "answered_at": N_("Answered at")}
    show_template = "ratings/rating.html"
    record_page = RatingPage
    form_sections = (Section(fields=("subject", "kind", "customer")),)
    show_sections = (Section(fields=("kind", "customer", "owner", "points", "answered_at")),)


class RatingApi(RecordApi):
    """Ratings over REST; the questions through ``POST …/<id>/actions/answer``."""

    datamodel = RecordInterface(Rating)
    resource_name = "ratings"
    class_permission_name = VIEW
    list_columns = ["id", "number", "subject", "kind", "points"]
    show_columns = [*list_columns, "version"]
    add_columns = ["subject", "kind", "customer"]
    edit_columns = add_columns
