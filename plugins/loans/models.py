"""All tables of the plugin."""

from __future__ import annotations

from plugins.loans.applications.models import (
    Approval,
    ApprovalReader,
    LoanApplication,
    RefusalReason,
)
from plugins.loans.checklist.models import LoanDocument
from plugins.loans.follow_ups.models import FollowUp
from plugins.loans.problems.models import Problem
from plugins.loans.products.models import LoanDocumentKind, LoanProduct, Requirement

MODELS = [LoanDocumentKind, LoanProduct, Requirement, RefusalReason, LoanApplication, Approval,
          ApprovalReader, LoanDocument, FollowUp, Problem]

__all__ = [
    "MODELS",
    "Approval",
    "ApprovalReader",
    "FollowUp",
    "LoanApplication",
    "LoanDocument",
    "LoanDocumentKind",
    "LoanProduct",
    "Problem",
    "RefusalReason",
    "Requirement",
]
