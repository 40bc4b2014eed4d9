"""Names under which rights of the plugin are granted."""

from __future__ import annotations

APPLICATION = "loans.Application"
PRODUCT = "loans.Product"
REQUIREMENT = "loans.Requirement"
REASON = "loans.RefusalReason"
DOCUMENT_KIND = "loans.DocumentKind"
PROBLEM = "loans.Problem"

MAY_EDIT = ("can_edit", APPLICATION)
MAY_REVIEW = ("can_review", APPLICATION)
MAY_APPROVE = ("can_approve", APPLICATION)
