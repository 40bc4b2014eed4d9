"""Verifying what is known of a customer, item by item: what was seen by whom, on what document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.sensitive.kinds import mask_numbers
from app.customers.contact_models import Contact
from app.customers.items import REJECTED, UNVERIFIED, VERIFIED, filled_items
from app.customers.models import Customer
from app.customers.profile_settings import wanted_items
from app.customers.template import item_labels, item_values
from app.customers.verification_models import DocumentKind, Verification
from app.database import utcnow
from app.errors import Invalid
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.i18n import N_, Message
from app.people.clock import local_zone
from app.people.services import name_column
from app.records.actions import AvailableAction
from app.records.models import File

VERIFY, REJECT = "verify", "reject"
MAY_VERIFY = ("can_verify", "core.Customer")
AUDIT_TYPE = Verification.__tablename__


def current_verifications(session: Session, customer_id: int) -> dict[str, Verification]:
    """Return the latest verification or rejection of each item; unverified items are left out.

    Args:
        session: any session.
        customer_id: the customer.
    """
    return {row.item: row for row, _name in latest_verifications(session, customer_id)}


def latest_verifications(
    session: Session, customer_id: int
) -> Sequence[tuple[Verification, str | None]]:
    """Return the latest verification or rejection of each item, and the name of who did it.

    One statement, with kinds of document and files.

    Args:
        session: any session.
        customer_id: the customer.
    """
    return [(row, name) for row, name in session.execute(
        select(Verification, name_column(Verification.by_id))
        .where(Verification.customer_id == customer_id, Verification.is_current,
               Verification.state != UNVERIFIED)
        .options(joinedload(Verification.document_kind), joinedload(Verification.file)))]


def verification_actions(
    session: Session, actor: Actor, customer: Customer
) -> Sequence[AvailableAction]:
    """Return the actions by which items of a customer are verified and rejected.

    Args:
        session: any session.
        actor: who would do it; items that they do not see are left out.
        customer: the customer.
    """
    filled, labels = filled_items(item_values(customer)), item_labels(session, actor)
    choices = tuple(Choice(name, labels[name]) for name in wanted_items(session).items
                    if name in filled and name in labels)
    blocked = None if choices else Message(N_("There is no information that could be verified."))
    common: dict[str, Any] = {"permission": MAY_VERIFY, "blocked": blocked}
    return (
        AvailableAction(
            name=VERIFY, label=N_("Verify information"), icon="rosette-discount-check",
            form=(lambda: _verify_form(choices, _files(session, customer))) if choices else None,
            **common),
        AvailableAction(
            name=REJECT, label=N_("Reject information"), icon="circle-x",
            form=_reject_form(choices) if choices else None, **common),
    )


def verify(
    session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any]
) -> None:
    """Note that items of a customer were verified.

    Args:
        session: session with a running write.
        actor: who verified them.
        customer: the customer.
        values: ``items``, ``document_kind_id``, and perhaps ``note`` and ``file_id``.

    Raises:
        Invalid: there is no such document, or it is out of use.
    """
    document = session.get(DocumentKind, values["document_kind_id"])
    if document is None or document.retired:
        raise Invalid({"document_kind_id": Message(N_("Choose one from the list."))})
    file_id = values.get("file_id")
    _enter(session, actor, customer, values["items"], VERIFIED, {
        "document_kind_id": document.id, "note": mask_numbers(values.get("note") or ""),
        "file_id": int(file_id) if file_id else None,
    })


def reject(
    session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any]
) -> None:
    """Note that items of a customer turned out to be wrong.

    Args:
        session: session with a running write.
        actor: who looked.
        customer: the customer.
        values: ``items`` and ``reason``.
    """
    _enter(session, actor, customer, values["items"], REJECTED, {
        "reason": mask_numbers(values["reason"])})


def lapse(session: Session, actor: Actor, customer: Customer, items: Collection[str]) -> None:
    """Let changed items be unverified again; those that are unverified stay as they are.

    Args:
        session: session with a running write.
        actor: who changed them.
        customer: the customer.
        items: names of the items.
    """
    _enter(session, actor, customer, items, UNVERIFIED, {})


def _enter(
    session: Session, actor: Actor, customer: Customer, items: Collection[str], state: str,
    evidence: Mapping[str, Any],
) -> None:
    before = {name: row.state for name, row in current_verifications(session, customer.id).items()}
    if state == UNVERIFIED:
        # What nobody has looked at has nothing to lose.
        items = [name for name in items if name in before]
    if not items:
        return
    session.execute(
        update(Verification)
        .where(Verification.customer_id == customer.id, Verification.item.in_(items),
               Verification.is_current)
        .values(is_current=False).execution_options(synchronize_session="fetch"))
    at = utcnow()
    contacts = _contacts_of(session, actor, customer, items) if state == VERIFIED else {}
    rows = [Verification(at=at, customer_id=customer.id, item=name, state=state,
                         by_id=actor.user_id, is_current=True, contact_id=contacts.get(name),
                         **evidence) for name in items]
    session.add_all(rows)
    session.flush()
    for row in rows:
        record_act(
            session, actor, state, record_type=AUDIT_TYPE, record_id=row.id,
            number=customer.number, reason=row.reason,
            changes={"item": [None, row.item],
                     "state": [before.get(row.item, UNVERIFIED), state]} | {
                key: [None, value] for key, value in evidence.items()
                if key != "reason" and value})


def _contacts_of(
    session: Session, actor: Actor, customer: Customer, items: Collection[str]
) -> dict[str, int]:
    """Return by item the actor's last contact with a customer, unless it has counted for it."""
    last = session.scalar(
        select(Contact.id)
        .where(Contact.customer_id == customer.id, Contact.by_id == actor.user_id, Contact.reached)
        .order_by(Contact.at.desc(), Contact.id.desc()).limit(1))
    if last is None:
        return {}
    counted = session.scalars(
        select(Verification.item).where(Verification.contact_id == last)).all()
    return {name: last for name in items if name not in counted}


def credit_contact(session: Session, contact: Contact) -> None:
    """Let a contact count for what its person has verified on the same day, before it was logged.

    Who verifies while the customer is on the phone enters the outcome of the call afterwards.

    Args:
        session: session with a running write.
        contact: a contact in which the customer was reached.
    """
    midnight = dt.datetime.combine(
        contact.at.astimezone(local_zone()).date(), dt.time(), local_zone())
    rows = session.scalars(
        select(Verification)
        .where(Verification.customer_id == contact.customer_id, Verification.state == VERIFIED,
               Verification.by_id == contact.by_id, Verification.contact_id.is_(None),
               Verification.at >= midnight, Verification.at <= contact.at)
        .order_by(Verification.id))
    for row in {row.item: row for row in rows}.values():
        row.contact_id = contact.id


def _files(session: Session, customer: Customer) -> tuple[Choice, ...]:
    rows = session.execute(
        select(File.id, File.name)
        .where(File.record_type == customer.__record_type__, File.record_id == customer.id,
               File.deleted_at.is_(None))
        .order_by(File.id.desc()))
    return tuple(Choice(str(key), name) for key, name in rows)


def _items_field(choices: tuple[Choice, ...]) -> Field:
    return Field("items", Kind.MULTI_CHOICE, N_("Information"), True, choices=choices)


def _verify_form(choices: tuple[Choice, ...], files: tuple[Choice, ...]) -> Form:
    return Form("verify_information", N_("Verify information"), (Section("main", "", (
        _items_field(choices),
        Field("document_kind_id", Kind.RECORD, N_("Evidence"), True,
              target=DocumentKind.__dictionary__),
        Field("note", Kind.TEXT, N_("Number or remark"), length=200,
              help=N_("Phone and identity numbers in it are kept masked.")),
        *([Field("file_id", Kind.CHOICE, N_("Attachment"), choices=files)] if files else []),
    )),))


def _reject_form(choices: tuple[Choice, ...]) -> Form:
    return Form("reject_information", N_("Reject information"), (Section("main", "", (
        _items_field(choices),
        Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400),
    )),))
