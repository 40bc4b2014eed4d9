"""Suggestions while typing: the panel of a form, what it asks for and what it reports."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

from flask import Response, abort, request
from flask_appbuilder.baseviews import BaseView, expose

from app.access.actor import Actor
from app.collaboration import suggestions
from app.collaboration.references import get
from app.database import db
from app.forms.build import translate
from app.host.suggestions import Typed
from app.screens.screen import Screen
from app.web.input_limits import whole_number
from app.web.request import actor

ANSWERS = "suggestion_answered"
"""Name of the hidden fields that carry which suggestions answered what a new record says."""
_MAY_TYPE = ("can_add", "can_edit")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionPanel:
    """The panel of one form.

    Attributes:
        place: name that the permissions of the screen are on.
        fields: names of the fields whose contents are asked about.
        into: name of the field that texts are inserted into; empty for the one typed into last.
        record: kind and key of the record, ``complaints.complaint:5``; the kind alone while new.
        after: name of the field that the panel stands below.
        said: text that is asked about before what the fields hold.
    """

    place: str
    fields: Sequence[str]
    into: str
    record: str
    after: str
    said: str = ""


def panel_of(
    screen: Screen, record: Any | None = None, among: Collection[str] | None = None
) -> SuggestionPanel | None:
    """Return the panel of a form; ``None`` where nothing is declared or nobody offers anything.

    Args:
        screen: the screen; its ``suggests_from`` names the fields.
        record: the record that is changed; ``None`` for a new one.
        among: names of the fields of the form; all by default.
    """
    declared = screen.declared
    fields = [name for name in declared.suggests_from if among is None or name in among]
    if not fields or not suggestions.sources_of(actor()):
        return None
    kind = getattr(screen.model, "__record_type__", "")
    return SuggestionPanel(
        place=screen.class_permission_name, fields=fields, into=declared.suggests_into,
        record=kind if record is None else f"{kind}:{record.id}", after=fields[-1],
    )


def dialog_panel_of(
    screen: Screen, record: Any, action: str, fields: Collection[str]
) -> SuggestionPanel | None:
    """Return the panel of the dialog of an action; see ``suggests_in`` of screens.

    Args:
        screen: the screen.
        record: the record; what it was asked stands in it already.
        action: name of the action.
        fields: names of the fields of the dialog.

    Returns:
        ``None`` where none is declared, nobody offers anything, or the caller may change nothing.
    """
    declared, person = screen.declared, actor()
    into = declared.suggests_in.get(action, "")
    if into not in fields or not _may_type(person, screen.class_permission_name) \
            or not suggestions.sources_of(person):
        return None
    said = [str(getattr(record, name) or "") for name in declared.suggests_from]
    return SuggestionPanel(
        place=screen.class_permission_name, fields=(), into=into, after=into,
        record=f"{screen.model.__record_type__}:{record.id}", said="\n".join(filter(None, said)))


def note_form_answers(screen: Screen, record: Any) -> None:
    """Tell the sources which suggestions the form of a new record names as its answers.

    Args:
        screen: the screen of the form.
        record: the record that came of it.
    """
    names = request.form.getlist(ANSWERS)
    if names:
        text = "\n".join(request.form.get(name, "") for name in screen.declared.suggests_from)
        typed = suggestions.typed_of(
            text, record_type=getattr(record, "__record_type__", ""), record=record)
        suggestions.note_answers(db.session, actor(), typed, names)


class SuggestView(BaseView):
    """Answers panels while somebody types.

    Texts come by POST: they are a customer's words and belong into no log of addresses.
    """

    route_base = "/suggestions"
    class_permission_name = "core.Suggestions"
    base_permissions: list[str] = []
    default_view = "suggest"

    @expose("/<place>", methods=["POST"])
    def suggest(self, place: str) -> str:
        """Return the suggestions and warnings for what was typed, as a part of the page."""
        typed = _typed(place)
        person = actor()
        return self.render_template(
            "screens/forms/_suggestion_list.html",
            groups=suggestions.suggestions(db.session, person, typed),
            warnings=[translate(one) for one in suggestions.warnings(db.session, person, typed)],
            asked=bool(typed.text),
        )

    @expose("/<place>/used", methods=["POST"])
    def used(self, place: str) -> Response:
        """Note what was done with a suggestion."""
        typed = _typed(place)
        noted = suggestions.note_use(
            db.session, actor(), typed, _sent("name")[:200], _sent("use"))
        return Response(status=204 if noted else 404)


def _may_type(person: Actor, place: str) -> bool:
    return any(person.can(permission, place) for permission in _MAY_TYPE)


def _sent(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "")


def _typed(place: str) -> Typed:
    person = actor()
    if not _may_type(person, place):
        abort(403)
    kind, _, key = _sent("record").partition(":")
    record = None
    if key:
        number = whole_number(key)
        record = None if number is None else get(db.session, person, kind, number)
        if record is None:
            abort(404)
    return suggestions.typed_of(
        _sent("text"), _sent("all_text"), _sent("context"), kind[:80], record)
