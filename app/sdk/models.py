"""Tables of plugins: base class, mixins and column types."""

from __future__ import annotations

from app.access.scope_tables import ScopeRoles, ScopeTable
from app.access.sensitive.columns import Sensitive
from app.customers.event_models import CustomerEvent
from app.customers.models import Customer, Investment, Loan, Vehicle
from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow
from app.dictionary_columns import Dictionary
from app.people.models import Branch, Department, Post, PostHolder, Staff, Team
from app.records.custom_fields.columns import AttachedFile, RecordNumber, SeveralChoices
from app.records.indexes import list_index, unplaced_index
from app.records.mixin import OfBranch, Record, SharedRecord, WorkflowRecord
from app.records.models import Comment, File
from app.records.personal import Personal

__all__ = [
    "AttachedFile", "Base", "BigId", "Branch", "CodeString", "Comment", "Customer", "CustomerEvent",
    "Department", "Dictionary", "File",
    "Investment", "Json", "Loan", "OfBranch", "Personal", "Post", "PostHolder", "Record",
    "RecordNumber", "ScopeRoles", "ScopeTable", "Sensitive", "SeveralChoices", "SharedRecord",
    "Staff", "Team", "UTCDateTime", "Vehicle", "WorkflowRecord",
    "list_index", "unplaced_index", "utcnow",
]
