"""The page on which an admin says what the company is called, and sets its logo."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView
from app.admin.plugin_settings import settings_page
from app.database import db
from app.errors import Rejected
from app.forms.build import translate
from app.i18n import Message
from app.records.pdf import is_picture
from app.sdk import N_, Screen
from app.sdk.screens import current_person, go_to, requires, translated
from app.settings.company import NAME, company_form
from app.settings.logo import MOST_BYTES, read_logo, save_logo


class CompanyView(PageView):
    """The names and the logo of the company; they stand on pages and on paper."""

    route_base = "/company"
    default_view = "index"
    class_permission_name = "core.Company"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Name and logo of the company")
    icon = "building"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask what the company is called, or keep it."""
        return settings_page(
            self, NAME, translated(self.list_title), self.url(), company_form(),
            template="admin/company.html")

    @expose("/logo", methods=["POST"])
    @requires("edit")
    def logo(self) -> BaseResponse:
        """Keep a logo, or take it away."""
        file, removed = request.files.get("logo"), "remove" in request.form
        try:
            logo = None if removed else read_logo(
                file.stream.read(MOST_BYTES + 1) if file else b"")
            if logo is not None and not is_picture(logo.body):
                raise Rejected(Message(N_("This picture cannot be drawn; the file is damaged.")))
        except Rejected as error:
            flash(translate(error.message), "danger")
        else:
            save_logo(db.session, current_person(), logo)
            flash(gettext("The settings have been saved."), "success")
        return go_to(self.url())


SCREENS = (
    Screen(view=CompanyView, label=N_("Name and logo of the company"), category="system",
           icon="building", order=5, administration=True),
)
