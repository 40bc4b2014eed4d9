"""The page on which an admin says what counts as a customer served."""

from __future__ import annotations

from typing import ClassVar

from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView
from app.admin.plugin_settings import settings_page
from app.customers.contacted import SERVED as CONTACTED
from app.customers.served import SERVED as SERVED_CUSTOMERS
from app.metrics.served import NAME, definition_form
from app.sdk import N_, Screen
from app.sdk.screens import requires, translated
from app.sdk.services import db

__all__ = ["SCREENS", "SERVED", "ServedView"]

SERVED = (*SERVED_CUSTOMERS, *CONTACTED)


class ServedView(PageView):
    """What counts as a customer served, as a form: the denominator of rates."""

    route_base = "/customers-served"
    default_view = "index"
    class_permission_name = "core.CustomersServed"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Customers served")
    icon = "users-group"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask what counts, or keep it."""
        return settings_page(self, NAME, translated(self.list_title), self.url(),
                             definition_form(db.session))


SCREENS = (
    Screen(view=ServedView, label=N_("Customers served"), category="figures",
           icon="users-group", order=90, administration=True),
)
