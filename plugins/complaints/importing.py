"""Complaints from files: our own columns in both languages, and the register of the US CFPB."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.importing import (
    CREATED,
    SKIP,
    SKIPPED,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Kind,
    Outcome,
    Problem,
)
from app.sdk.services import (
    Actor,
    canonical_phone,
    index_many,
    next_numbers,
    record_act,
    reserve_ids,
    scope_filter,
    search_document,
    update,
    utcnow,
    workflow_in_force,
)
from app.sdk.workflow import Message
from plugins.complaints.models import Channel, Complaint, RegulatorReport
from plugins.complaints.services import subject_of
from plugins.complaints.workflow import NAME, VIEW

NAME_OF_IMPORTER = "complaints.complaints"
CFPB = "cfpb"
# The register tells the day; noon keeps it the same day wherever it is looked at.
_NOON_UTC = dt.time(4, 0)
# East of everybody else a day begins 14 hours before it does in UTC.
_FIRST_TO_SEE_A_DAY = dt.timedelta(hours=14)
_IN_PROGRESS = "In progress"
REPORT_FIELDS = ("company", "postcode", "tags", "consent", "sent_on", "response",
                 "public_response", "timely", "disputed", "origin")

FIELDS = (
    ImportField(name="external_id", label=N_("External number"), required=True, length=40,
                aliases=("外部编号", "投诉编号", "编号", "Complaint ID", "complaint_id")),
    ImportField(name="received_on", label=N_("Received on"), kind=Kind.DATE, required=True,
                aliases=("受理日期", "投诉日期", "日期", "Date received")),
    ImportField(name="channel", label=N_("Channel"), length=60,
                aliases=("投诉渠道", "渠道", "Submitted via")),
    ImportField(name="subject", label=N_("Subject"), aliases=("主题", "标题")),
    ImportField(name="customer_name", label=N_("Customer name"), length=120,
                aliases=("客户姓名", "姓名", "客户")),
    ImportField(name="contact", label=N_("Contact"), length=80,
                aliases=("联系方式", "联系电话", "电话", "手机")),
    ImportField(name="reason", label=N_("What happened"), kind=Kind.LONG_TEXT,
                aliases=("投诉理由", "投诉内容", "事由", "Consumer complaint narrative")),
    ImportField(name="demand", label=N_("What the customer demands"), kind=Kind.LONG_TEXT,
                aliases=("投诉要求", "诉求")),
    ImportField(name="product", label=N_("Product"), length=120, aliases=("产品",)),
    ImportField(name="sub_product", label=N_("Sub-product"), length=120,
                aliases=("子产品", "Sub-product")),
    ImportField(name="issue", label=N_("Issue"), length=120, aliases=("问题",)),
    ImportField(name="sub_issue", label=N_("Sub-issue"), length=120, aliases=("子问题",)),
    ImportField(name="region", label=N_("Region"), length=40, aliases=("地区", "State")),
    ImportField(name="company", label=N_("Company"), length=160, aliases=("公司",)),
    ImportField(name="postcode", label=N_("Postcode"), length=12, aliases=("邮编", "ZIP code")),
    ImportField(name="tags", label=N_("Tags"), length=80, aliases=("标签",)),
    ImportField(name="consent", label=N_("Consent to publish"), length=40,
                aliases=("Consumer consent provided?",)),
    ImportField(name="sent_on", label=N_("Sent to the company on"), kind=Kind.DATE,
                aliases=("转交日期", "Date sent to company")),
    ImportField(name="response", label=N_("Company response"), length=60,
                aliases=("答复", "Company response to consumer")),
    ImportField(name="public_response", label=N_("Public response"), length=200,
                aliases=("Company public response",)),
    ImportField(name="timely", label=N_("Timely response"), length=8,
                aliases=("是否及时", "Timely response?")),
    ImportField(name="disputed", label=N_("Disputed by the customer"), length=8,
                aliases=("Consumer disputed?",)),
    ImportField(name="origin", label=N_("Origin"), length=40, aliases=("来源", "source")),
)
# Field to column of the CFPB's export.
CFPB_MAPPING = {
    "external_id": "Complaint ID", "received_on": "Date received", "channel": "Submitted via",
    "reason": "Consumer complaint narrative", "product": "Product", "sub_product": "Sub-product",
    "issue": "Issue", "sub_issue": "Sub-issue", "region": "State", "company": "Company",
    "postcode": "ZIP code", "tags": "Tags", "consent": "Consumer consent provided?",
    "sent_on": "Date sent to company", "response": "Company response to consumer",
    "public_response": "Company public response", "timely": "Timely response?",
    "disputed": "Consumer disputed?", "origin": "source",
}


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
) -> list[Outcome]:
    """Write rows in the caller's transaction, with numbers, search words and an audit entry.

    A row that was read in before, known by its external number, is left or brought up to date.
    Imported complaints come with their result: those in progress stand at the state "recorded",
    the others are archived. Their clocks ran elsewhere and do not start here.

    Args:
        session: session with a running write.
        actor: who imports.
        rows: checked rows.
        on_existing: ``skip`` or ``update``.
    """
    known = _known(session, [row.values["external_id"] for row in rows])
    channels = _channels(session, (row.values.get("channel") for row in rows))
    fresh = [row for row in rows if row.values["external_id"] not in known]
    outcomes = {row.line: Outcome(row.line, CREATED) for row in fresh}
    _create(session, actor, fresh, channels)
    changed = 0
    for row in rows:
        if row.line in outcomes:
            continue
        pk = known[row.values["external_id"]]
        if on_existing != SKIP and _update(session, actor, pk, row, channels):
            outcomes[row.line] = Outcome(row.line, UPDATED)
            changed += 1
        else:
            outcomes[row.line] = Outcome(row.line, SKIPPED)
    if fresh or changed:
        record_act(session, actor, "import", record_type=Complaint.__record_type__,
                   changes={"created": len(fresh), "updated": changed,
                            "lines": [rows[0].line, rows[-1].line]})
    return [outcomes[row.line] for row in rows]


def check_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow]
) -> list[Problem]:
    """Return what only the clock and the database know: days to come, complaints of others.

    Args:
        session: any session.
        actor: who imports.
        rows: rows that passed the rules of their fields.
    """
    latest = (utcnow() + _FIRST_TO_SEE_A_DAY).date()
    problems = [
        Problem(row.line, Message(N_("The time of receipt lies in the future.")),
                value=row.values["received_on"].isoformat())
        for row in rows if row.values["received_on"] > latest
    ]
    known = _known(session, [row.values["external_id"] for row in rows])
    # Asked for what is visible, not for the opposite: NULL is neither.
    visible = set(session.scalars(
        select(Complaint.id).where(Complaint.id.in_(known.values()), scope_filter(actor, Complaint))
    ))
    hidden = {number for number, pk in known.items() if pk not in visible}
    return problems + [
        Problem(row.line, Message(N_("Another department has a complaint with this number.")),
                value=row.values["external_id"])
        for row in rows if row.values["external_id"] in hidden
    ]


def _known(session: Session, external_ids: list[str]) -> dict[str, int]:
    found = session.execute(
        select(Complaint.external_id, Complaint.id).where(
            Complaint.source == CFPB, Complaint.external_id.in_(external_ids)
        )
    )
    return {row.external_id: row.id for row in found}


def _channels(session: Session, names: Iterable[str | None]) -> dict[str, int]:
    """Return ids of channels by name in either language; adds those that are new."""
    found: dict[str, int] = {}
    for channel in session.scalars(select(Channel)):
        found |= {name: channel.id for name in (channel.name, channel.name_zh) if name}
    for name in dict.fromkeys(filter(None, names)):
        if name not in found:
            position = (session.scalar(select(func.max(Channel.position))) or 0) + 10
            channel = Channel(code=_code(name), name=name, name_zh="", position=position)
            session.add(channel)
            session.flush()
            found[name] = channel.id
    return found


def _code(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"\W+", "_", folded).strip("_")[:60] or "channel"


def _columns(row: ImportRow, channels: Mapping[str, int]) -> dict[str, Any]:
    """Return the columns of the complaint that a row fills; fields without a column stay out."""
    values = row.values
    columns: dict[str, Any] = {
        name: values[name] or ""
        for name in ("customer_name", "contact", "reason", "demand", "product", "sub_product",
                     "issue", "sub_issue", "region")
        if name in values
    }
    if "contact" in columns:
        columns["contact"] = canonical_phone(columns["contact"])
    columns["received_at"] = dt.datetime.combine(values["received_on"], _NOON_UTC, dt.UTC)
    if values.get("channel"):
        columns["channel_id"] = channels[values["channel"]]
    subject = values.get("subject") or values.get("issue") or subject_of(values.get("reason") or "")
    columns["subject"] = (subject or values["external_id"])[:200]
    if "response" in values:
        columns["is_open"] = values["response"] in (None, "", _IN_PROGRESS)
        columns["state"] = "recorded" if columns["is_open"] else "archived"
    return columns


def _report(row: ImportRow) -> dict[str, Any]:
    return {
        name: row.values[name] if name == "sent_on" else row.values[name] or ""
        for name in REPORT_FIELDS if name in row.values
    }


def _create(
    session: Session, actor: Actor, rows: list[ImportRow], channels: Mapping[str, int]
) -> None:
    if not rows:
        return
    now, workflow_id = utcnow(), workflow_in_force(session, NAME)
    by_year: dict[int, list[tuple[ImportRow, dict[str, Any]]]] = {}
    for row in rows:
        columns = {
            "version": 1, "created_at": now, "updated_at": now, "created_by_id": actor.user_id,
            "extra": {}, "source": CFPB, "external_id": row.values["external_id"],
            "workflow_id": workflow_id, "department_id": actor.department_id,
            "team_id": actor.team_id, "rule_book": "us_cfpb", "is_open": False,
            "state": "archived", "channel_id": None, **_columns(row, channels),
        }
        by_year.setdefault(row.values["received_on"].year, []).append((row, columns))
    for pairs in by_year.values():
        columns = [columns for _, columns in pairs]
        numbers = next_numbers(session, Complaint, len(columns), at=columns[0]["received_at"])
        for one, number in zip(columns, numbers, strict=True):
            one["number"] = number
        ids = reserve_ids(session, Complaint, len(columns))
        for one, pk in zip(columns, ids, strict=True):
            one["id"] = pk
        session.execute(insert(Complaint.__table__), columns)
        session.execute(insert(RegulatorReport), [
            {**dict.fromkeys(REPORT_FIELDS, ""), "sent_on": None, **_report(row),
             "complaint_id": pk}
            for pk, (row, _) in zip(ids, pairs, strict=True)
        ])
        index_many(session, [
            (Complaint.__record_type__, pk, one["number"], one["subject"],
             search_document(Complaint, one))
            for pk, one in zip(ids, columns, strict=True)
        ])


def _update(
    session: Session, actor: Actor, complaint_id: int, row: ImportRow, channels: Mapping[str, int]
) -> bool:
    """Bring a complaint up to date; returns whether anything changed."""
    complaint = session.get(Complaint, complaint_id)
    columns = _columns(row, channels)
    # What people here have worked on follows the workflow and not the register.
    columns.pop("state", None)
    columns.pop("is_open", None)
    changed = any(getattr(complaint, name) != value for name, value in columns.items())
    if changed:
        update(session, actor, complaint, columns)
    report = session.get(RegulatorReport, complaint_id)
    if report is None:
        report = RegulatorReport(complaint_id=complaint_id)
        session.add(report)
    return _assign(report, _report(row)) or changed


def _assign(target: Any, values: Mapping[str, Any]) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(target, name) != value:
            setattr(target, name, value)
            changed = True
    return changed


IMPORTER = Importer(
    name=NAME_OF_IMPORTER, title=N_("Complaints"), fields=FIELDS, key=("external_id",),
    write=write_rows, check=check_rows, view=VIEW, mappings={CFPB: CFPB_MAPPING},
)
