"""The deadlines of a record: how they stand, asking for more time, deciding about it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import abort, flash, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import DecimalField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.access.services import ROLES
from app.database import db, utcnow
from app.deadlines.clocks import ClockRefused
from app.deadlines.policies import Measure
from app.i18n import N_
from app.lazy_texts import lazy_gettext
from app.screens.records.deadline_badges import TONES
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.records.relation_labels import role_label
from app.screens.screen import Page, Screen
from app.web.formats import write_span
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial
from app.web.texts import column_msgid, translated
from app.web.theme import language
from app.workflow import extensions
from app.workflow.candidates import next_step
from app.workflow.deadline_requests import Deadline, deadlines_of

_UNPROCESSABLE = 422
_MINUTES = 60
_LONGEST_REASON = 1000
_AMOUNTS = {
    Measure.WORKING_MINUTES: N_("%(amount)s working hours"),
    Measure.WORKING_DAYS: N_("%(amount)s working days"),
    Measure.CALENDAR_MINUTES: N_("%(amount)s hours around the clock"),
    Measure.CALENDAR_DAYS: N_("%(amount)s calendar days"),
    Measure.CALENDAR_MONTHS: N_("%(amount)s calendar months"),
}
_UNITS = {
    Measure.WORKING_MINUTES: N_("Working hours more"),
    Measure.WORKING_DAYS: N_("Working days more"),
    Measure.CALENDAR_MINUTES: N_("Hours around the clock more"),
    Measure.CALENDAR_DAYS: N_("Calendar days more"),
    Measure.CALENDAR_MONTHS: N_("Calendar months more"),
}
_KEPT = ("still", "circle-check", N_("Kept"))
_MISSED = ("bad", "circle-x", N_("Missed"))


class ExtensionForm(FlaskForm):
    """Asks for more time."""

    amount = DecimalField(
        "", [InputRequired()], places=None, render_kw={"inputmode": "decimal"}
    )
    reason = TextAreaField(
        lazy_gettext("Reason"), [InputRequired(), Length(max=_LONGEST_REASON)],
        render_kw={"rows": 3, "maxlength": _LONGEST_REASON},
    )


def _tone(line: Deadline) -> tuple[str, str, str]:
    if line.kept is None:
        return TONES[line.status]
    return _KEPT if line.kept else _MISSED


def amount_text(measure: Measure, by: int) -> str:
    """Return an amount of time in words: ``2 working days``.

    Args:
        measure: unit of the rule; minutes are told in hours.
        by: amount in that unit.
    """
    number = by / _MINUTES if measure.in_minutes else by
    return gettext(_AMOUNTS[measure], amount=f"{number:g}")


def approver_text(name: str) -> str:
    """Return who must approve in words: the title of a role, or the relation to the record."""
    for role in ROLES:
        if role.name == name:
            return gettext(role.title)
    if name.endswith("_leader"):
        what = translated(column_msgid(name.removesuffix("_leader")))
        return gettext("Head: %(what)s", what=what)
    return translated(column_msgid(name))


def refusal_text(error: ClockRefused) -> str:
    """Return why an extension is refused."""
    params = dict(error.message.params)
    if "approver" in params:
        params["approver"] = approver_text(str(params["approver"]))
    return gettext(error.message.msgid, **params)


class DeadlinesPage(Page):
    """The clocks of a record, and requests for more time.

    Args:
        screen: the screen.
        record_header: names the record.
        origin: the list that one came from.
    """

    def __init__(self, screen: Screen, record_header: RecordHeader, origin: Origin) -> None:
        super().__init__(screen)
        self._header, self._origin = record_header, origin

    @expose("/deadlines/<pk>")
    @requires("show")
    def deadlines(self, pk: str) -> str:
        """Show the clocks of a record; fetched beside the page, which does not wait for it."""
        return self._deadline_card(self.screen.get_or_404(pk))

    def _deadline_card(self, record: Any) -> str:
        lines = [
            {
                "line": line, "tone": _tone(line),
                "title": line.rule.titled(language(), line.round_number),
                "extended": amount_text(line.rule.measure, line.extended) if line.extended else "",
                "by": amount_text(line.rule.measure, line.asked.by) if line.asked else "",
                "approver": approver_text(line.asked.approver)
                if line.asked and line.asked.approver else "",
            }
            for line in deadlines_of(db.session, actor(), record)
        ]
        waits = next_step(db.session, record)
        return self.screen.render(
            "screens/records/_deadlines.html", record=record, lines=lines,
            may_ask=self.screen.can("can_comment"), next=waits,
            waited=write_span((utcnow() - waits.since).total_seconds())
            if waits and waits.since else "",
            next_due=min((one["line"].due_at for one in lines if one["line"].kept is None),
                         default=None), role_label=role_label,
        )

    def _line(self, record: Any, clock_id: int) -> Deadline:
        for line in deadlines_of(db.session, actor(), record):
            if line.clock_id == clock_id:
                return line
        abort(404)

    @expose("/extend/<pk>/<int:clock_id>", methods=["GET", "POST"])
    @requires("comment")
    def extend(self, pk: str, clock_id: int) -> BaseResponse | str | tuple[str, int]:
        """Ask how much more time is needed and why, or put the request."""
        record = self.screen.get_or_404(pk)
        line = self._line(record, clock_id)
        in_hours = line.rule.measure.in_minutes
        unit = _MINUTES if in_hours else 1
        form = ExtensionForm()
        form.amount.label.text = gettext(_UNITS[line.rule.measure])
        form.amount.description = gettext(
            "At most %(most)s.", most=amount_text(line.rule.measure, line.most)
        )
        form.amount.validators = [*form.amount.validators, NumberRange(0, line.most / unit)]
        if request.method == "POST" and form.validate():
            by = (form.amount.data or Decimal(0)) * unit
            if by != by.to_integral_value():
                form.amount.errors = [*form.amount.errors, gettext("This must be a whole number.")]
            else:
                try:
                    asked = extensions.request(
                        db.session, actor(), record, clock_id, int(by), form.reason.data or ""
                    )
                except ClockRefused as error:
                    form.form_errors.append(refusal_text(error))
                else:
                    flash(
                        gettext("The request for more time has been put.")
                        if asked.state == "pending" else gettext("More time has been granted."),
                        "success",
                    )
                    return self._onward_from(record)
        page = self.screen.render(
            "screens/workflow/extend.html", record=record, form=form, line=line,
            title=self._header.title(record), partial=is_partial(),
        )
        return (page, _UNPROCESSABLE) if form.errors else page

    @expose("/extension/<pk>/<int:request_id>", methods=["POST"])
    @requires("show")
    def decide_extension(self, pk: str, request_id: int) -> BaseResponse:
        """Approve or refuse a request; the service knows who may."""
        record = self.screen.get_or_404(pk)
        decision = request.form.get("decision")
        if decision not in ("approve", "refuse"):
            abort(400)
        answer = request.form.get("answer", "").replace("\x00", "").strip()[:_LONGEST_REASON]
        try:
            extensions.decide(
                db.session, actor(), record, request_id, decision == "approve", answer
            )
        except LookupError:
            abort(404)
        except ClockRefused as error:
            flash(refusal_text(error), "danger")
        else:
            flash(
                gettext("More time has been granted.") if decision == "approve"
                else gettext("The request for more time has been refused."), "success",
            )
        return self._onward_from(record)

    def _onward_from(self, record: Any) -> BaseResponse:
        return go_to(self._origin.page_of(record.id))
