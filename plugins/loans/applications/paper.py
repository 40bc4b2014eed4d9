"""An application on paper: the data of its document, in the language of whoever prints it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.sdk.people import local_today
from app.sdk.screens import (
    page_language,
    print_context,
    translated,
    write_date,
    write_datetime,
)
from app.sdk.services import name_of, names_of
from plugins.loans.applications.approvals import every_round
from plugins.loans.applications.models import Approval, LoanApplication
from plugins.loans.applications.rules import FINDING_COLUMNS
from plugins.loans.applications.workflow import STATES
from plugins.loans.checklist.services import documents_of
from plugins.loans.checklist.status import STATUSES
from plugins.loans.choices import EMPLOYMENTS, FINDINGS, RESULTS, SOURCES, label_of
from plugins.loans.follow_ups.services import follow_ups_of


def paper(session: Session, application: LoanApplication) -> dict[str, Any]:
    """Return the data of an application's document; sensitive values stay masked.

    Args:
        session: any session.
        application: the application.
    """
    rounds = every_round(session, application.id)
    told = follow_ups_of(session, application.id)
    names = names_of(session, filter(None, (
        *(row.decided_by_id for row in rounds), *(row.in_place_of_id for row in rounds),
        *(row.by_id for row in told))))
    return {
        **print_context(gettext("Loan application"), application.number),
        "sections": [
            {"title": gettext("Applicant and loan"), "fields": _loan(application)},
            {"title": gettext("Income and credit"), "fields": _income(application)},
        ],
        "documents": _documents(session, application),
        "review": {"title": gettext("First review"), "fields": _review(session, application)},
        "approvals": {
            "title": gettext("Approval"),
            "header": [gettext("Round"), gettext("Post"), gettext("Approval decision"),
                       gettext("Decided by"), gettext("Decided at"), gettext("Remark")],
            "rows": [_approval(row, names) for row in rounds]},
        "follow_ups": {
            "title": gettext("Follow-up of the approval"),
            "entries": [{"at": _when(row.at), "who": names.get(row.by_id or 0, ""),
                         "what": row.contact or gettext("Follow-up"), "text": row.text}
                        for row in told]},
        "result": {"title": gettext("Result of the application"),
                   "fields": _result(application)},
        "signatures": [
            {"label": gettext("Taken in by"),
             "name": name_of(session, application.created_by_id),
             "at": _when(application.received_at)},
            {"label": gettext("First reviewer"),
             "name": name_of(session, application.reviewer_id),
             "at": _when(application.handed_over_at)},
        ],
    }


def _field(label: str, value: Any, wide: bool = False) -> dict[str, Any]:
    return {"label": label, "value": "" if value is None else str(value), "wide": wide}


def _when(moment: Any) -> str:
    return write_datetime(moment) if moment else ""


def _day(day: Any) -> str:
    return write_date(day) if day else ""


def _money(amount: Any) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def _value(pairs: tuple[tuple[str, str], ...], value: str) -> str:
    return translated(label_of(pairs, value)) if value else ""


def _loan(one: LoanApplication) -> list[dict[str, Any]]:
    state = next((state.label for state in STATES if state.name == one.state), one.state)
    return [
        _field(gettext("Customer name"), one.customer_name),
        _field(gettext("State"), translated(state)),
        _field(gettext("Loan product"), one.product.titled(page_language())),
        _field(gettext("Rate per year (%)"), f"{one.rate.normalize():f}"),
        _field(gettext("Amount of the loan"), _money(one.amount)),
        _field(gettext("Term in months"), one.term_months),
        _field(gettext("Down payment"), _money(one.down_payment)),
        _field(gettext("Monthly instalment"), _money(one.instalment)),
        _field(gettext("Vehicle wanted"), one.vehicle_text),
        _field(gettext("Price of the vehicle"), _money(one.vehicle_price)),
        _field(gettext("Source"), _value(SOURCES, one.source)),
        _field(gettext("Received at"), _when(one.received_at)),
    ]


def _income(one: LoanApplication) -> list[dict[str, Any]]:
    return [
        _field(gettext("Livelihood"), _value(EMPLOYMENTS, one.employment)),
        _field(gettext("Employer or business"), one.employer),
        _field(gettext("Monthly income"), one.monthly_income),
        _field(gettext("Credit record"), one.credit_record),
    ]


def _documents(session: Session, one: LoanApplication) -> dict[str, Any]:
    today, language = local_today(), page_language()
    rows = documents_of(session, one)
    names = names_of(session, filter(None, {row.checked_by_id for row in rows}))
    return {
        "title": gettext("Documents"),
        "header": [gettext("Loan document"), gettext("Required"), gettext("State"),
                   gettext("Date of issue"), gettext("Valid until"), gettext("Checked by")],
        "rows": [
            [row.kind.titled(language), gettext("Yes") if row.required else gettext("No"),
             translated(dict(STATUSES)[row.status(today)]), _day(row.issued_on),
             _day(row.expires_on), names.get(row.checked_by_id or 0, "")] for row in rows],
    }


def _review(session: Session, one: LoanApplication) -> list[dict[str, Any]]:
    by = {getattr(one, columns[0]) for columns in FINDING_COLUMNS.values()} - {None}
    names = names_of(session, by)
    return [
        _field(translated(label), " · ".join(filter(None, (
            names.get(getattr(one, columns[0]) or 0, ""), _when(getattr(one, columns[1]))))))
        for name, label in FINDINGS for columns in (FINDING_COLUMNS[name],)]


def _approval(row: Approval, names: dict[int, str]) -> Sequence[str]:
    name = names.get(row.decided_by_id or 0, "")
    if row.in_place_of_id is not None:
        name = gettext("%(name)s for %(other)s", name=name,
                       other=names.get(row.in_place_of_id, ""))
    return [str(row.round), row.post.titled(page_language()), _value(RESULTS, row.decision), name,
            _when(row.decided_at), row.note]


def _result(one: LoanApplication) -> list[dict[str, Any]]:
    reason = one.refusal_reason
    return [
        _field(gettext("Result of the application"), _value(RESULTS, one.result)),
        _field(gettext("Approved amount"), _money(one.approved_amount)),
        _field(gettext("Decided at"), _when(one.decided_at)),
        _field(gettext("Told at"), _when(one.told_at)),
        _field(gettext("Reason of refusal"),
               "" if reason is None else reason.titled(page_language()), wide=True),
        _field(gettext("Advice to the customer"), one.advice, wide=True),
        _field(gettext("What the customer was told"), one.told_text, wide=True),
    ]
