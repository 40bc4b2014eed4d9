"""Screen and REST API of drills."""

from __future__ import annotations

from typing import Any

from app.sdk import N_
from app.sdk.forms import published
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    RecordPage,
    RecordView,
    SavedList,
    Section,
    drawn,
    page_language,
)
from app.sdk.services import db
from plugins.training.access import DRILL
from plugins.training.choices import DRILL_METHODS
from plugins.training.drills.models import Drill


class DrillPage(RecordPage):
    """The page of a drill, with what the observer has seen."""

    def context(self, record: Drill) -> dict[str, Any]:
        """Add the checklist as it was answered."""
        if record.checklist_id is None:
            return {"checklist": None}
        return {"checklist": published(db.session, record.checklist_id).form,
                "language": page_language()}


class DrillView(RecordView):
    """Drills: one's own, those one observes, and those of one's people."""

    datamodel = RecordInterface(Drill)
    route_base = "/training/drills"
    class_permission_name = DRILL
    list_title = N_("Drills")
    record_label = N_("Drill")
    icon = "microphone"
    list_columns = ["number", "subject", "owner", "method", "observer", "held_on", "points"]
    list_choice = ["observed_at", "session", "team", "department"]
    filter_columns = ["owner", "observer", "method", "session", "held_on", "observed_at",
                      "points", "team", "department"]
    saved_views = (
        SavedList(name="to_observe", title=N_("To be observed by me"), sort="held_on",
                  filters={"observer__in": ["me"], "observed_at__empty": ["1"]}),
    )
    plain_title = N_("All")
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = "held_on"
    default_sort = "-held_on"
    choices = {"method": drawn(DRILL_METHODS)}
    label_columns = {
        "subject": N_("What is practised"), "owner": N_("Learner"), "method": N_("Method"),
        "observer": N_("Observer"), "session": N_("Training session"), "held_on": N_("Held on"),
        "points": N_("Points"), "observed_at": N_("Observed at"), "remark": N_("Remark"),
        "team": N_("Team"), "department": N_("Department"), "checklist_id": N_("Checklist"),
    }
    description_columns = {
        "observer": N_("Left empty, whoever enters it."),
        "subject": N_("A script is linked on the page of the drill, or by the button on its own "
                      "page."),
    }
    form_sections = (Section(fields=("subject", "owner", "method", "observer", "held_on",
                                     "session", "remark"), wide=("subject", "remark")),)
    show_sections = (Section(fields=("owner", "method", "observer", "held_on", "session",
                                     "points", "observed_at", "remark"), wide=("remark",)),)
    show_template = "training/drill.html"
    record_page = DrillPage


class DrillApi(RecordApi):
    """Drills over REST; the checklist through ``POST …/<id>/actions/observe``."""

    datamodel = RecordInterface(Drill)
    resource_name = "training_drills"
    class_permission_name = DRILL
    list_columns = ["id", "number", "subject", "owner", "method", "observer", "held_on",
                    "points", "observed_at"]
    show_columns = [*list_columns, "session", "remark", "version"]
    add_columns = ["subject", "owner", "method", "observer", "held_on", "session", "remark"]
    edit_columns = add_columns
