"""By which rules suggestions are written."""

from __future__ import annotations

from plugins.enquiries.access import SUGGESTION
from plugins.enquiries.department_reply import DepartmentReplyOperations


class SuggestionOperations(DepartmentReplyOperations):
    """Operations on suggestions."""

    owner_permission = ("can_edit", SUGGESTION)
