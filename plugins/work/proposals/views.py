"""Screen and REST API of staff proposals."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordInterface,
    SavedList,
    Section,
    WorkflowView,
    drawn,
)
from plugins.work.access import PROPOSAL
from plugins.work.choices import DECISION_TONES, DECISIONS
from plugins.work.proposals.models import Proposal

_TEXTS = ("situation", "proposal", "expected_effect")


class ProposalView(WorkflowView):
    """Staff proposals, from the idea to its effect."""

    datamodel = RecordInterface(Proposal)
    route_base = "/work/proposals"
    class_permission_name = PROPOSAL
    list_title = N_("Staff proposals")
    record_label = N_("Staff proposal")
    icon = "bulb"
    list_columns = ["number", "subject", "proposer", "state", "owner", "due_on", "reward_points",
                    "submitted_at"]
    list_choice = ["decision", "decided_at", "decided_by", "carried_out_at", "team", "department"]
    filter_columns = ["state", "is_open", "proposer", "owner", "team", "department", "decision",
                      "submitted_at", "decided_at", "due_on", "carried_out_at"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="open", title=N_("Open"), sort="-submitted_at",
                  filters={"is_open__is": ["true"]}),
        SavedList(name="proposed", title=N_("Proposed by me"), sort="-submitted_at",
                  filters={"proposer__in": ["me"]}),
        SavedList(name="mine", title=N_("To be carried out by me"), sort="due_on",
                  filters={"is_open__is": ["true"], "owner__in": ["me"]}),
        SavedList(name="overdue", title=N_("Overdue"), sort="due_on",
                  filters={"state__in": ["to_carry_out"], "due_on__period": ["past"]}),
    )
    # Who carries a proposal out is said when it is adopted, and changed by an action.
    assignable = False
    is_importable = False
    calendar_column = "due_on"
    default_sort = "-submitted_at"
    choices = {"decision": drawn(DECISIONS, DECISION_TONES)}
    label_columns = {
        "subject": N_("Subject"), "situation": N_("Present situation"), "proposal": N_("Proposal"),
        "expected_effect": N_("Expected effect"), "proposer": N_("Proposer"),
        "owner": N_("Responsible person"), "submitted_at": N_("Submitted at"),
        "decision": N_("Decision on it"), "decided_at": N_("Decided at"),
        "decided_by": N_("Decided by"),
        "reason": N_("Reason or remark"), "due_on": N_("Due on"),
        "reward_points": N_("Reward points"), "carried_out": N_("What has been done"),
        "carried_out_at": N_("Carried out at"), "effect": N_("Effect"), "is_open": N_("Open"),
        "reminded_on": N_("Reminded on"),
    }
    add_columns = ["subject", *_TEXTS]
    edit_columns = ["subject", *_TEXTS]
    form_sections = (Section(fields=("subject", *_TEXTS), wide=("subject", *_TEXTS)),)
    show_sections = (
        Section(fields=("proposer", "submitted_at", *_TEXTS), wide=_TEXTS),
        Section(title=N_("Decision on it"), fields=("decision", "decided_by", "decided_at",
                                              "reward_points", "reason"), wide=("reason",)),
        Section(title=N_("Carrying out"), fields=("owner", "due_on", "carried_out_at",
                                                  "carried_out", "effect"),
                wide=("carried_out", "effect")),
    )


class ProposalApi(RecordApi):
    """Staff proposals over REST."""

    datamodel = RecordInterface(Proposal)
    resource_name = "work_proposals"
    class_permission_name = PROPOSAL
    list_columns = ["id", "number", "subject", "proposer", "state", "decision", "owner", "due_on",
                    "reward_points", "submitted_at"]
    show_columns = [*list_columns, *_TEXTS, "reason", "carried_out", "effect", "version"]
    add_columns = ["subject", *_TEXTS]
    edit_columns = ["subject", *_TEXTS]
