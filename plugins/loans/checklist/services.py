"""The checklist of an application: what is asked for, handed in, checked, still to be brought.

Every act is part of the caller's write; who may do it when, the operations of applications decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.models import File
from app.sdk.people import local_today
from app.sdk.services import Actor, is_present, record_act, utcnow
from app.sdk.workflow import Message
from plugins.loans.applications.models import LoanApplication
from plugins.loans.checklist.models import LoanDocument
from plugins.loans.checklist.status import Status, expiry
from plugins.loans.choices import REJECTED
from plugins.loans.products.models import LoanDocumentKind, Requirement


def documents_of(session: Session, application: LoanApplication) -> list[LoanDocument]:
    """Return the documents of an application, required ones first, in the order of the list."""
    return list(session.scalars(
        select(LoanDocument).join(LoanDocumentKind, LoanDocumentKind.id == LoanDocument.kind_id)
        .where(LoanDocument.application_id == application.id)
        .order_by(LoanDocument.required.desc(), LoanDocumentKind.position, LoanDocument.id)))


def still_to_bring(
    documents: Iterable[LoanDocument], day: dt.date | None = None
) -> list[LoanDocument]:
    """Return the required documents that the customer has to bring, for the first time or again.

    Args:
        documents: those of an application.
        day: local date; today by default.
    """
    today = day or local_today()
    return [one for one in documents if one.required and not one.status(today).is_there]


def follow_product(session: Session, application: LoanApplication) -> None:
    """Let the checklist ask for what the product asks of a customer of this livelihood.

    What has been handed in stays, as not required where it is not asked for any more.

    Args:
        session: session with a running write.
        application: the application.
    """
    wanted = _wanted(session, application)
    for document in documents_of(session, application):
        requirement = wanted.pop(document.kind_id, None)
        if requirement is not None:
            document.required = requirement.required
            document.valid_days = requirement.valid_days
            document.expires_on = expiry(
                document.issued_on, document.valid_days, document.printed_expiry)
        elif document.file_id is None:
            session.delete(document)
        else:
            document.required = False
    session.add_all(
        LoanDocument(application_id=application.id, kind_id=kind_id, required=one.required,
                 valid_days=one.valid_days)
        for kind_id, one in wanted.items())
    session.flush()


def _wanted(session: Session, application: LoanApplication) -> dict[int, Requirement]:
    """Return what is asked for by kind; what a livelihood is asked for goes first."""
    found = session.scalars(
        select(Requirement).where(
            Requirement.product_id == application.product_id, is_present(Requirement),
            Requirement.condition.in_(("", application.employment)))
        .order_by(Requirement.condition, Requirement.id))
    return {one.kind_id: one for one in found}


def enter(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> LoanDocument:
    """Note that a document was handed in; what was found of an earlier one says nothing of it.

    Args:
        session: session with a running write.
        actor: who takes it in.
        application: the application.
        values: ``kind_id``, ``file_id`` of a file on the application (empty keeps the one that is
            there), ``issued_on`` and ``printed_expiry`` (local dates or ``None``).

    Raises:
        Invalid: there is no file, it lies on another record, or the dates contradict each other.
    """
    document = _of_kind(session, application, values["kind_id"])
    before = _held(document)
    file_id = int(values["file_id"]) if values.get("file_id") else document.file_id
    file = session.get(File, file_id) if file_id else None
    if file is None or file.deleted_at is not None or (
            file.record_type, file.record_id) != (application.__record_type__, application.id):
        raise Invalid({"file_id": Message(N_("Choose a file, or add one."))})
    issued, printed = values.get("issued_on"), values.get("printed_expiry")
    if issued is not None and issued > local_today():
        raise Invalid({"issued_on": Message(N_("The day of issue lies in the future."))})
    if issued is not None and printed is not None and printed < issued:
        raise Invalid({"printed_expiry": Message(N_("It cannot expire before it was issued."))})
    document.file, document.file_id = file, file.id
    document.issued_on, document.printed_expiry = issued, printed
    document.expires_on = expiry(issued, document.valid_days, printed)
    document.handed_in_at, document.handed_in_by_id = utcnow(), actor.user_id
    document.judgement, document.note = "", ""
    document.checked_by_id = document.checked_at = None
    _note(session, actor, application, document, before)
    return document


def judge(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any]
) -> LoanDocument:
    """Note how somebody judges a document.

    Args:
        session: session with a running write.
        actor: who has checked it.
        application: the application.
        values: ``kind_id``, ``judgement`` and ``note``, which a rejection needs.

    Raises:
        Invalid: it has not been handed in, or a rejection does not say why.
    """
    document = _of_kind(session, application, values["kind_id"])
    if document.status(local_today()) is Status.MISSING:
        raise Invalid({"kind_id": Message(N_("This document has not been handed in."))})
    if values["judgement"] == REJECTED and not values.get("note"):
        raise Invalid({"note": Message(N_("Say why it is rejected."))})
    before = _held(document)
    document.judgement, document.note = values["judgement"], values.get("note") or ""
    document.checked_by_id, document.checked_at = actor.user_id, utcnow()
    _note(session, actor, application, document, before)
    return document


def _of_kind(session: Session, application: LoanApplication, kind_id: int) -> LoanDocument:
    """Return the document of a kind; what is handed in beside the list is no required one."""
    found = session.scalar(select(LoanDocument).where(
        LoanDocument.application_id == application.id, LoanDocument.kind_id == kind_id))
    if found is None:
        found = LoanDocument(application_id=application.id, kind_id=kind_id, required=False)
        session.add(found)
        session.flush()
    return found


_KEPT = ("file_id", "issued_on", "printed_expiry", "expires_on", "judgement", "note")


def _held(document: LoanDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _KEPT}


def _note(
    session: Session, actor: Actor, application: LoanApplication, document: LoanDocument,
    before: Mapping[str, Any],
) -> None:
    """Write the audit trail of the document; the page of the application shows the checklist."""
    session.flush()
    after = _held(document)
    record_act(
        session, actor, "change", record_type=LoanDocument.__tablename__, record_id=document.id,
        number=application.number, changes={
            name: [before[name], after[name]] for name in _KEPT if before[name] != after[name]})


def names_in(documents: Sequence[LoanDocument], language: str) -> list[str]:
    """Return what documents are called in a language, ``zh`` or ``en``."""
    return [one.kind.titled(language) for one in documents]
