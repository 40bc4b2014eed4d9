"""The drawing of a workflow with a record's place in it."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.baseviews import expose
from markupsafe import Markup

from app.database import db
from app.screens.access import requires
from app.screens.context import is_partial
from app.screens.texts import translated
from app.workflow import services as workflow
from app.workflow.drawing import draw


class FlowPages:
    """The page with the drawing; mixed into views of workflow records."""

    @expose("/flow/<pk>")
    @requires("show")
    def flow(self, pk: str) -> str:
        """Show the drawing of the workflow with the record's place in it."""
        record = self.found(pk)
        return self.render_template(
            "screens/workflow_flow.html", view=self, record=record,
            title=self.record_title(record), drawing=self.drawing(record),
            partial=is_partial(),
        )

    def drawing(self, record: Any) -> Markup:
        """Return the drawing of the record's workflow as SVG."""
        lines = workflow.log(db.session, record)
        svg = draw(
            workflow.workflow_of(db.session, record),
            current=record.state,
            taken=[f"{line.transition}:{line.source}" for line in lines if line.transition],
            translate=translated,
        )
        return Markup(svg)

