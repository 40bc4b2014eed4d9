"""Taking back a single step, offered on the page where it was taken."""

from __future__ import annotations

from typing import Any

from app.access.models import AuditEntry
from app.database import db
from app.screens.bulk.undo import UndoPage
from app.workflow.step_undo import undo_refusal


class StepUndoPage(UndoPage):
    """The undo of bulk work, and of a step that was taken with one record."""

    def _may_undo(self, record: Any, entry: AuditEntry) -> bool:
        return undo_refusal(db.session, record, entry) is None
