"""A workflow with a record's place in it: drawn where there is room, and as its steps."""

from __future__ import annotations

from flask_appbuilder.baseviews import expose
from markupsafe import Markup

from app.database import db
from app.screens.records.header import RecordHeader
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import is_partial
from app.web.texts import translated
from app.workflow import services as workflow
from app.workflow.drawing import draw, taken_key
from app.workflow.step_list import fits_a_picture, outline


class WorkflowDiagramPage(Page):
    """The page with the workflow.

    Args:
        screen: the screen.
        record_header: names the record.
    """

    def __init__(self, screen: Screen, record_header: RecordHeader) -> None:
        super().__init__(screen)
        self._header = record_header

    @expose("/flow/<pk>")
    @requires("show")
    def flow(self, pk: str) -> str:
        """Show the workflow with the record's place in it."""
        record = self.screen.get_or_404(pk)
        lines = workflow.log(db.session, record)
        definition = workflow.workflow_of(db.session, record)
        taken = [taken_key(line.transition, line.source) for line in lines if line.transition]
        drawing = Markup(draw(
            definition, current=record.state, taken=taken, translate=translated))
        return self.screen.render(
            "screens/workflow/flow.html", record=record,
            title=self._header.title(record), drawing=drawing, partial=is_partial(),
            drawing_first=fits_a_picture(definition, translated),
            outline=outline(definition, current=record.state, taken=taken,
                            reached={line.target: line for line in lines}),
        )
