"""The panel beside a list: a record's page in another frame."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_appbuilder.baseviews import expose

from app.web.permission_check import requires


class PanelPages:
    """A record beside the list that it stands in."""

    @expose("/peek/<pk>")
    @requires("show")
    def peek(self, pk: str) -> Any:
        """Show a record without sidebar and header; the same page in all else."""
        g.careline_frame = "screens/lists/panel.html"
        return self.show(pk)
