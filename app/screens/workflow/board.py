"""The board of records that a workflow drives: a card goes only where a transition leads."""

from __future__ import annotations

from typing import Any

from app.database import db
from app.forms.build import translate
from app.screens.boards.board import Move
from app.web.request import actor
from app.workflow import services as workflow
from app.workflow.engine import Standing


class WorkflowBoard:
    """Columns are states; moving a card is taking a transition, with all that goes with it."""

    board_column = "state"

    def keeps_empty_lane(self, value: str) -> bool:
        """Leave final states out that hold nothing: usually the filters hide what is closed."""
        return not self.shipped().state(value).category.is_final

    def can_move(self) -> bool:
        """Return whether cards can be moved; each card tells by its own transitions."""
        return True

    def moves(self, record: Any) -> list[Move]:
        """Return the transitions that lead to another state, those that may be taken first."""
        if record.workflow_id is None:
            return []
        definition = workflow.workflow_of(db.session, record)
        found = []
        for offer in workflow.offers(db.session, actor(), record):
            target = definition.target_of(offer.transition, record.state)
            if offer.standing is Standing.FORBIDDEN or target == record.state:
                continue
            step = self._offer_of(offer.transition, translate(offer.reason) if offer.reason else "")
            found.append(Move(
                target, self.shipped_label(target), step.label,
                self.url("action_page", pk=record.id, name=step.name),
                dialog=step.needs_dialog, blocked_reason=step.blocked_reason, icon=step.icon,
            ))
        return sorted(found, key=lambda move: bool(move.blocked_reason))
