"""Changing a single fact on the record page, by the same form, service and version as elsewhere."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next

_UNPROCESSABLE = 422
_CONFLICT = 409


class FactPages:
    """Inline editing of a record view."""

    def changeable_facts(self, record: Any) -> frozenset[str]:
        """Return the fields that the caller may change right on the record page.

        A field that depends on others, or on which others depend, needs the whole form.
        """
        if not self.can("can_edit") or self.change_refusal(record):
            return frozenset()
        tied = {name for pair in self.conditions().items() for name in (pair[0], pair[1].field)}
        return frozenset(self.edit_columns) - tied

    @expose("/fact/<pk>/<name>", methods=["GET", "POST"])
    @requires("edit")
    def fact(self, pk: str, name: str) -> BaseResponse | str | tuple[str, int]:
        """Show the field of one fact in its place, or change that fact alone."""
        record = self.found(pk)
        if name not in self.changeable_facts(record):
            abort(404)
        form = self.form_maker.with_custom(self.edit_form)(data=self.record_data(record))
        stale: dict[str, Any] | None = None
        if request.method == "POST":
            if name not in request.form:
                abort(400, description=gettext("Part of the form is missing."))
            form.drop_unsent([name])
            version = self.version_of(form, record)
            if form.validate():
                values = form.submitted([name], request.form)
                try:
                    self.operations.change(db.session, actor(), record, values, version)
                except StaleRecord as error:
                    stale = self._other_version(name, error.record, form[name].data)
                    form.version.data, form.version.raw_data = error.record.version, None
                except (Rejected, Invalid) as error:
                    self.explain(form, error, self.datamodel.get(record.id))
                else:
                    return self._shown_again(record)
        page = self.render_template(
            "screens/forms/_fact_form.html", view=self, record=record, form=form, name=name,
            stale=stale,
        )
        if stale is not None:
            return page, _CONFLICT
        return (page, _UNPROCESSABLE) if form.errors else page

    def _other_version(self, name: str, record: Any, mine: Any) -> dict[str, Any]:
        theirs = self.record_data(record).get(name)
        return {"theirs": self._shown(name, theirs), "mine": self._shown(name, mine),
                "same": theirs == mine}

    def _shown_again(self, record: Any) -> BaseResponse:
        address = self.page_of(record.id)
        if is_partial():
            # The whole page: version, timeline and next steps have changed as well. Beside a list
            # that is the list with the panel.
            address = safe_next(request.headers.get("HX-Current-URL"), address)
        return go_to(self.onward_from(record, address))
