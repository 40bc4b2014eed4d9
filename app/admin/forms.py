"""The screen on which forms with points are built, published, compared and carried in files."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from app.admin.form_operations import FormOperations
from app.admin.pages import UNPROCESSABLE, PageView
from app.forms import editing
from app.forms.faults import problems
from app.forms.form_text import (
    MOST_BYTES,
    BadFormFile,
    compare,
    compare_headings,
    read_form,
    write_form,
)
from app.forms.models import FormDraft, FormVersion
from app.forms.scored import FilledBy, ItemKind, ScoredForm
from app.forms.scoring import score
from app.forms.store import newer_shipped
from app.host.host import current_host
from app.i18n import Message
from app.people.attendance_kinds import ATTENDANCE
from app.screens.columns.columns import in_language, register_label
from app.sdk import N_
from app.sdk.errors import CarelineError, Invalid, StaleRecord
from app.sdk.metrics import metrics_by_name
from app.sdk.records import operations_of
from app.sdk.screens import current_person, page_language, requires, translate, whole_number
from app.sdk.services import db, name_of

KINDS = {
    ItemKind.LEVELS: N_("Points by level"), ItemKind.PER_UNIT: N_("Points per unit"),
    ItemKind.METRIC: N_("Points by figure"), ItemKind.CHOICE: N_("Choice"),
    ItemKind.TEXT: N_("Text"), ItemKind.NUMBER: N_("Number"), ItemKind.DATE: N_("Date"),
    ItemKind.FILE: N_("Files"), ItemKind.SIGNATURE: N_("Signature"),
}
SIDES = {FilledBy.SUBJECT: N_("The person concerned"), FilledBy.REVIEWER: N_("The reviewer")}
FIELD_LABELS = {
    "kind": N_("Kind"), "label": N_("Label in English"), "label_zh": N_("Label in Chinese"),
    "weight": N_("Weight"), "filled_by": N_("Who fills it in"), "required": N_("Required"),
    "help": N_("Help in English"), "help_zh": N_("Help in Chinese"), "levels": N_("Levels"),
    "unit_points": N_("Points for each unit"), "unit": N_("Unit in English"),
    "unit_zh": N_("Unit in Chinese"), "capped": N_("No more than the weight"),
    "worst": N_("Figure without points"), "best": N_("Figure with all points"),
    "source": N_("Filled in by itself from"), "second_source": N_("Second figure"),
    "per_day": N_("For each working day"),
    "shown_item": N_("Only when this item"),
    "shown_code": N_("has this level"),
    "title": N_("Title in English"), "title_zh": N_("Title in Chinese"),
    "sections": N_("Headings in English"), "sections_zh": N_("Headings in Chinese"),
}
CHANGES = {"added": N_("Added"), "removed": N_("Removed"), "moved": N_("Moved"),
           "changed": N_("Changed")}
SHIPPED = "shipped"
_SAVED = N_("The draft has been saved.")


def _compared(before: ScoredForm, after: ScoredForm) -> dict[str, Any]:
    return {"differences": compare(before, after), "headings": compare_headings(before, after)}


def _operations() -> FormOperations:
    found = operations_of(FormDraft)
    assert isinstance(found, FormOperations)
    return found


def _sentences(error: CarelineError) -> list[str]:
    if isinstance(error, Invalid):
        return [translate(one) for one in error.errors.values()]
    return [translate(error.message)]


def _sources() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the figures by which an item may be filled in: name and words, by plugin."""
    titles = {one.name: one.title for one in current_host().active_manifests}
    groups: dict[str, list[tuple[str, str]]] = {"": [(ATTENDANCE, gettext("Attendance"))]}
    for name, metric in metrics_by_name(personal=True).items():
        plugin = name.partition(".")[0]
        # The core's own figures are those of customers.
        title = titles[plugin][page_language()] if plugin in titles else gettext("Customers")
        groups.setdefault(title, []).append((name, translate(Message(metric.title))))
    return list(groups.items())


class FormsView(PageView):
    """Forms with points."""

    route_base = "/forms"
    default_view = "index"
    class_permission_name = "core.Forms"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("Forms with points")
    icon = "list-check"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all forms with their versions."""
        newest = (select(FormVersion.form_id, func.max(FormVersion.number).label("number"),
                         func.max(FormVersion.published_at).label("at"))
                  .group_by(FormVersion.form_id).subquery())
        rows = db.session.execute(
            select(FormDraft, newest.c.number, newest.c.at)
            .outerjoin(newest, newest.c.form_id == FormDraft.id)
            .order_by(FormDraft.retired, FormDraft.id)).all()
        return self.render_template(
            "admin/forms.html", view=self,
            newer=newer_shipped(db.session, [row.FormDraft for row in rows]),
            rows=[(row.FormDraft, ScoredForm.from_dict(row.FormDraft.content), row.number, row.at)
                  for row in rows], language=page_language())

    # --- the draft ---------------------------------------------------------------------------
    @expose("/new", methods=["POST"])
    @requires("edit")
    def add(self) -> BaseResponse:
        """Begin an empty form."""
        form = ScoredForm(gettext("New form") if page_language() != "zh" else "",
                          gettext("New form") if page_language() == "zh" else "")
        made = _operations().new(db.session, current_person(), form)
        return redirect(self.url("edit", pk=made.id))

    @expose("/<int:pk>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: int) -> BaseResponse | str | tuple[str, int]:
        """Show the draft as one page of fields, and take in what was typed."""
        record = self._form(pk)
        if request.method != "POST":
            return self._builder(record, editing.typed(ScoredForm.from_dict(record.content)))
        sent = editing.read_typed(request.form)
        do = request.form.get("do", "")
        place = editing.move(sent, do)
        form, errors = editing.read(sent)
        version = whole_number(request.form.get("version", ""), 10**9) or 0
        if errors:
            return self._builder(record, sent, errors), UNPROCESSABLE
        try:
            _operations().save_draft(db.session, current_person(), record, form, version)
            if do == "publish":
                made = _operations().publish(db.session, current_person(), record)
                flash(gettext("Version %(number)s is published.", number=made.number), "success")
            elif not place:
                flash(gettext(_SAVED), "success")
        except StaleRecord:
            sentence = gettext("Somebody else has changed this draft meanwhile. What you typed is "
                               "below; save again to replace theirs.")
            return self._builder(self._form(pk), sent, said=[sentence]), UNPROCESSABLE
        except CarelineError as error:
            return self._builder(self._form(pk), sent, said=_sentences(error)), UNPROCESSABLE
        return redirect(self.url("edit", pk=pk) + (f"#{place}" if place else ""))

    def _builder(
        self, record: FormDraft, typed: editing.TypedForm, errors: editing.Errors | None = None,
        said: list[str] | None = None,
    ) -> str:
        form, _unread = editing.read(typed)
        return self.render_template(
            "admin/form_builder.html", view=self, record=record, typed=typed,
            errors={name: translate(text) for name, text in (errors or {}).items()},
            said=said or [], faults=[translate(one) for one in problems(form)], form=form,
            kinds=KINDS, sides=SIDES, labels=FIELD_LABELS, language=page_language(),
            versions=self._versions(record), sources=_sources(),
            newer=record.id in newer_shipped(db.session, [record]))

    @expose("/<int:pk>/shipped", methods=["POST"])
    @requires("edit")
    def shipped(self, pk: int) -> BaseResponse:
        """Take over, as the draft, what ships with the product now, or decline it."""
        record, takes_over = self._form(pk), request.form.get("do") == "take"
        version = whole_number(request.form.get("version", ""), 10**9) or 0
        try:
            _operations().answer_shipped(
                db.session, current_person(), record, version, takes_over=takes_over)
            flash(gettext("The draft is now the form that ships. Look at it, and publish it.")
                  if takes_over else gettext("The form stays as it is."), "success")
        except StaleRecord:
            flash(gettext("Somebody else has changed this draft meanwhile. Look at it again."),
                  "danger")
        except CarelineError as error:
            flash(" ".join(_sentences(error)), "danger")
        return redirect(self.url("edit", pk=pk))

    @expose("/<int:pk>/retire", methods=["POST"])
    @requires("edit")
    def retire(self, pk: int) -> BaseResponse:
        """Take a form out of use, or back into it."""
        _operations().change(db.session, current_person(), self._form(pk), {
            "retired": request.form.get("retired") == "1"})
        return redirect(self.url())

    # --- looking at it -----------------------------------------------------------------------
    @expose("/<int:pk>/preview")
    @requires("list")
    def preview(self, pk: int) -> str:
        """Show how the draft, or a version, looks to those who fill it in."""
        record = self._form(pk)
        form = self._content(record)
        return self.render_template(
            "admin/form_preview.html", view=self, record=record, form=form,
            language=page_language(), score=score(form, {}), sides=SIDES,
            number=request.args.get("version", ""))

    @expose("/<int:pk>/versions")
    @requires("list")
    def versions(self, pk: int) -> str:
        """Show the versions of a form, and in what two of them differ."""
        record = self._form(pk)
        held = self._versions(record)
        numbers = [str(one.number) for one in held]
        after = request.args.get("after", "") or ""
        before = request.args.get("before", "") or (numbers[0] if numbers else "")
        return self.render_template(
            "admin/form_versions.html", view=self, record=record, versions=held, before=before,
            after=after, labels=FIELD_LABELS, changes=CHANGES, language=page_language(),
            title=ScoredForm.from_dict(record.content).text(page_language()),
            names={one.published_by_id: name_of(db.session, one.published_by_id) for one in held},
            **(_compared(self._version(record, before), self._version(record, after))
               if held else {}))

    # --- files -------------------------------------------------------------------------------
    @expose("/<int:pk>/export")
    @requires("list")
    def export(self, pk: int) -> Response:
        """Give the draft, or a version, as a YAML file."""
        record = self._form(pk)
        return Response(
            write_form(self._content(record)), mimetype="application/yaml", headers={
                "Content-Disposition": f'attachment; filename="form-{record.id}.yaml"'})

    @expose("/import", methods=["POST"])
    @requires("edit")
    def take_in(self) -> BaseResponse:
        """Make a form of a YAML file."""
        sent = request.files.get("file")
        try:
            form = read_form(sent.read(MOST_BYTES + 1) if sent else b"")
            made = _operations().new(db.session, current_person(), form)
        except BadFormFile as error:
            flash(translate(error.message), "danger")
            return redirect(self.url())
        except CarelineError as error:
            flash(" ".join(_sentences(error)), "danger")
            return redirect(self.url())
        return redirect(self.url("edit", pk=made.id))

    # --- looking up --------------------------------------------------------------------------
    @staticmethod
    def _form(pk: int) -> FormDraft:
        return db.session.get(FormDraft, pk) or abort(404)

    @staticmethod
    def _versions(record: FormDraft) -> list[FormVersion]:
        return list(db.session.scalars(
            select(FormVersion).where(FormVersion.form_id == record.id)
            .order_by(FormVersion.number.desc())))

    def _content(self, record: FormDraft) -> ScoredForm:
        return self._version(record, request.args.get("version", ""))

    @staticmethod
    def _version(record: FormDraft, number: str) -> ScoredForm:
        """Return a version by its number as text; the draft for an empty one, or what ships."""
        if not number:
            return ScoredForm.from_dict(record.content)
        if number == SHIPPED and record.shipped is not None:
            return ScoredForm.from_dict(record.shipped)
        wanted = whole_number(number, 10**6)
        held = db.session.scalar(select(FormVersion).where(
            FormVersion.form_id == record.id, FormVersion.number == wanted)) if wanted else None
        return ScoredForm.from_dict(held.content) if held is not None else abort(404)



def _title(entity: Any) -> Any:
    """Return the SQL of a form's title in the language of the request."""
    english = func.coalesce(func.nullif(entity.title, ""), func.nullif(entity.title_zh, ""),
                            entity.code)
    return in_language(english, entity.title_zh)


register_label(FormDraft, _title)
