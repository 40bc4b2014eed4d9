"""Abilities over REST: which ones the caller has, and using them."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, abort, request
from flask_babel import gettext

from app.access.actor import Actor
from app.access.security import current_actor
from app.collaboration.abilities import abilities_of, call, require_ability
from app.collaboration.references import address_of, get, reference_of
from app.database import db
from app.errors import CarelineError, Invalid, NotPermitted
from app.forms.build import translate
from app.host.collaboration import Ability
from app.i18n import link_fields
from app.screens.api.write import json_response
from app.screens.forms import submissions
from app.web.texts import translated

PREFIX = "/api/v1/abilities"
_LONGEST_KEY = 255


def _described(ability: Ability) -> dict[str, Any]:
    fields = ability.form.fields if ability.form is not None else ()
    return {
        "name": ability.name, "title": translated(ability.title),
        "fields": [{"name": field.name, "kind": field.kind.value, "target": field.target,
                    "label": translated(field.label), "required": field.required}
                   for field in fields],
    }


def _body() -> dict[str, Any]:
    if not request.is_json:
        abort(415, description=gettext("Send JSON."))
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("values", {}), dict):
        abort(400, description=gettext("The body must be a JSON object."))
    return body


def _origin(person: Actor, given: Any) -> Any | None:
    if given is None:
        return None
    found = None
    if isinstance(given, dict) and isinstance(given.get("record_type"), str) and (
        type(given.get("id")) is int
    ):
        found = get(db.session, person, given["record_type"], given["id"])
    if found is None:
        abort(404, description=gettext("There is no such record."))
    return found


def _submission(person: Actor) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return ""
    if len(key) > _LONGEST_KEY:
        abort(422, description=gettext("At most %(most)s characters.", most=_LONGEST_KEY))
    name = submissions.name_of_key(request.path, key, request.get_data())
    if submissions.is_reused(db.session, person, name):
        abort(422, description=gettext("This key was used before with another body."))
    return name


def _use(person: Actor, name: str) -> Response:
    body = _body()
    origin = _origin(person, body.get("origin"))
    record, _made = submissions.create_once(
        db.session, person, _submission(person),
        lambda: call(db.session, person, name, body.get("values", {}), origin=origin),
    )
    if record is None:
        # Sent again: what came of it the first time stays, and is not done once more.
        answer = json_response({"message": gettext("This has been done already.")}, 200)
        answer.headers["Idempotency-Replayed"] = "true"
        return answer
    record_type, record_id = reference_of(record)
    return json_response({
        "record_type": record_type, "id": record_id, "number": record.number,
        "address": address_of(record_type, record_id),
    }, 201)


def install(app: Flask) -> None:
    """Add the addresses.

    Args:
        app: the application.
    """

    @app.get(f"{PREFIX}/", endpoint="abilities")
    def abilities() -> Response:
        """Return the abilities that the caller may use, with the fields of their forms."""
        person = current_actor()
        if person is None:
            abort(401)
        return json_response({"result": [_described(one) for one in abilities_of(person)]})

    @app.post(f"{PREFIX}/<name>", endpoint="use_ability")
    def use_ability(name: str) -> Response:
        """Use an ability with ``values``, and ``origin`` as ``{"record_type", "id"}``."""
        person = current_actor()
        if person is None:
            abort(401)
        try:
            require_ability(name, person)
        except NotPermitted:
            abort(403)
        except CarelineError as error:
            abort(404, description=translate(error.message))
        try:
            return _use(person, name)
        except Invalid as error:
            errors = {key: translate(message) for key, message in error.errors.items()}
            return json_response(
                {"message": gettext("Some values do not fit."), "errors": errors}, 422)
        except CarelineError as error:
            text = translate(error.message)
            return json_response({"message": text, **link_fields(text)}, 422)
