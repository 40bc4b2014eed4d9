"""The page on which an admin says what the company is called."""

from __future__ import annotations

from typing import ClassVar

from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView
from app.admin.plugin_settings import settings_page
from app.sdk import N_, Screen
from app.sdk.screens import requires, translated
from app.settings.company import NAME, company_form


class CompanyView(PageView):
    """The names of the company as a form; they stand on pages and on paper."""

    route_base = "/company"
    default_view = "index"
    class_permission_name = "core.Company"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Company name")
    icon = "building"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask what the company is called, or keep it."""
        return settings_page(self, NAME, translated(self.list_title), self.url(), company_form())


SCREENS = (
    Screen(view=CompanyView, label=N_("Company name"), category="system", icon="building", order=5,
           administration=True),
)
