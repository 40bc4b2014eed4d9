"""What the check of a file of complaints tells before anything is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.importing import ImportRow, Problem, RowChange
from app.sdk.records import operations_of
from app.sdk.services import Actor, scope_filter, utcnow
from app.sdk.workflow import Message
from plugins.complaints.import_fields import CONTACT, FIELDS, FILE
from plugins.complaints.import_values import ZONE_OF_NOON, columns_of, is_open, report_of
from plugins.complaints.models import Channel, Complaint, RegulatorReport
from plugins.complaints.operations import ComplaintOperations

# East of everybody else a day begins 14 hours before it does in UTC.
_FIRST_TO_SEE_A_DAY = dt.timedelta(hours=14)
WILL_BE_OPEN, WILL_BE_CLOSED = N_("Will be open"), N_("Will be closed")
_SHOWN_CHARACTERS = 80
_LABELS = {
    "received_at": N_("Received on"), "channel_id": N_("Channel"),
    **{field.name: field.label for field in FIELDS},
}


def check_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow]
) -> list[Problem]:
    """Return what only the clock and the database know: days to come, complaints of others.

    Args:
        session: any session.
        actor: who imports.
        rows: rows that passed the rules of their fields.
    """
    now = utcnow()
    latest = (now + _FIRST_TO_SEE_A_DAY).date()
    problems = [
        Problem(row.line, Message(N_("The time of receipt lies in the future.")),
                value=row.values["received_on"].isoformat())
        for row in rows
        if row.values["received_on"] > latest or row.values.get("received_at", now) > now
    ]
    known = known_complaints(session, rows)
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


def forecast(session: Session, rows: Sequence[ImportRow]) -> dict[str, int]:
    """Return how many rows will be new open complaints and how many new closed ones.

    Args:
        session: any session.
        rows: checked rows.
    """
    known = known_complaints(session, rows)
    fresh = [row for row in rows if row.values["external_id"] not in known]
    still = sum(is_open(row) for row in fresh)
    return {WILL_BE_OPEN: still, WILL_BE_CLOSED: len(fresh) - still}


def compare(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> list[RowChange]:
    """Return what rows would change about complaints that were read in before.

    Args:
        session: any session.
        actor: who imports.
        rows: checked rows.
    """
    known = known_complaints(session, rows)
    read = read_ahead(session, known.values())
    complaints = {one.id: one for one in read if isinstance(one, Complaint)}
    reports = {one.complaint_id: one for one in read if isinstance(one, RegulatorReport)}
    channels = channel_ids(session)
    names = {pk: name for name, pk in channels.items()}
    found = []
    for row in rows:
        complaint = complaints.get(known.get(row.values["external_id"], 0))
        if complaint is None:
            continue
        changing = operations_of(Complaint).changing(complaint, updating(complaint, row, channels))
        pairs = [(name, getattr(complaint, name), value) for name, value in changing.items()]
        report = reports.get(complaint.id)
        pairs += [(name, getattr(report, name, ""), value)
                  for name, value in report_of(row).items()
                  if (getattr(report, name, None) or "") != (value or "")]
        found.append(RowChange(row.line, _named(complaint), tuple(
            (_LABELS[name], _text(name, before, names), _text(name, after, names))
            for name, before, after in pairs
        )))
    return found


def _named(complaint: Complaint) -> str:
    return " ".join(filter(None, (complaint.number, complaint.customer_name)))


def _text(name: str, value: Any, channels: Mapping[int, str]) -> str:
    if name == "channel_id":
        return channels.get(value, "")
    if isinstance(value, dt.datetime):
        local = value.astimezone(ZONE_OF_NOON)
        # Noon stands for a day without a time.
        return f"{local:%Y-%m-%d}" if local.time() == dt.time(12) else f"{local:%Y-%m-%d %H:%M}"
    if name == "contact":
        # What is held shows itself as its mask only.
        return CONTACT.mask(value) if isinstance(value, str) else str(value or "")
    return str(value or "")[:_SHOWN_CHARACTERS]


def unknown(session: Session, rows: Sequence[ImportRow]) -> dict[str, dict[str, int]]:
    """Return channels that are in no list yet, with the number of rows that name each.

    Args:
        session: any session.
        rows: checked rows.
    """
    known = channel_ids(session)
    names = [row.values.get("channel") for row in rows]
    new = [name for name in names if name and name not in known]
    return {"channel": dict(Counter(new))} if new else {}


def targets(session: Session, field: str) -> list[tuple[str, str]]:
    """Return the channels that a new one can be taken for.

    Args:
        session: any session.
        field: name of the field, ``channel``.
    """
    names = session.scalars(
        select(Channel.name).where(Channel.retired.is_(False))
        .order_by(Channel.position, Channel.id))
    return [(name, name) for name in names]


def known_complaints(session: Session, rows: Sequence[ImportRow]) -> dict[str, int]:
    """Return ids by external number; rows of one file have one source."""
    found = session.execute(
        select(Complaint.external_id, Complaint.id).where(
            Complaint.source == (rows[0].values.get("source", FILE) if rows else FILE),
            Complaint.external_id.in_([row.values["external_id"] for row in rows]),
        )
    )
    return {row.external_id: row.id for row in found}


def read_ahead(session: Session, ids: Iterable[int]) -> list[Any]:
    """Read complaints and their reports at once; held, ``session.get`` asks for none of them."""
    return [
        *session.scalars(select(Complaint).where(Complaint.id.in_(ids))),
        *session.scalars(select(RegulatorReport).where(RegulatorReport.complaint_id.in_(ids))),
    ]


def channel_ids(session: Session) -> dict[str, int]:
    """Return ids of channels by name in either language."""
    return {
        name: channel.id for channel in session.scalars(select(Channel))
        for name in (channel.name, channel.name_zh) if name
    }


def updating(
    complaint: Complaint, row: ImportRow, channels: Mapping[str, int]
) -> dict[str, Any]:
    """Return the columns of a complaint that a row brings up to date."""
    named = row.values.get("channel")
    # A channel that is to be added has no key yet.
    columns = columns_of(row, channels if named in channels else {**channels, str(named): None})
    day = complaint.received_at.astimezone(ZONE_OF_NOON).date()
    if "received_at" not in row.values and day == row.values["received_on"]:
        # The file knows the day only.
        del columns["received_at"]
    # What people here have worked on follows the workflow and not the file.
    return {name: value for name, value in columns.items()
            if name not in ComplaintOperations.step_columns}
