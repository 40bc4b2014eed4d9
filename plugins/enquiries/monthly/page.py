"""The page with the monthly lists, each as XLSX too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext

from app.sdk import N_
from app.sdk.metrics import Period
from app.sdk.people import local_today
from app.sdk.screens import current_person, requires, write_date, xlsx_parts
from app.sdk.services import db, record_act, write
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.monthly import lists

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
LISTS: Mapping[str, tuple[str, Any]] = {
    "workshop": (N_("New customers of the workshop"), lists.new_workshop_customers),
    "base": (N_("New customers of the sales base"), lists.sales_base),
}


class MonthlyView(BaseView):
    """New customers of the workshop, sales base, grumbles and complaints by category."""

    route_base = "/enquiries/monthly"
    default_view = "page"
    class_permission_name = ENQUIRY
    base_permissions = ["can_statistics"]
    list_title = N_("Monthly lists")
    icon = "calendar-stats"

    @expose("/")
    @requires("statistics")
    def page(self) -> str:
        """Show the lists of a month."""
        person, month = current_person(), _month()
        return self.render_template(
            "enquiries/monthly.html", view=self, month=f"{month.first:%Y-%m}", shown=SHOWN,
            parts=[(name, title, find(db.session, person, month), self._file(name, month))
                   for name, (title, find) in LISTS.items()],
            size_of_base=lists.size_of_base(db.session, person),
            grievances=lists.grievances(db.session, person, month),
            may_export=person.can("can_export", ENQUIRY),
            may_open=person.can("can_show", "core.Customer"))

    @expose("/<name>.xlsx")
    @requires("statistics")
    def sheet(self, name: str) -> Response:
        """Return a list of a month as XLSX; numbers stay masked."""
        if name not in LISTS:
            abort(404)
        person, month = current_person(), _month()
        if not person.can("can_export", ENQUIRY):
            abort(403)
        rows = list(_rows(LISTS[name][1](db.session, person, month)))
        with write(db.session):
            record_act(db.session, person, "export", record_type="customers.customer",
                       changes={"list": name, "month": f"{month.first:%Y-%m}", "rows": len(rows)})
        return Response(
            xlsx_parts([gettext("Number"), gettext("Customer"), gettext("Phone"),
                        gettext("Plates"), gettext("Date")], rows), mimetype=XLSX,
            headers={"Content-Disposition":
                     f'attachment; filename="{name}-{month.first:%Y-%m}.xlsx"'})

    def _file(self, name: str, month: Period) -> str:
        return url_for(f"{self.endpoint}.sheet", name=name, month=f"{month.first:%Y-%m}")


def _month() -> Period:
    return lists.month_of(request.args.get("month", "")[:7], local_today())


def _rows(people: Sequence[lists.Person]) -> Sequence[Sequence[Any]]:
    return [[one.number, one.name, one.phone, one.plates, write_date(one.at)] for one in people]
