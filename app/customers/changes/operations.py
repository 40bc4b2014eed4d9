"""Operations on requests to change protected data of customers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import change_set
from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.values import SensitiveValue
from app.customers.changes.models import (
    APPROVED,
    DOCUMENTS,
    INCOMPLETE,
    OPEN,
    UNDECIDED,
    ChangeRequest,
    RequestedChange,
)
from app.customers.changes.rules import DECIDE, LABELS, VIEW, fields_by_key, needs_document
from app.customers.changes.second_person import (
    APPROVE,
    OWN,
    REJECT,
    WITHDRAW,
    WITHDRAWAL,
    SecondPersonOperations,
    rejection,
)
from app.customers.models import Customer
from app.errors import Invalid, Rejected
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.i18n import N_, Link, Message
from app.people.services import name_of
from app.records import saving
from app.records.actions import AvailableAction, Done
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.definitions import LONG_KINDS, CustomField
from app.records.files import attachments
from app.records.mixin import is_present
from app.records.operations import operations_of
from app.records.values import held_value, is_empty

ADDRESS = "/change-requests"
DOCUMENT = "document"
_MAY_DECIDE = (DECIDE, VIEW)
DOCUMENT_FORM = Form(DOCUMENT, N_("Reason and document"), (Section("main", "", (
    Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400),
    Field("document_kind", Kind.CHOICE, N_("Kind of document"),
          choices=tuple(Choice(value, label) for value, label in DOCUMENTS)),
    Field("document_number", Kind.TEXT, N_("Number of the document"), length=80,
          help=N_("Left empty where the document is attached to the request as a file.")),
)),))
_DOCUMENT = AvailableAction(
    name=DOCUMENT, label=N_("Add reason and document"), icon="file-certificate",
    form=DOCUMENT_FORM, bulk=True)
_APPROVE = AvailableAction(
    name=APPROVE, label=N_("Approve"), icon="check", permission=_MAY_DECIDE, primary=True,
    confirm=N_("Write the new values to the customer's data?"), bulk=True)
_REJECT = rejection(_MAY_DECIDE)
_LONGEST_NAMES = ChangeRequest.__table__.c.fields.type.length
NO_DOCUMENT = N_("Reason and document are still missing.")


class ChangeRequestOperations(SecondPersonOperations):
    """Operations on requests: made by a change of the customer, decided by another person."""

    _made_by = N_("A request comes about by changing the customer.")

    # --- asking ------------------------------------------------------------------------------
    def ask(
        self, session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any],
        reason: str = "",
    ) -> Message:
        """Ask for a change of protected data; part of the running write.

        Args:
            session: session with a running write.
            actor: who asks.
            customer: whose data, locked.
            values: the new values by column.
            reason: why, in the actor's words.

        Returns:
            A sentence that says what waits, with a link to the request.

        Raises:
            Invalid: a change of one of them is waiting already.
        """
        waiting = undecided(session, customer.id)
        taken = {line.name: request for request in waiting for line in request.lines}
        if twice := sorted(taken.keys() & values.keys()):
            raise Invalid({name: _waits_already(taken[name]) for name in twice})
        complete = bool(reason) and not needs_document(session)
        names = [*(name for name in LABELS if name in values),
                 *(name for name in values if name not in LABELS)]
        record = self._insert(session, actor, {
            "customer_id": customer.id, "change_set": change_set(session),
            "fields": _names_that_fit(names), "reason": reason[:400], "maker_id": actor.user_id,
            "status": OPEN if complete else INCOMPLETE,
        }, reason)
        session.add_all(
            RequestedChange(request_id=record.id, name=name,
                            **_kept(session, name, held_value(customer, name), values[name]))
            for name in names)
        session.flush()
        text = N_("The change of protected data waits for approval.") if complete else N_(
            "The change of protected data waits for approval: add reason and document.")
        return Message(text, link=Link(f"{ADDRESS}/show/{record.id}", record.number))

    # --- steps -------------------------------------------------------------------------------
    def actions(
        self, session: Session, actor: Actor, record: ChangeRequest
    ) -> Sequence[AvailableAction]:
        """Return what the maker, and what others, can do with an undecided request."""
        if record.status not in UNDECIDED or record.is_away:
            return ()
        if record.maker_id == actor.user_id:
            own = Message(OWN)
            return (_of(_DOCUMENT, primary=record.status == INCOMPLETE),
                    _of(WITHDRAWAL), _of(_APPROVE, own), _of(_REJECT, own))
        return _of(_APPROVE, self._against(session, actor, record)), _of(_REJECT)

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return the steps: what one person asked for in one go is decided together."""
        return _DOCUMENT, _APPROVE, _REJECT, WITHDRAWAL

    def carry_out(
        self, session: Session, actor: Actor, record: ChangeRequest, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Take a step."""
        steps = {DOCUMENT: self._complete, APPROVE: self._approve, REJECT: self._reject,
                 WITHDRAW: self._withdraw}
        return Done(steps[name](session, actor, record, values))

    def _complete(
        self, session: Session, actor: Actor, record: ChangeRequest, values: Mapping[str, Any]
    ) -> Message:
        number = values.get("document_number") or ""
        if not number and needs_document(session) and not attachments(session, record):
            raise Invalid({"document_number": Message(
                N_("Enter the number of the document, or attach the document as a file first."))})
        if number and not values.get("document_kind"):
            raise Invalid({"document_kind": Message(N_("Say what kind of document it is."))})
        self.store(session, actor, record, {
            "reason": values["reason"], "document_kind": values.get("document_kind") or "",
            "document_number": number, "status": OPEN})
        return Message(N_("The request waits for approval."))

    def _approve(
        self, session: Session, actor: Actor, record: ChangeRequest, values: Mapping[str, Any]
    ) -> Message:
        customer = saving.lock(session, session.get_one(Customer, record.customer_id))
        # Whoever changed the customer since then has the lock no more: what counts is asked now.
        against = self._against(session, actor, record)
        if against is not None:
            raise Rejected(against)
        maker = name_of(session, record.maker_id)
        operations_of(Customer).store(
            session, actor, customer, requested_values(session, record),
            reason=f"{record.number} {maker}: {record.reason}"[:500])
        self._decide(session, actor, record, {"status": APPROVED})
        return Message(N_("The change is approved and written."))

    def _against(self, session: Session, actor: Actor, record: ChangeRequest) -> Message | None:
        """Return why a request of somebody else cannot be approved now, or ``None``."""
        if record.status == INCOMPLETE:
            return Message(NO_DOCUMENT)
        if changed := changed_since(session, record):
            return Message(N_(
                "%(fields)s: changed since the request was made. It has to be made anew."),
                {"fields": " / ".join(changed)})
        try:
            values = requested_values(session, record)
        except BadValue as error:
            return next(iter(error.errors.values()))
        errors = operations_of(Customer).problems(session, actor, record.customer, values)
        return next(iter(errors.values()), None)


def undecided(session: Session, customer_id: int) -> Sequence[ChangeRequest]:
    """Return the requests on a customer that nobody has decided on, oldest first."""
    return session.scalars(
        select(ChangeRequest)
        .where(ChangeRequest.customer_id == customer_id, is_present(ChangeRequest),
               ChangeRequest.status.in_(UNDECIDED))
        .order_by(ChangeRequest.id)
    ).all()


def changed_since(session: Session, record: ChangeRequest) -> list[str]:
    """Return the columns of a request that hold another value than when it was made."""
    return [line.name for line in record.lines if has_changed(session, record.customer, line)]


def has_changed(session: Session, customer: Customer, line: RequestedChange) -> bool:
    """Return whether a customer holds another value than when a line was written.

    A long value of before that no key in force can read is taken for another one.
    """
    held, field = held_value(customer, line.name), fields_by_key(session).get(line.name)
    if field is None:
        return bool(held != line.before)
    if field.kind in LONG_KINDS:
        return line.long_values is None or held != line.long_values["before"]
    return bool(field.as_text(held) != line.before)


def requested_values(session: Session, record: ChangeRequest) -> dict[str, Any]:
    """Return the values that a request asks for, by column, as the columns take them.

    Raises:
        BadValue: the definition of a custom field was changed, and the value fits no more.
    """
    sensitive, custom = sensitive_columns(Customer), fields_by_key(session)
    return {
        line.name: _asked_for(custom[line.name], line) if line.name in custom
        else line.after if line.name in sensitive else _revealed(line.after)
        for line in record.lines}


def _asked_for(field: CustomField, line: RequestedChange) -> Any:
    if field.kind in LONG_KINDS:
        return field.clean(line.long_values["after"])
    return field.from_text(_revealed(line.after))


def _kept(session: Session, name: str, before: Any, after: Any) -> dict[str, Any]:
    """Return both values of a column, or of a custom field by its key, as a line keeps them."""
    field = fields_by_key(session).get(name)
    if field is not None and field.kind in LONG_KINDS:
        return {"long_values": {"before": before, "after": after}}
    as_text = _clear_text if field is None else field.as_text
    return {"before": as_text(before), "after": as_text(after)}


def _clear_text(value: Any) -> Any:
    return "" if is_empty(value) else _revealed(value)


def _revealed(value: Any) -> Any:
    return value.reveal() if isinstance(value, SensitiveValue) else value


def _names_that_fit(names: Sequence[str]) -> str:
    """Return names for the column of lists, as many as fit; the lines hold all of them."""
    text = " ".join(names)
    return text if len(text) <= _LONGEST_NAMES else text[:_LONGEST_NAMES].rpartition(" ")[0]


def _of(action: AvailableAction, blocked: Message | None = None, **more: Any) -> AvailableAction:
    return dataclasses.replace(action, blocked=blocked, **more)


def _waits_already(request: ChangeRequest) -> Message:
    return Message(N_("A change of this is waiting for approval already."),
                   link=Link(f"{ADDRESS}/show/{request.id}", request.number))

