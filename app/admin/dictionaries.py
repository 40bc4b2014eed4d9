"""The screen of dictionaries (数据字典): the lists of values of all plugins, in one place."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, StringField
from wtforms.validators import Length

from app.admin.pages import UNPROCESSABLE, PageView, explain
from app.forms.choices import SelectChoice
from app.host.host import current_host
from app.lazy_texts import lazy_gettext
from app.records.dictionaries import (
    DICTIONARY_COLOURS,
    BadEntry,
    arrange_entries,
    entries_of,
    retire_entry,
    save_entry,
    sizes_of,
    uses_of,
)
from app.screens.columns.cells import badge
from app.screens.saved_views.ordering import stepped
from app.sdk import N_, DictionaryList
from app.sdk.screens import (
    Choice,
    current_person,
    go_to,
    is_partial,
    page_language,
    requires,
    translated,
    whole_number,
)
from app.sdk.services import db


class EntryForm(FlaskForm):
    """Asks for a value."""

    name_zh = StringField(lazy_gettext("Chinese name"), [Length(max=200)])
    name = StringField(
        lazy_gettext("English name"), [Length(max=200)],
        description=lazy_gettext("Left empty, the Chinese one is shown in both languages."),
    )
    code = StringField(
        lazy_gettext("Code"), [Length(max=60)],
        description=lazy_gettext("For files and the API. Left empty, it follows from the name."),
    )
    colour = RadioField(lazy_gettext("Colour"), choices=lambda: [
        SelectChoice(key, translated(text)) for key, text in DICTIONARY_COLOURS.items()])


def entry_title(entry: Any) -> str:
    """Return a value in the language of the page."""
    return (entry.name_zh if page_language() == "zh" else "") or entry.name


def entry_badge(entry: Any) -> Any:
    """Return a value as lists show it."""
    return badge(Choice(entry.id, entry_title(entry), entry.colour, "point"))


# The lists of the core say who works where: posts, skills.
OF_THE_CORE = N_("Organisation")


class DictionariesView(PageView):
    """Lists of values at the left, their values at the right."""

    route_base = "/dictionaries"
    default_view = "index"
    class_permission_name = "core.Dictionaries"
    base_permissions: ClassVar[list[str]] = ["can_list"]
    list_title = N_("Dictionaries")
    icon = "vocabulary"

    @expose("/")
    @requires("list")
    def index(self) -> BaseResponse | str:
        """Show the first list that the caller may see."""
        groups = self._groups()
        if groups:
            return redirect(self.url("show", name=groups[0][1][0].name))
        return self.render_template("admin/dictionaries.html", view=self, groups=[], chosen=None)

    @expose("/<name>")
    @requires("list")
    def show(self, name: str) -> str:
        """Show the values of a list with how often each is used."""
        chosen = self._list(name)
        groups = self._groups()
        moved = request.args.get("moved", "")
        return self.render_template(
            "admin/dictionaries.html", view=self, groups=groups, chosen=chosen,
            sizes=sizes_of(db.session, [one.model for _, lists in groups for one in lists]),
            entries=entries_of(db.session, chosen.model),
            uses=uses_of(db.session, chosen.model),
            may=self._may("can_edit", chosen), title_of=entry_title, badge_of=entry_badge,
            moved=whole_number(moved),
            way=request.args.get("way", ""),
        )

    @expose("/<name>/new", methods=["GET", "POST"])
    @requires("list")
    def add(self, name: str) -> BaseResponse | str | tuple[str, int]:
        """Ask for a new value, or add it."""
        return self._form_page(self._changeable(name), None)

    @expose("/<name>/<int:key>", methods=["GET", "POST"])
    @requires("list")
    def edit(self, name: str, key: int) -> BaseResponse | str | tuple[str, int]:
        """Ask what is to be different about a value, or change it."""
        chosen = self._changeable(name)
        held = {entry.id: entry for entry in entries_of(db.session, chosen.model)}.get(key)
        return self._form_page(chosen, held or abort(404))

    def _form_page(
        self, chosen: DictionaryList, held: Any
    ) -> BaseResponse | str | tuple[str, int]:
        form = EntryForm(obj=held)
        if request.method == "GET" and held is None:
            form.colour.data = ""
        if held is not None:
            del form.code
        if request.method == "POST" and form.validate():
            values = {field.name: field.data or "" for field in form if field.name in
                      ("name", "name_zh", "code", "colour")}
            try:
                save_entry(
                    db.session, current_person(), chosen.model, held.id if held else None,
                    values, request.form.get("seen", ""),
                )
            except BadEntry as error:
                explain(form, error.errors)
            else:
                flash(gettext("The value has been saved."), "success")
                return self._back(chosen)
        page = self.render_template(
            "admin/dictionary_form.html", view=self, form=form, chosen=chosen, held=held,
            seen=request.form.get("seen") or (held.digest() if held else ""),
            partial=is_partial(), colours=[
                (key, badge(Choice(key, translated(text), key, "point")))
                for key, text in DICTIONARY_COLOURS.items()
            ],
        )
        return (page, UNPROCESSABLE) if form.errors else page

    def _back(self, chosen: DictionaryList, **values: Any) -> BaseResponse:
        return go_to(self.url("show", name=chosen.name, **values))

    @expose("/<name>/order", methods=["POST"])
    @requires("list")
    def order(self, name: str) -> BaseResponse:
        """Put the values in the order sent; ``up`` or ``down`` moves a single one."""
        chosen = self._changeable(name)
        if "move" not in request.form:
            sent = request.form.getlist("key")
            keys = [key for text in sent if (key := whole_number(text)) is not None]
            arrange_entries(db.session, current_person(), chosen.model, keys)
            return self._back(chosen)
        keys = [one.id for one in entries_of(db.session, chosen.model)]
        keys = stepped(keys, request.form["move"])
        arrange_entries(db.session, current_person(), chosen.model, keys)
        way, _, moved = request.form["move"].partition(" ")
        return self._back(chosen, moved=moved, way=way)

    @expose("/<name>/<int:key>/retire", methods=["POST"])
    @requires("list")
    def retire(self, name: str, key: int) -> BaseResponse:
        """Take a value out of use, or back into it."""
        chosen = self._changeable(name)
        try:
            retire_entry(db.session, current_person(), chosen.model, key,
                         request.form.get("retired") == "1")
        except LookupError:
            abort(404)
        return self._back(chosen)

    # --- looking up --------------------------------------------------------------------------
    @staticmethod
    def _may(permission: str, one: DictionaryList) -> bool:
        return current_person().can(permission, one.view)

    def _groups(self) -> list[tuple[str, list[DictionaryList]]]:
        """Return the lists that the caller may see, by title of the plugin."""
        host = current_host()
        found: dict[str, list[DictionaryList]] = {}
        for one in host.dictionaries():
            if self._may("can_list", one):
                plugin = one.name.partition(".")[0]
                manifest = host.manifests.get(plugin)
                titles = manifest.title if manifest else {}
                title = titles.get(page_language()) or titles.get("en") or gettext(OF_THE_CORE)
                found.setdefault(title, []).append(one)
        return [(title, sorted(lists, key=lambda one: (one.order, one.name)))
                for title, lists in found.items()]

    def _list(self, name: str) -> DictionaryList:
        for _, lists in self._groups():
            for one in lists:
                if one.name == name:
                    return one
        abort(404)

    def _changeable(self, name: str) -> DictionaryList:
        chosen = self._list(name)
        if not self._may("can_edit", chosen):
            abort(403)
        return chosen
