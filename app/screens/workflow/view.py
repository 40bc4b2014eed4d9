"""The screen of records that a workflow drives: transitions, deadlines, log, drawing.

Everything that may be done is asked of the engine; the screen adds no rule of its own.
"""

from __future__ import annotations

import dataclasses

from app.screens.contracts import Choice
from app.screens.declaration import ScreenDeclaration
from app.screens.view import RecordView
from app.screens.workflow.board import WorkflowBoardPage
from app.screens.workflow.deadline_column import DeadlineColumn, DeadlineHeader
from app.screens.workflow.diagram_page import WorkflowDiagramPage
from app.screens.workflow.extensions import DeadlinesPage
from app.screens.workflow.row_actions import WorkflowActions
from app.screens.workflow.state_choices import StateChoices
from app.screens.workflow.step_undo_page import StepUndoPage
from app.screens.workflow.transition_timeline import TransitionTimeline
from app.workflow.definition import Category
from app.workflow.operations import workflow_operations

_TONES = {
    Category.OPEN: ("calm", "progress"),
    Category.WAITING: ("warn", "hourglass"),
    Category.DONE: ("good", "circle-check"),
    Category.CANCELLED: ("still", "circle-minus"),
}


class WorkflowView(RecordView):
    """The screen of a model with the ``WorkflowRecord`` mixin."""

    show_template = "screens/workflow/record.html"
    board_page = WorkflowBoardPage
    extra_columns = DeadlineColumn
    record_actions = WorkflowActions
    record_header = DeadlineHeader
    timeline = TransitionTimeline
    undo_page = StepUndoPage
    deadlines_page = DeadlinesPage
    workflow_diagram_page = WorkflowDiagramPage

    def _declared(self) -> ScreenDeclaration:
        """Add the states of the workflow as shipped, and the board over them."""
        declared = super()._declared()
        shipped = workflow_operations(self.datamodel.obj).shipped
        states = StateChoices(shipped.name, [
            Choice(state.name, state.label, *_TONES[state.category]) for state in shipped.states
        ])
        board = "state" if declared.board_column is None else declared.board_column
        return dataclasses.replace(
            declared, choices={**declared.choices, "state": states}, board_column=board
        )
