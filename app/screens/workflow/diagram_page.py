"""A workflow with a record's place in it: drawn where there is room, and as its steps."""

from __future__ import annotations

from flask_appbuilder.baseviews import expose
from markupsafe import Markup

from app.database import db
from app.web.permission_check import requires
from app.web.request import is_partial
from app.web.texts import translated
from app.workflow import services as workflow
from app.workflow.drawing import draw, taken_key
from app.workflow.step_list import fits_a_picture, outline


class FlowPages:
    """The page with the workflow; mixed into views of workflow records."""

    @expose("/flow/<pk>")
    @requires("show")
    def flow(self, pk: str) -> str:
        """Show the workflow with the record's place in it."""
        record = self.found(pk)
        lines = workflow.log(db.session, record)
        definition = workflow.workflow_of(db.session, record)
        taken = [taken_key(line.transition, line.source) for line in lines if line.transition]
        drawing = Markup(draw(
            definition, current=record.state, taken=taken, translate=translated))
        return self.render_template(
            "screens/workflow/flow.html", view=self, record=record,
            title=self.record_title(record), drawing=drawing, partial=is_partial(),
            drawing_first=fits_a_picture(definition, translated),
            outline=outline(definition, current=record.state, taken=taken,
                            reached={line.target: line for line in lines}),
        )
