"""The writing half of every REST API: create, change, delete, act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, abort, request
from flask_appbuilder.api import expose
from flask_appbuilder.security.decorators import protect
from flask_babel import gettext

from app.database import db
from app.errors import CarelineError, Invalid, StaleRecord
from app.forms.build import translate
from app.i18n import link_fields
from app.records import reveals
from app.records.changes import waiting_of
from app.records.operations import Operations, operations_of
from app.screens.bulk.record_actions import RecordActions
from app.screens.columns.columns import Column
from app.screens.contracts import Choice
from app.screens.forms import submissions
from app.screens.forms.json_payload import BadPayload, read_payload
from app.screens.forms.record_forms import RecordForms
from app.screens.query.datamodel import RecordInterface
from app.screens.screen import Screen
from app.web.request import actor
from app.web.texts import translated

_ACCEPTED = 202
_CONFLICT = 409
_LONGEST_KEY = 255


def json_response(body: Any, status: int = 200) -> Response:
    """Return a JSON answer written by orjson.

    Args:
        body: what to write; dates, times and decimals included.
        status: HTTP status.
    """
    data = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(data, status=status, mimetype="application/json")


class ApiWriting:
    """Writing methods of ``RecordApi``; the operations of the record decide.

    Class attributes, which ``RecordApi`` sets:

        datamodel: reads the rows.
        columns: the columns by name, custom fields in force among them.
        show_columns, add_columns, edit_columns: names of those that are shown and written.
        class_permission_name: what the rights are on.
    """

    datamodel: RecordInterface
    columns: MutableMapping[str, Column]
    show_columns: Sequence[str]
    add_columns: Sequence[str]
    edit_columns: Sequence[str]
    class_permission_name: str

    if TYPE_CHECKING:
        # What reading gives to writing.
        @property
        def _screen(self) -> Screen | None: ...

        def choices_of(self, column: str) -> Sequence[Choice]: ...

        def _found(self, pk: Any) -> Any: ...

        def _item(self, pk: int) -> dict[str, Any]: ...

        def _seen_item(self, pk: int) -> dict[str, Any] | None: ...

    @property
    def operations(self) -> Operations:
        """The operations of the model: every write of this API goes through them."""
        return operations_of(self.datamodel.obj)

    def _body(self) -> dict[str, Any]:
        if not request.is_json:
            abort(415, description=gettext("Send JSON."))
        try:
            body = orjson.loads(request.get_data())
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            abort(400, description=gettext("The body must be a JSON object."))
        return body

    def _values(self, body: dict[str, Any], names: Iterable[str], partial: bool) -> dict[str, Any]:
        def selectable(column: Column, keys: Iterable[int]) -> Mapping[int, str]:
            interface = self.datamodel.get_related_interface(column.name)
            if self._screen is None:
                return interface.selectable(keys)
            return interface.selectable(
                keys, self._screen.part(RecordForms).option_conditions(column.name))

        columns = [self.columns[name] for name in names]
        values = read_payload(body, columns, self.choices_of, selectable, partial)
        emptied = [name for name, value in values.items()
                   if value is None and self._is_worked_out(name)]
        if partial and emptied:
            raise BadPayload({name: gettext("This field is required.") for name in emptied})
        return values

    def _is_worked_out(self, name: str) -> bool:
        """Return whether a column cannot be empty and has a default that is worked out once."""
        column = self.datamodel.obj.__mapper__.columns.get(name)
        return column is not None and not column.nullable and (
            column.default is not None and not column.default.is_scalar)

    def _key_of_request(self) -> str:
        """Return the name of a request with an ``Idempotency-Key``; empty without one.

        Raises:
            BadPayload: the key is too long, or came before with another body.
        """
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return ""
        if len(key) > _LONGEST_KEY:
            raise BadPayload({"Idempotency-Key": gettext(
                "At most %(most)s characters.", most=_LONGEST_KEY)})
        name = submissions.name_of_key(request.path, key, request.get_data())
        if submissions.is_reused(db.session, actor(), name):
            raise BadPayload({"Idempotency-Key": gettext(
                "This key was used before with another body.")})
        return name

    def _version(self, body: dict[str, Any]) -> int | None:
        version = body.pop("version", None)
        if version is None:
            version = request.args.get("version", type=int)
        if "version" not in self.datamodel.obj.__mapper__.columns:
            return None
        if type(version) is not int:
            raise BadPayload({"version": gettext("Say which version you read.")})
        return version

    def _write(self, work: Callable[[], Response]) -> Response:
        """Run a write and turn what can go wrong into answers."""
        try:
            return work()
        except StaleRecord as stale:
            return json_response(
                {"message": gettext("Someone changed the record meanwhile."),
                 "version": getattr(stale.record, "version", None),
                 "result": self._item(stale.record.id)}, _CONFLICT,
            )
        except Invalid as error:
            errors = {name: translate(message) for name, message in error.errors.items()}
            return json_response(
                {"message": gettext("Some values do not fit."), "errors": errors}, 422
            )
        except CarelineError as error:
            text = translate(error.message)
            return json_response({"message": text, **link_fields(text)}, 422)

    def _written(self, record: Any, status: int = 200) -> Response:
        """Answer with a row that was written; with what it is called where it is out of sight now.

        An act may take a record out of the caller's sight: it has been done all the same.
        """
        item = self._seen_item(record.id)
        if item is not None:
            return json_response({"id": record.id, "result": item}, status)
        known = ("id", "number", "state")
        left = {name: getattr(record, name) for name in known if hasattr(record, name)}
        message = gettext("You no longer see this record: it is with others now.")
        return json_response({"id": record.id, "result": left, "message": message}, status)

    @expose("/", methods=("POST",))
    @protect(allow_browser_login=True)
    def post(self) -> Response:
        """Create a row; sent again with the same ``Idempotency-Key``, it makes no second one."""

        def work() -> Response:
            values = self._values(self._body(), self.add_columns, partial=False)
            record, made = submissions.create_once(
                db.session, actor(), self._key_of_request(),
                lambda: self.operations.create(db.session, actor(), values),
            )
            if made is None:
                return self._written(record, 201)
            answer = self._written(self._found(made), 201)
            answer.headers["Idempotency-Replayed"] = "true"
            return answer

        return self._write(work)

    @expose("/<pk>", methods=("PUT",))
    @protect(allow_browser_login=True)
    def put(self, pk: str) -> Response:
        """Change a row; fields that are not sent stay. ``version`` is the one that was read.

        Where a part of the change waits for somebody's decision, the answer is 202 and says so.
        """
        record = self._found(pk)

        def work() -> Response:
            body = self._body()
            version = self._version(body)
            values = self._values(body, self.edit_columns, partial=True)
            changes = self.operations.change(db.session, actor(), record, values, version)
            waiting = waiting_of(changes)
            if waiting is None:
                return self._written(record)
            text = translate(waiting)
            # Accepted, and not written yet: somebody else decides on it.
            return json_response({"id": record.id, "result": self._item(record.id),
                                  "message": text, **link_fields(text)}, _ACCEPTED)

        return self._write(work)

    @expose("/<pk>", methods=("DELETE",))
    @protect(allow_browser_login=True)
    def delete(self, pk: str) -> Response:
        """Delete a row; ``?version=`` or the body says which version was read."""
        record = self._found(pk)

        def work() -> Response:
            version = self._version(self._body() if request.is_json else {})
            self.operations.delete(db.session, actor(), record, version)
            return json_response({"message": gettext("Deleted.")})

        return self._write(work)

    @expose("/<pk>/reveal", methods=("POST",))
    @protect(allow_browser_login=True)
    def reveal(self, pk: str) -> Response:
        """Return clear values of a row: ``fields`` names the columns, ``reason`` says why."""
        record, screen = self._found(pk), self.class_permission_name

        def work() -> Response:
            body = self._body()
            names = body.get("fields")
            known = [name for name in self.show_columns if self.columns[name].kind == "sensitive"]
            if not isinstance(names, list) or not names or not set(map(str, names)) <= set(known):
                raise BadPayload({"fields": gettext("There is no such field.")})
            try:
                clear = reveals.reveal(
                    db.session, actor(), record, names, str(body.get("reason") or ""), screen)
            except reveals.NoReason:
                raise BadPayload({"reason": gettext("Give a reason.")}) from None
            except reveals.NotRevealed:
                abort(403)
            return json_response({"id": record.id, "result": clear})

        return self._write(work)

    @expose("/<pk>/actions/<name>", methods=("POST",))
    @protect(allow_browser_login=True)
    def act(self, pk: str, name: str) -> Response:
        """Do what the record page offers under that name, by the same rules."""
        record = self._found(pk)
        actions = self._screen.part(RecordActions) if self._screen is not None else None
        offers = actions.offers(record) if actions is not None else ()
        offer = next((offer for offer in offers if offer.name == name), None)
        if actions is None or offer is None:
            abort(_CONFLICT, description=gettext("This is not possible in the present state."))
        if not actions.is_allowed(offer):
            abort(403)
        if offer.blocked_reason:
            abort(_CONFLICT, description=translated(offer.blocked_reason))

        def work() -> Response:
            body = self._body()
            version = self._version(body)
            self.operations.act(
                db.session, actor(), record, name, actions.read(offer, record, body), version
            )
            return self._written(record)

        return self._write(work)
