"""The table in which final scores of a cycle are calibrated, with a preview and its undo."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.errors import CarelineError, Invalid
from app.sdk.screens import Page, current_person, requires, translate, whole_number
from app.sdk.services import db, names_of
from plugins.appraisals.access import CYCLE
from plugins.appraisals.calibration import operations
from plugins.appraisals.choices import GRADE_TONES, GRADE_WORDS, OPEN
from plugins.appraisals.cycles.models import Cycle

UNPROCESSABLE = 422


class CalibrationPage(Page):
    """Calibration of a cycle: typed, looked at, applied as one change set, taken back."""

    @expose("/<pk>/calibrate", methods=["GET", "POST"])
    @requires("show")
    def calibrate(self, pk: str) -> BaseResponse | str | tuple[str, int]:
        """Show the table; with what was typed, show what it would change, or apply it."""
        cycle = self._cycle(pk)
        if request.method != "POST":
            return self._table(cycle)
        session, actor, typed = db.session, current_person(), request.form.to_dict()
        try:
            if typed.get("go") == "apply":
                made = operations.calibrate(
                    session, actor, cycle, typed, typed.get("previewed", ""))
                number = len(made.lines)
                flash(ngettext("%(num)s final score has been calibrated.",
                               "%(num)s final scores have been calibrated.", number), "success")
                return redirect(self.screen.url("show", pk=cycle.id))
            proposed = operations.propose(session, actor, cycle, typed)
        except Invalid as error:
            return self._table(cycle, said=[
                f"{number}: {translate(one)}" for number, one in error.errors.items()]
            ), UNPROCESSABLE
        except CarelineError as error:
            return self._table(cycle, said=[translate(error.message)]), UNPROCESSABLE
        if not proposed:
            return self._table(cycle, said=[gettext("No final score would change.")])
        return self._table(cycle, proposed)

    @expose("/<pk>/calibrate/undo", methods=["POST"])
    @requires("show")
    def take_back(self, pk: str) -> BaseResponse:
        """Take the newest calibration back."""
        cycle = self._cycle(pk)
        try:
            number = operations.undo(
                db.session, current_person(), cycle,
                whole_number(request.form.get("calibration", "")) or 0)
            flash(ngettext("%(num)s final score is as it was.",
                           "%(num)s final scores are as they were.", number), "success")
        except CarelineError as error:
            flash(translate(error.message), "danger")
        return redirect(self.screen.url("show", pk=cycle.id))

    # --- inside --------------------------------------------------------------------------------
    def _cycle(self, pk: str) -> Cycle:
        cycle: Cycle = self.screen.get_or_404(pk)
        if not current_person().can("can_manage", CYCLE) or cycle.status != OPEN:
            abort(404)
        return cycle

    def _table(
        self, cycle: Cycle, proposed: list[operations.Proposed] | None = None,
        said: list[str] | None = None,
    ) -> str:
        session, found = db.session, proposed or []
        sheets = operations.sheets_to_calibrate(session, cycle)
        return self.screen.render(
            "appraisals/calibrate.html", record=cycle, sheets=sheets, proposed=found,
            said=said or [], typed=request.form, digest=operations.digest(found),
            grades=dict(GRADE_WORDS), tones=GRADE_TONES, own=current_person().user_id,
            names=names_of(session, {one.owner_id for one in sheets if one.owner_id is not None}))
