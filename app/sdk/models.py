"""Tables of plugins: base class, mixins and column types."""

from __future__ import annotations

from app.customers.models import Customer, Loan, Vehicle
from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow
from app.people.models import Department, Staff, Team
from app.records.mixin import Record, WorkflowRecord

__all__ = [
    "Base", "BigId", "CodeString", "Customer", "Department", "Json", "Loan", "Record", "Staff",
    "Team", "UTCDateTime", "Vehicle", "WorkflowRecord", "utcnow",
]
