"""The first review (初审): complete, true, valid, each with who and when (L1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.people import local_today
from app.sdk.services import Actor, utcnow
from app.sdk.workflow import Message
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.rules import FINDING_COLUMNS
from plugins.loans.checklist.services import documents_of, still_to_bring
from plugins.loans.checklist.status import Status
from plugins.loans.choices import COMPLETE, FINDINGS, TRUE


def open_findings(application: LoanApplication) -> list[str]:
    """Return what nobody has confirmed yet, in order."""
    return [name for name, _label in FINDINGS
            if getattr(application, FINDING_COLUMNS[name][1]) is None]


def confirmed(
    session: Session, actor: Actor, application: LoanApplication, findings: Iterable[str]
) -> dict[str, Any]:
    """Return the columns with who confirms what and when.

    Complete are documents of which no required one is missing; true, if each required one was
    accepted; valid, if none has expired.

    Args:
        session: any session.
        actor: who confirms.
        application: the application.
        findings: ``complete``, ``true``, ``valid``.

    Raises:
        Invalid: the documents stand against it.
    """
    today, documents = local_today(), documents_of(session, application)
    required = [one.status(today) for one in documents if one.required]
    values: dict[str, Any] = {}
    for finding in findings:
        if finding == COMPLETE and Status.MISSING in required:
            raise _against(N_("Not complete: required documents are missing."))
        if finding == TRUE and any(one is not Status.ACCEPTED for one in required):
            raise _against(N_("Check each required document first; all have to be accepted."))
        if still_to_bring(documents, today):
            raise _against(N_("Required documents are missing, rejected or expired."))
        by, at = FINDING_COLUMNS[finding]
        values |= {by: actor.user_id, at: utcnow()}
    return values


def _against(text: str) -> Invalid:
    return Invalid({"findings": Message(text)})
