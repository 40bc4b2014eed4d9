"""Screen of gaps."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, SavedList, Section, drawn
from plugins.knowledge.access import GAP
from plugins.knowledge.choices import GAP_DISMISSED, GAP_FILLED, GAP_OPEN, GAP_STATES
from plugins.knowledge.gaps.models import Gap

_TONES = {GAP_OPEN: ("warn", "help"), GAP_FILLED: ("good", "circle-check"),
          GAP_DISMISSED: ("still", "circle-x")}


class GapView(RecordView):
    """Questions that nobody found an answer to."""

    datamodel = RecordInterface(Gap)
    route_base = "/knowledge/gaps"
    class_permission_name = GAP
    base_permissions = ["can_list", "can_show", "can_edit", "can_delete", "can_export",
                        "can_comment"]
    list_title = N_("Gaps")
    record_label = N_("Gap")
    icon = "help-off"
    # The article is a link of the record: who may not read it, learns nothing of it.
    list_columns = ["number", "question", "times", "last_at", "status"]
    filter_columns = ["status", "owner", "last_at", "created_at"]
    default_filters = {"status__in": [GAP_OPEN]}
    plain_title = N_("No answer yet")
    saved_views = (
        SavedList(name="settled", title=N_("Settled"),
                  filters={"status__in": [GAP_FILLED, GAP_DISMISSED]}),)
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    default_sort = "-times"
    choices = {"status": drawn(GAP_STATES, _TONES)}
    label_columns = {"question": N_("What was asked"), "times": N_("Times asked"),
                     "last_at": N_("Asked last"), "status": N_("Answer"),
                     "article": N_("Article"), "asked_on": N_("Asked on the form of"),
                     "digest": N_("Fingerprint")}
    form_sections = (Section(fields=("question",)),)
    show_sections = (Section(fields=("question", "times", "last_at", "status", "asked_on"),
                             wide=("question",)),)
