"""The table in which final scores of a cycle are calibrated, with a preview and its undo."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

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
from plugins.appraisals.sheets.models import Sheet

UNPROCESSABLE = 422
PAGE = 50
"""Sheets on one page of the table."""


class CalibrationPage(Page):
    """Calibration of a cycle: typed, looked at, applied as one change set, taken back."""

    @expose("/<pk>/calibrate", methods=["GET", "POST"])
    @requires("show")
    def calibrate(self, pk: str) -> BaseResponse | str | tuple[str, int]:
        """Show the table; with what was typed, show what it would change, or apply it."""
        cycle = self._cycle(pk)
        if request.form.get("go") not in ("preview", "apply"):
            # Another page, or a search: what was typed goes along.
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
        found = proposed or []
        sheets = operations.sheets_to_calibrate(db.session, cycle)
        names = names_of(
            db.session, {one.owner_id for one in sheets if one.owner_id is not None})
        return self.screen.render(
            "appraisals/calibrate.html", record=cycle, part=_part_of(sheets, names, request.form),
            number=len(sheets), proposed=found, said=said or [], typed=request.form,
            digest=operations.digest(found), grades=dict(GRADE_WORDS), tones=GRADE_TONES,
            own=current_person().user_id, names=names)


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What the table shows of many sheets.

    Attributes:
        sheets: those of the page.
        page, pages: which page, from 1, and of how many.
        find: part of a name by which sheets are chosen; empty for all.
        carried: what was typed for the sheets of other pages, by name of the field.
    """

    sheets: Sequence[Sheet]
    page: int
    pages: int
    find: str
    carried: Mapping[str, str]


def _part_of(
    sheets: Sequence[Sheet], names: Mapping[int, str], typed: Mapping[str, str]
) -> Part:
    find = typed.get("find", "").strip()
    chosen = [one for one in sheets
              if find.casefold() in names.get(one.owner_id or 0, "").casefold()]
    pages = max(1, -(-len(chosen) // PAGE))
    # A search begins with its first page; a preview stays on the one that was shown.
    wanted = "" if typed.get("go") == "find" else typed.get("page") or typed.get("shown", "")
    page = min(max(whole_number(wanted) or 1, 1), pages)
    shown = chosen[PAGE * (page - 1):PAGE * page]
    keys = {one.id for one in shown}
    return Part(shown, page, pages, find, {
        name: typed[name] for one in sheets if one.id not in keys
        for name in (f"points_{one.id}", f"reason_{one.id}") if name in typed})
