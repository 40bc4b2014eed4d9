"""Screen of problems with approvers."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import RecordInterface, SavedList, Section, WorkflowView
from plugins.loans.access import PROBLEM
from plugins.loans.problems.models import Problem


class ProblemView(WorkflowView):
    """Problems with approvers, until they are solved."""

    datamodel = RecordInterface(Problem)
    route_base = "/loan-problems"
    class_permission_name = PROBLEM
    list_title = N_("Problems with approvers")
    record_label = N_("Problem with approvers")
    icon = "alert-circle"
    list_columns = ["number", "subject", "application", "state", "owner", "due_on"]
    filter_columns = ["state", "is_open", "owner", "team", "department", "due_on", "application"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="open", title=N_("To be solved"), sort="due_on",
                  filters={"is_open__is": ["true"]}),
        SavedList(name="mine", title=N_("Mine"), sort="due_on",
                  filters={"is_open__is": ["true"], "owner__in": ["me"]}),
        SavedList(name="overdue", title=N_("Overdue"), sort="due_on",
                  filters={"is_open__is": ["true"], "due_on__period": ["past"]}),
    )
    is_importable = False
    calendar_column = "due_on"
    default_sort = "due_on"
    prefill_columns = ["application"]
    label_columns = {
        "subject": N_("Subject"), "description": N_("What stands in the way"),
        "application": N_("Loan application"), "owner": N_("Who sees to it"),
        "due_on": N_("Due on"), "solution": N_("Solution"), "is_open": N_("Open"),
        "reminded_on": N_("Reminded on"),
    }
    form_sections = (
        Section(fields=("application", "subject", "owner", "due_on", "description"),
                wide=("description",)),)
    show_sections = (
        Section(fields=("application", "subject", "owner", "due_on", "reminded_on",
                        "description", "solution"), wide=("description", "solution")),)
