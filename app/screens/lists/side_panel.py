"""The panel beside a list: a record's page in another frame."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_appbuilder.baseviews import expose

from app.screens.records.page import RecordPage
from app.screens.screen import Page, Screen
from app.web.permission_check import requires


class SidePanelPage(Page):
    """A record beside the list that it stands in.

    Args:
        screen: the screen.
        record_page: the page that is shown.
    """

    def __init__(self, screen: Screen, record_page: RecordPage) -> None:
        super().__init__(screen)
        self._record_page = record_page

    @expose("/peek/<pk>")
    @requires("show")
    def peek(self, pk: str) -> Any:
        """Show a record without sidebar and header; the same page in all else."""
        g.careline_frame = "screens/lists/panel.html"
        return self._record_page.show(pk)
