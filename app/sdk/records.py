"""Operations of kinds of record, the one way in for every change; records of others by name."""

from __future__ import annotations

from app.collaboration.links import LinkedRecord, link, links_of, unlink
from app.collaboration.references import (
    RecordSummary,
    address_of,
    get,
    of_customer,
    path_to,
    summaries,
    summary,
)
from app.records.actions import AvailableAction, Done
from app.records.assignment import assignment_refusal
from app.records.changes import Changes, waiting_of
from app.records.made_by_product import MadeByProduct
from app.records.operations import Operations, operations_of
from app.records.record_operations import RecordOperations, changed_together, made_together
from app.records.services import act, actions, create, delete, restore, update
from app.records.values import held_value, is_empty
from app.workflow.operations import WorkflowOperations

__all__ = [
    "AvailableAction",
    "Changes",
    "Done",
    "LinkedRecord",
    "MadeByProduct",
    "Operations",
    "RecordOperations",
    "RecordSummary",
    "WorkflowOperations",
    "act",
    "actions",
    "address_of",
    "assignment_refusal",
    "changed_together",
    "create",
    "delete",
    "get",
    "held_value",
    "is_empty",
    "link",
    "links_of",
    "made_together",
    "of_customer",
    "operations_of",
    "path_to",
    "restore",
    "summaries",
    "summary",
    "unlink",
    "update",
    "waiting_of",
]
