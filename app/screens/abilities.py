"""The page of an ability: its form, and the way back to where the person came from."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.access.actor import Actor
from app.access.security import current_actor
from app.collaboration.abilities import AbilityMissing, call, defaults_of, require_ability
from app.collaboration.references import address_of, get, reference_of
from app.database import db
from app.errors import CarelineError, Invalid, NotPermitted
from app.forms.build import form_class, translate
from app.host.collaboration import Ability
from app.screens.forms import submissions
from app.web.formats import zone
from app.web.input_limits import whole_number
from app.web.request import go_to, is_partial, safe_next
from app.web.texts import translated

_UNPROCESSABLE = 422


def read_origin(person: Actor, text: str) -> Any | None:
    """Return the record that an ability starts from; ``None`` where none is named.

    Args:
        person: who asks.
        text: kind and key, e.g. ``customers.customer:7``.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    if not text:
        return None
    record_type, _, key = text.partition(":")
    number = whole_number(key)
    found = None if number is None else get(db.session, person, record_type, number)
    if found is None:
        abort(404)
    return found


class AbilityView(BaseView):
    """Asks for what an ability needs, uses it, and leads back."""

    route_base = "/abilities"
    class_permission_name = "core.Abilities"
    base_permissions: list[str] = []
    default_view = "ask"

    @expose("/<name>", methods=["GET", "POST"])
    def ask(self, name: str) -> Response | tuple[str, int] | str:
        """Show the form of an ability, or use the ability."""
        person = current_actor()
        if person is None:
            if request.method != "GET" or is_partial():
                abort(401)
            return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
        ability = _ability_of(person, name)
        origin = read_origin(person, request.values.get("origin", ""))
        form = _form(ability, person, origin)
        if request.method == "GET":
            return self._page(ability, form, origin)
        if not form.validate():
            return self._page(ability, form, origin), _UNPROCESSABLE
        try:
            record, made = submissions.create_once(
                db.session, person, submissions.name_of(f"ability {name}", request.form),
                lambda: call(db.session, person, name, _values(form), origin=origin),
            )
        except CarelineError as error:
            _explain(form, error)
            return self._page(ability, form, origin), _UNPROCESSABLE
        if made is None:
            _flash_done(ability, record)
        return go_to(_onward(origin, record))

    @expose("/<name>/at-once", methods=["POST"])
    def at_once(self, name: str) -> Response:
        """Use an ability with what its form is filled with at first; lead to what came of it."""
        person = current_actor()
        if person is None:
            abort(401)
        ability = _ability_of(person, name)
        origin = read_origin(person, request.form.get("origin", ""))
        try:
            record, made = submissions.create_once(
                db.session, person, submissions.name_of(f"ability {name}", request.form),
                lambda: call(db.session, person, name,
                             defaults_of(db.session, person, ability, origin), origin=origin),
            )
        except CarelineError as error:
            flash(translate(error.message), "warning")
            return go_to(_onward(origin, None))
        if made is None:
            _flash_done(ability, record)
        # Clicked twice: what came of the first click is linked with the origin.
        return go_to(_onward(origin, None) if record is None
                     else address_of(*reference_of(record)))

    def _page(self, ability: Ability, form: Any, origin: Any) -> str:
        return self.render_template(
            "screens/abilities/ability.html", ability=ability, form=form, origin=origin,
            partial=is_partial(), next_url=_onward(origin, None), title=translated(ability.title),
            origin_key="{}:{}".format(*reference_of(origin)) if origin is not None else "",
        )


def _ability_of(person: Actor, name: str) -> Ability:
    """Return an ability that a person may use.

    Raises:
        NotFound: no plugin in force has it.
        Forbidden: the person lacks the permission.
    """
    try:
        return require_ability(name, person)
    except AbilityMissing:
        abort(404)
    except NotPermitted:
        abort(403)


def _flash_done(ability: Ability, record: Any) -> None:
    flash(gettext("%(action)s: %(record)s", action=translated(ability.title),
                  record=str(record)), "success")


def _form(ability: Ability, person: Actor, origin: Any) -> FlaskForm:
    made = FlaskForm if ability.form is None else form_class(ability.form)
    # Defaults are read for a page only: what is sent counts as it came.
    defaults = {} if request.method == "POST" else defaults_of(db.session, person, ability, origin)
    form = made(**defaults)
    # Read by its fields for moments.
    vars(form)["zone"] = zone()
    return form


def _values(form: Any) -> dict[str, Any]:
    return dict(getattr(form, "cleaned", {}))


def _explain(form: Any, error: CarelineError) -> None:
    if not isinstance(error, Invalid):
        form.form_errors.append(translate(error.message))
        return
    for name, message in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, translate(message)]
        else:
            form.form_errors.append(translate(message))


def _onward(origin: Any, record: Any) -> str:
    """Return where the person goes: as asked for, to the origin, or to what came of it."""
    fallback = "/"
    if origin is not None:
        fallback = address_of(*reference_of(origin))
    elif record is not None:
        fallback = address_of(*reference_of(record))
    return safe_next(request.values.get("next"), fallback)
