"""What can be done with rows, as a screen offers it: buttons, dialogs, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.database import db
from app.screens.bulk.action_forms import offer_of
from app.screens.contracts import ActionOffer, RowOffers
from app.screens.forms.json_payload import BadPayload
from app.screens.screen import Part
from app.web.request import actor


class RecordActions(Part):
    """Actions of a screen; the operations of the record decide what they are."""

    def offers(self, record: Any) -> Sequence[ActionOffer]:
        """Return what can be done with a record, with reasons for what cannot be done now."""
        found = self.screen.operations.actions(db.session, actor(), record)
        return [offer_of(action, self.screen.declared.action_forms) for action in found]

    def bulk_offers(self) -> Sequence[ActionOffer]:
        """Return what can be done with several records at once."""
        found = self.screen.operations.bulk_actions(db.session, actor())
        return [offer_of(action, self.screen.declared.action_forms) for action in found]

    def row_offers(self, rows: Sequence[Any]) -> Mapping[int, RowOffers]:
        """Return what a row of a list offers by itself, by primary key; nothing by default.

        Args:
            rows: tuples whose first item is the primary key.
        """
        return {}

    def defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Return what an action's form is filled with at first.

        Args:
            name: name of the action.
            record: the record; ``None`` for several at once.
        """
        return {}

    @staticmethod
    def is_allowed(offer: ActionOffer) -> bool:
        """Return whether the caller holds the right that an action needs."""
        return offer.permission is None or actor().can(*offer.permission)

    def chosen(self, offers: Iterable[ActionOffer], name: str) -> ActionOffer:
        """Return the action with a name.

        Raises:
            NotFound: there is none, or, where something is sent, ``Conflict``: it was offered when
                the page was drawn, and the record has moved on since.
            Forbidden: the caller lacks the right.
        """
        offer = next((offer for offer in offers if offer.name == name), None)
        if offer is None:
            abort(409 if request.method == "POST" else 404)
        if not self.is_allowed(offer):
            abort(403)
        return offer

    def form(self, offer: ActionOffer, record: Any | None) -> FlaskForm:
        """Return the form of an action, filled with what was sent or with its defaults."""
        return (offer.form or FlaskForm)(**self.defaults(offer.name, record))

    @staticmethod
    def values(form: Any) -> dict[str, Any]:
        """Return the cleaned values of a valid form of an action."""
        cleaned = getattr(form, "cleaned", None)
        if cleaned is not None:
            return dict(cleaned)
        return {name: value for name, value in form.data.items() if name != "csrf_token"}

    def read(self, offer: ActionOffer, record: Any, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of an action from a JSON body, checked by the action's own form.

        What the body does not name stays as the form of the page would show it.

        Raises:
            BadPayload: they do not fit.
        """
        if offer.form is None:
            return {}
        pairs = MultiDict()
        for name, value in body.items():
            for item in value if isinstance(value, list) else [value]:
                pairs.add(name, "" if item is None else str(item).replace("\x00", ""))
        # The request itself has been checked for forgery already.
        form = offer.form(
            formdata=pairs, meta={"csrf": False}, **self.defaults(offer.name, record)
        )
        if not form.validate():
            raise BadPayload(
                {name or "": " ".join(map(str, errors)) for name, errors in form.errors.items()}
            )
        return self.values(form)
