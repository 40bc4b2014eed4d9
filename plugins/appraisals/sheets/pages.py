"""Pages on which a sheet is filled in, rated, signed, objected to and printed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.errors import CarelineError, Invalid, StaleRecord
from app.sdk.forms import PASSWORD, UNITS, VOID, ScoredForm, signed_items
from app.sdk.people import KIND_LABELS
from app.sdk.screens import (
    Page,
    RecordPage,
    current_person,
    document_response,
    page_language,
    requires,
    translate,
    typed_answers,
    whole_number,
)
from app.sdk.services import db, name_of, names_of, record_act, write
from plugins.appraisals.access import SHEET
from plugins.appraisals.calibration.operations import take_note
from plugins.appraisals.choices import (
    ABSENT,
    DECLARED,
    FILLING,
    OBJECTED,
    OBJECTION_WORDS,
    PARTS,
    RATING,
    RELEASED,
    TASK_WORDS,
)
from plugins.appraisals.rules.chain import SUBJECT
from plugins.appraisals.rules.periods import MONTH
from plugins.appraisals.rules.tasks import write_tasks
from plugins.appraisals.rules.weights import in_force
from plugins.appraisals.sheets import objections, tasks
from plugins.appraisals.sheets.answering import files_of, own_items, rated_items
from plugins.appraisals.sheets.calculation import Current, current, differences, form_of, hash_of
from plugins.appraisals.sheets.fact_text import changed_figures, shown_figures
from plugins.appraisals.sheets.models import Objection, Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.paper import paper
from plugins.appraisals.sheets.signing import (
    acting,
    next_signature,
    objections_of,
    signatures_of,
)

PAPER = Path(__file__).parents[1] / "documents" / "sheet.typ"
UNPROCESSABLE = 422


def _seen_version() -> int:
    """Return the version that the page showed; 0, which no sheet has, without one."""
    return whole_number(request.form.get("version", "")) or 0


def _said(error: CarelineError, form: ScoredForm) -> list[str]:
    """Return what an error says, each sentence with the item that it is about."""
    if isinstance(error, StaleRecord):
        return [gettext("Somebody has changed this sheet meanwhile. Look at it again.")]
    if not isinstance(error, Invalid):
        return [translate(error.message)]
    sentences = []
    for name, message in error.errors.items():
        item = form.item(name.removesuffix(PASSWORD))
        about = f"{item.text(page_language())}: " if item is not None else ""
        sentences.append(about + translate(message))
    return sentences


def _score_shown(sheet: Sheet, held: Current) -> Any:
    """Return the score with the figures of now; ``None`` while nobody has rated everything."""
    return None if sheet.score is None or held.result.missing else held.result.score


class SheetPage(RecordPage):
    """The page of a sheet: its form with the calculation, objections and signatures."""

    def context(self, record: Sheet) -> dict[str, Any]:
        """Add what the sheet shows beside its columns, and whose turn it is."""
        person, session = current_person(), db.session
        form = form_of(session, record)
        held = current(session, record, form)
        row = next_signature(session, record)
        signers = acting(session, record, row.part) if row is not None else []
        rows, objected = signatures_of(session, record.id), objections_of(session, record.id)
        people = {one.signed_by_id for one in rows} | {one.in_place_of_id for one in rows}
        people |= {one.decided_by_id for one in objected} | {record.calibrated_by_id}
        versions = tasks.versions_of(session, record.id)
        people |= {key for one in versions for key in (one.declared_by_id, one.decided_by_id)}
        return {
            "form": form, "held": held, "language": page_language(), "parts": PARTS,
            "lines": {line.item: line for line in held.result.lines}, "signatures": rows,
            "score": record.score if record.is_settled else _score_shown(record, held),
            "figures": shown_figures(record, held.facts, person),
            "shows_year": record.status in (RELEASED, ABSENT) and record.cycle.kind == MONTH
            and (person.user_id == record.owner_id or person.can("can_manage", SHEET)),
            "notes_calibration": record.calibrated_points is not None
            and record.calibration_noted_at is None and person.user_id == record.owner_id,
            "changed": changed_figures(differences(session, record, form)),
            "names": names_of(session, {one for one in people if one is not None}),
            "waiting": row, "waiting_for": [one.name for one in signers],
            "signs": record.closed_at is None
            and any(one.user_id == person.user_id for one in signers),
            "objections": objected, "objection_words": OBJECTION_WORDS,
            "fact_words": dict(KIND_LABELS), "objected": OBJECTED,
            "may_object": row is not None and row.part == SUBJECT and record.closed_at is None
            and person.user_id == record.owner_id,
            "decides": record.appraiser_id == person.user_id,
            "fills": record.status == FILLING and record.owner_id == person.user_id,
            "rates": record.status == RATING and record.appraiser_id == person.user_id,
            "weights": in_force(form, record.weights), "versions": versions,
            "agreed": tasks.agreed(versions), "task_words": TASK_WORDS,
            "open_version": next((one for one in versions[:1] if one.state == DECLARED), None),
            "task_text": write_tasks(versions[0].tasks) if versions else "",
            "hash_holds": not record.frozen_hash
            or record.frozen_hash == hash_of(session, record),
        }


class SheetSteps(Page):
    """The steps of a sheet, each an address that its person alone can use."""

    @expose("/<pk>/fill", methods=["GET", "POST"])
    @requires("fill")
    def fill(self, pk: str) -> BaseResponse | str | tuple[str, int]:
        """Ask the person appraised for their words, and for what they think of the items."""
        sheet = self._turn(pk, FILLING, "owner_id")
        form = form_of(db.session, sheet)
        if request.method != "POST":
            return self._fill_page(sheet, form, {**sheet.self_answers, **sheet.answers})
        hands_in = request.form.get("go") == "next"
        typed = typed_answers(form.items, request.form)
        return self._try(sheet, form, lambda: sheet_operations().fill(
            db.session, current_person(), sheet, typed, _seen_version(),
            hands_in=hands_in), lambda said: self._fill_page(sheet, form, typed, said))

    def _fill_page(
        self, sheet: Sheet, form: ScoredForm, answers: Any, said: list[str] | None = None
    ) -> str:
        return self.screen.render(
            "appraisals/fill.html", record=sheet, form=form, answers=answers, said=said or [],
            language=page_language(), own={item.name for item in own_items(form)},
            **self._beside(sheet, form))

    def _beside(self, sheet: Sheet, form: ScoredForm) -> dict[str, Any]:
        """Return what fills itself in, what is signed and what may be attached."""
        held = current(db.session, sheet, form)
        attaches = self.screen.can("can_comment")
        return {"held": held, "figures": shown_figures(sheet, held.facts, current_person()),
                "fact_words": dict(KIND_LABELS), "locked": signed_items(form, sheet.answers),
                "files": [(one.id, one.name) for one in files_of(db.session, sheet)],
                "upload": self.screen.url("add_files", pk=sheet.id) if attaches else ""}

    @expose("/<pk>/rate", methods=["GET", "POST"])
    @requires("fill")
    def rate(self, pk: str) -> BaseResponse | str | tuple[str, int]:
        """Ask the appraiser for the rating, beside what the person thinks."""
        sheet = self._turn(pk, RATING, "appraiser_id")
        form = form_of(db.session, sheet)
        if request.method != "POST":
            return self._rate_page(sheet, form, sheet.answers, sheet.left_out,
                                   sheet.left_out_reason)
        sent, passes_on = typed_answers(form.items, request.form), request.form.get("go") == "next"
        left_out = request.form.getlist("left_out")
        reason = request.form.get("left_out_reason", "")
        return self._try(sheet, form, lambda: sheet_operations().rate(
            db.session, current_person(), sheet, sent, left_out, reason, _seen_version(),
            passes_on=passes_on), lambda said: self._rate_page(
                sheet, form, {**sheet.answers, **sent}, left_out, reason, said))

    def _rate_page(
        self, sheet: Sheet, form: ScoredForm, answers: Any, left_out: Any, reason: str,
        said: list[str] | None = None,
    ) -> str:
        asked = {item.name for item in rated_items(form)}
        return self.screen.render(
            "appraisals/rate.html", record=sheet, form=form, answers=answers, said=said or [],
            language=page_language(), asked=asked, left_out=left_out, reason=reason,
            person=name_of(db.session, sheet.owner_id), **self._beside(sheet, form))

    @expose("/<pk>/sign", methods=["POST"])
    @requires("fill")
    def sign(self, pk: str) -> BaseResponse:
        """Sign at the place that waits for the person."""
        sheet = self.screen.get_or_404(pk)
        return self._do(sheet, lambda: sheet_operations().sign(
            db.session, current_person(), sheet, request.form.get("statement", ""),
            request.form.get("password", ""), _seen_version(),
            request.form.get("figures", "")),
            gettext("Your signature has been stored."))

    @expose("/<pk>/object", methods=["POST"])
    @requires("fill")
    def object_to(self, pk: str) -> BaseResponse:
        """Object to an item."""
        sheet = self.screen.get_or_404(pk)
        return self._do(sheet, lambda: objections.raise_objection(
            db.session, sheet_operations(), current_person(), sheet,
            request.form.get("item", ""), request.form.get("text", ""), _seen_version()),
            gettext("Your objection has been sent to the appraiser."))

    @expose("/<pk>/objections/<int:objection_id>", methods=["POST"])
    @requires("fill")
    def decide(self, pk: str, objection_id: int) -> BaseResponse:
        """Answer an objection."""
        sheet = self.screen.get_or_404(pk)
        objection = db.session.get(Objection, objection_id)
        if objection is None or objection.sheet_id != sheet.id:
            abort(404)
        upheld = request.form.get("decision") == "upheld"
        typed = {objection.item: request.form.get("value", ""),
                 objection.item + UNITS: request.form.get("value__units", "")}
        return self._do(sheet, lambda: objections.decide(
            db.session, sheet_operations(), current_person(), sheet, objection,
            request.form.get("answer", ""), typed if upheld else None, _seen_version()),
            gettext("The objection has been answered."))

    @expose("/<pk>/acknowledge", methods=["POST"])
    @requires("fill")
    def acknowledge(self, pk: str) -> BaseResponse:
        """Take note of the weights and tasks of the period."""
        sheet = self.screen.get_or_404(pk)
        return self._do(sheet, lambda: tasks.acknowledge(
            db.session, sheet_operations(), current_person(), sheet, _seen_version()),
            gettext("You have taken note of weights and tasks."))

    @expose("/<pk>/note-calibration", methods=["POST"])
    @requires("fill")
    def note_calibration(self, pk: str) -> BaseResponse:
        """Take note of the calibration of one's own sheet."""
        sheet = self.screen.get_or_404(pk)
        return self._do(sheet, lambda: take_note(
            db.session, current_person(), sheet, _seen_version()),
            gettext("You have taken note of the calibration."))

    @expose("/<pk>/tasks", methods=["POST"])
    @requires("fill")
    def declare_tasks(self, pk: str) -> BaseResponse:
        """Declare the tasks of the period, or adjust them."""
        sheet = self.screen.get_or_404(pk)
        return self._do(sheet, lambda: tasks.declare(
            db.session, sheet_operations(), current_person(), sheet,
            request.form.get("tasks", ""), request.form.get("reason", ""), _seen_version()),
            gettext("Your tasks have been sent to the appraiser."))

    @expose("/<pk>/tasks/<int:number>", methods=["POST"])
    @requires("fill")
    def decide_tasks(self, pk: str, number: int) -> BaseResponse:
        """Agree to the declared tasks, or have them revised."""
        sheet = self.screen.get_or_404(pk)
        answer = {"agrees": request.form.get("decision") == "agreed", "number": number,
                  "text": request.form.get("text", "")}
        return self._do(sheet, lambda: tasks.decide(
            db.session, sheet_operations(), current_person(), sheet, answer, _seen_version()),
            gettext("Your decision about the tasks has been stored."))

    @expose("/<pk>/sheet.pdf")
    @requires("show")
    def document(self, pk: str) -> Response:
        """Print the sheet in the layout of its form; the audit trail notes the file's hash."""
        sheet = self.screen.get_or_404(pk)
        filename = f"{sheet.number}.pdf"
        response = document_response(PAPER, paper(db.session, sheet), filename, sheet)
        digest = hashlib.sha256(response.get_data()).hexdigest()
        with write(db.session):
            record_act(db.session, current_person(), "print_hash",
                       record_type=Sheet.__record_type__, record_id=sheet.id,
                       number=sheet.number, changes={
                           "document": filename, "sha256": digest,
                           "signed": sheet.frozen_hash})
        return response

    # --- inside --------------------------------------------------------------------------------
    def _turn(self, pk: str, status: str, column: str) -> Sheet:
        sheet = self.screen.get_or_404(pk)
        if sheet.status != status or getattr(sheet, column) != current_person().user_id:
            abort(404)
        return sheet

    def _try(
        self, sheet: Sheet, form: ScoredForm, act: Callable[[], None],
        again: Callable[[list[str]], str],
    ) -> BaseResponse | tuple[str, int]:
        try:
            act()
        except CarelineError as error:
            db.session.refresh(sheet)
            return again(_said(error, form)), UNPROCESSABLE
        flash(gettext("Saved."), "success")
        if any(name.endswith(VOID) for name in request.form):
            # What is no longer signed can be changed now.
            return redirect(request.path)
        return redirect(self.screen.url("show", pk=sheet.id))

    def _do(self, sheet: Sheet, act: Callable[[], Any], done: str) -> BaseResponse:
        try:
            act()
        except CarelineError as error:
            for sentence in _said(error, form_of(db.session, sheet)):
                flash(sentence, "danger")
        else:
            flash(done, "success")
        return redirect(self.screen.url("show", pk=sheet.id))
