"""The board of records that a workflow drives: a card goes only where a transition leads."""

from __future__ import annotations

from typing import Any

from app.database import db
from app.screens.boards.board import CardMove
from app.screens.boards.page import BoardPage
from app.screens.bulk.record_actions import RecordActions
from app.screens.columns.cells import choice_of
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.lists.reader import ListReader
from app.screens.screen import Screen
from app.web.texts import translated
from app.workflow import services as workflow
from app.workflow.operations import workflow_operations


class WorkflowBoardPage(BoardPage):
    """Columns are states; moving a card is taking a transition, with all that goes with it.

    Args:
        screen: the screen.
        extra_columns: knows the badge of the deadline.
        list_reader: reads the address.
        record_actions: the transitions that are offered.
    """

    def __init__(
        self, screen: Screen, extra_columns: ExtraColumns, list_reader: ListReader,
        record_actions: RecordActions,
    ) -> None:
        super().__init__(screen, extra_columns, list_reader)
        self._actions = record_actions

    def keeps_empty_lane(self, value: str) -> bool:
        """Leave final states out that hold nothing: usually the filters hide what is closed."""
        return not workflow_operations(self.screen.model).shipped.state(value).category.is_final

    def can_move(self) -> bool:
        """Return whether cards can be moved; each card tells by its own transitions."""
        return True

    def moves(self, record: Any) -> list[CardMove]:
        """Return the transitions that lead to another state, those that may be taken first."""
        if record.workflow_id is None:
            return []
        definition = workflow.workflow_of(db.session, record)
        transitions = {one.name: one for one in definition.transitions}
        states = self.screen.choices_of("state")
        found = []
        for step in self._actions.offers(record):
            transition = transitions.get(step.name)
            if transition is None:
                continue
            target = definition.target_of(transition, record.state)
            if target == record.state:
                continue
            found.append(CardMove(
                target, translated(choice_of(states, target).label), step.label,
                self.screen.url("action_page", pk=record.id, name=step.name),
                dialog=step.needs_dialog, blocked_reason=step.blocked_reason, icon=step.icon,
            ))
        return sorted(found, key=lambda move: bool(move.blocked_reason))
