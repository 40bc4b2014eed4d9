"""Changing a single fact on the record page, by the same form, service and version as elsewhere."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.screens.forms.record_forms import RecordForms
from app.screens.forms.waiting import flash_waiting
from app.screens.records.origin import Origin
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next

_UNPROCESSABLE = 422
_CONFLICT = 409


class FieldPage(Page):
    """A single field of the record page.

    Args:
        screen: the screen.
        record_forms: the forms.
        origin: the list that one came from.
    """

    def __init__(self, screen: Screen, record_forms: RecordForms, origin: Origin) -> None:
        super().__init__(screen)
        self._forms, self._origin = record_forms, origin

    def changeable(self, record: Any) -> frozenset[str]:
        """Return the fields that the caller may change right on the record page.

        A field that depends on others, or on which others depend, needs the whole form.
        """
        if not self.screen.can("can_edit") or self.screen.change_refusal(record):
            return frozenset()
        declared = self.screen.declared
        tied = {name for pair in declared.conditions.items() for name in (pair[0], pair[1].field)}
        return frozenset(declared.edit_columns) - tied

    @expose("/fact/<pk>/<name>", methods=["GET", "POST"])
    @requires("edit")
    def fact(self, pk: str, name: str) -> BaseResponse | str | tuple[str, int]:
        """Show the field of one fact in its place, or change that fact alone."""
        record = self.screen.get_or_404(pk)
        if name not in self.changeable(record):
            abort(404)
        form = self._forms.for_change(record)
        stale: dict[str, Any] | None = None
        if request.method == "POST":
            if name not in request.form:
                abort(400, description=gettext("Part of the form is missing."))
            form.drop_unsent([name])
            version = self._forms.version_of(form, record)
            if form.validate():
                values = form.submitted([name], request.form)
                try:
                    changes = self.screen.operations.change(
                        db.session, actor(), record, values, version)
                except StaleRecord as error:
                    stale = self._other_version(name, error.record, form[name].data)
                    form.version.data, form.version.raw_data = error.record.version, None
                except (Rejected, Invalid) as error:
                    self._forms.explain(form, error, self.screen.datamodel.get(record.id))
                else:
                    flash_waiting(changes)
                    return self._shown_again(record)
        page = self.screen.render(
            "screens/forms/_fact_form.html", record=record, form=form, name=name, stale=stale,
        )
        if stale is not None:
            return page, _CONFLICT
        return (page, _UNPROCESSABLE) if form.errors else page

    def _other_version(self, name: str, record: Any, mine: Any) -> dict[str, Any]:
        theirs, shown = self._forms.data(record).get(name), self._forms.shown
        return {"theirs": shown(name, theirs), "mine": shown(name, mine),
                "same": theirs == mine}

    def _shown_again(self, record: Any) -> BaseResponse:
        address = self._origin.page_of(record.id)
        if is_partial():
            # The whole page: version, timeline and next steps have changed as well. Beside a list
            # that is the list with the panel.
            address = safe_next(request.headers.get("HX-Current-URL"), address)
        return go_to(self._origin.onward_from(record, address))
