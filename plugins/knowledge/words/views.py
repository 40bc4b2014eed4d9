"""Screen of forbidden words."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.records import RecordOperations
from app.sdk.screens import RecordInterface, RecordView, Section, drawn
from plugins.knowledge.access import WORD
from plugins.knowledge.choices import LANGUAGES
from plugins.knowledge.words.models import ForbiddenWord


class ForbiddenWordOperations(RecordOperations):
    """Operations on forbidden words."""

    required = ("word", "language")


class ForbiddenWordView(RecordView):
    """Words that are not said to customers."""

    datamodel = RecordInterface(ForbiddenWord)
    route_base = "/knowledge/forbidden-words"
    class_permission_name = WORD
    list_title = N_("Forbidden words")
    record_label = N_("Forbidden word")
    icon = "message-off"
    list_columns = ["number", "word", "language", "instead", "reason", "active"]
    filter_columns = ["language", "active"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    import_key = ("word",)
    choices = {"language": drawn(LANGUAGES)}
    label_columns = {"word": N_("Word or phrase"), "language": N_("Language"),
                     "instead": N_("Said instead"), "reason": N_("Reason"),
                     "active": N_("Active")}
    form_sections = (Section(fields=("word", "language", "instead", "reason", "active")),)
