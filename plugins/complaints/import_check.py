"""What the check of a file of complaints tells before anything is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.importing import ImportRow, Problem, RowChange, custom_changes
from app.sdk.models import Department, Dictionary, Staff
from app.sdk.records import operations_of
from app.sdk.screens import translated
from app.sdk.services import Actor, names_of, scope_filter, utcnow
from app.sdk.workflow import Message
from plugins.complaints.choices import SEVERITIES, label_of
from plugins.complaints.import_course import course_problems
from plugins.complaints.import_fields import CONTACT, FIELDS, FILE
from plugins.complaints.import_values import (
    REFERRING,
    ZONE_OF_NOON,
    Keys,
    columns_of,
    custom_of,
    is_open,
    report_of,
)
from plugins.complaints.models import Category, Channel, Complaint, RegulatorReport
from plugins.complaints.operations import ComplaintOperations

# East of everybody else a day begins 14 hours before it does in UTC.
_FIRST_TO_SEE_A_DAY = dt.timedelta(hours=14)
WILL_BE_OPEN, WILL_BE_CLOSED = N_("Will be open"), N_("Will be closed")
_SHOWN_CHARACTERS = 80
NOBODY = N_("Nobody in use is called %(name)s: give the name, the account or the staff number.")
SEVERAL = N_("Several people are called %(name)s: give the account or the staff number.")
NO_DEPARTMENT = N_("No department in use is called %(name)s.")
# Fields whose texts are entries of a list, about which a person decides where they are new.
LISTS: Mapping[str, type[Any]] = {"channel": Channel, "category": Category}
_LABELS = {
    "received_at": N_("Received on"), "channel_id": N_("Channel"),
    "category_id": N_("Category"), "owner_id": N_("Owner"),
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
    problems += unknown_names(session, rows)
    problems += course_problems(rows, latest)
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
    keys = keys_of(session, rows)
    names: dict[str, Mapping[Any, str]] = {
        REFERRING[field]: {one.id: str(one) for one in session.scalars(select(model))}
        for field, model in LISTS.items()}
    names["owner_id"] = names_of(session, {
        pk for one in complaints.values() for pk in (one.owner_id,) if pk is not None
    } | {pk for pk in keys["owner"].values() if pk is not None})
    found = []
    for row in rows:
        complaint = complaints.get(known.get(row.values["external_id"], 0))
        if complaint is None:
            continue
        changing = operations_of(Complaint).changing(complaint, updating(complaint, row, keys))
        pairs = [(name, getattr(complaint, name), value) for name, value in changing.items()
                 if name not in custom_of(row.values)]
        report = reports.get(complaint.id)
        pairs += [(name, getattr(report, name, ""), value)
                  for name, value in report_of(row).items()
                  if (getattr(report, name, None) or "") != (value or "")]
        found.append(RowChange(row.line, _named(complaint), tuple(
            (_LABELS[name], _text(name, before, names), _text(name, after, names))
            for name, before, after in pairs
        ) + custom_changes(session, actor, complaint, row.values)))
    return found


def _named(complaint: Complaint) -> str:
    return " ".join(filter(None, (complaint.number, complaint.customer_name)))


def _text(name: str, value: Any, names: Mapping[str, Mapping[Any, str]]) -> str:
    if name in names:
        return names[name].get(value, "")
    if name == "severity":
        return translated(label_of(SEVERITIES, value or ""))
    if isinstance(value, dt.datetime):
        local = value.astimezone(ZONE_OF_NOON)
        # Noon stands for a day without a time.
        return f"{local:%Y-%m-%d}" if local.time() == dt.time(12) else f"{local:%Y-%m-%d %H:%M}"
    if name == "contact":
        # What is held shows itself as its mask only.
        return CONTACT.mask(value) if isinstance(value, str) else str(value or "")
    return str(value or "")[:_SHOWN_CHARACTERS]


def unknown(session: Session, rows: Sequence[ImportRow]) -> dict[str, dict[str, int]]:
    """Return channels and categories that are in no list yet, with the rows that name each.

    Args:
        session: any session.
        rows: checked rows.
    """
    found: dict[str, dict[str, int]] = {}
    for field, model in LISTS.items():
        known = entry_ids(session, model)
        names = [row.values.get(field) for row in rows]
        if new := [name for name in names if name and name not in known]:
            found[field] = dict(Counter(new))
    return found


def targets(session: Session, field: str) -> list[tuple[str, str]]:
    """Return the entries of a list that a new value can be taken for.

    Args:
        session: any session.
        field: name of the field, among ``LISTS``.
    """
    model = LISTS[field]
    names = session.scalars(
        select(model.name).where(model.retired.is_(False)).order_by(model.position, model.id))
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


def entry_ids(session: Session, model: type[Dictionary]) -> dict[str, int]:
    """Return ids of the entries of a list by name in either language."""
    return {
        name: entry.id for entry in session.scalars(select(model))
        for name in (entry.name, entry.name_zh) if name
    }


def keys_of(session: Session, rows: Sequence[ImportRow]) -> dict[str, dict[str, int | None]]:
    """Return what the referring fields of rows name; entries that are to be added have no key yet.

    Args:
        session: any session.
        rows: rows of a file.
    """
    keys: dict[str, dict[str, int | None]] = {
        "owner": {name: pk for name, [pk, *others] in people_named(
            session, _told(rows, "owner")).items() if not others},
        "responsible": dict(departments_named(session, _told(rows, "responsible")))}
    for field, model in LISTS.items():
        told = _told(rows, field)
        known = entry_ids(session, model) if told else {}
        keys[field] = {**dict.fromkeys(told), **known}
    return keys


def _told(rows: Sequence[ImportRow], field: str) -> set[str]:
    return {row.values[field] for row in rows if row.values.get(field)}


def people_named(session: Session, names: Collection[str]) -> dict[str, list[int]]:
    """Return the people in use whom texts name, by name, account or number of the staff.

    Args:
        session: any session.
        names: what a file writes.
    """
    found: dict[str, list[int]] = {}
    if not names:
        return found
    rows = session.execute(
        select(User.id, User.username, Staff.name, Staff.number)
        .outerjoin(Staff, Staff.user_id == User.id)
        .where(User.active.is_(True), or_(User.username.in_(names), Staff.name.in_(names),
                                Staff.number.in_(names))).order_by(User.id))
    for row in rows:
        for name in {row.username, row.name, row.number} & set(names):
            found.setdefault(name, []).append(row.id)
    return found


def departments_named(session: Session, names: Collection[str]) -> dict[str, int]:
    """Return the departments in use that texts name, by name or code."""
    if not names:
        return {}
    rows = session.execute(
        select(Department.id, Department.name, Department.code).where(
            Department.active, or_(Department.name.in_(names), Department.code.in_(names))))
    return {name: row.id for row in rows for name in (row.name, row.code) if name in names}


def unknown_names(session: Session, rows: Sequence[ImportRow]) -> list[Problem]:
    """Return the rows that name nobody, several people, or no department, with who was meant."""
    people = people_named(session, _told(rows, "owner"))
    departments = departments_named(session, _told(rows, "responsible"))
    problems = []
    for row in rows:
        owner, responsible = (row.values.get(name) for name in ("owner", "responsible"))
        if owner and len(people.get(owner, ())) != 1:
            several = people.get(owner)
            message = SEVERAL if several else NOBODY
            problems.append(Problem(row.line, Message(message, {"name": owner}), field="owner",
                                    value=owner))
        if responsible and responsible not in departments:
            problems.append(Problem(row.line, Message(NO_DEPARTMENT, {"name": responsible}),
                                    field="responsible", value=responsible))
    return problems


def updating(complaint: Complaint, row: ImportRow, keys: Keys) -> dict[str, Any]:
    """Return the columns of a complaint that a row brings up to date."""
    columns = columns_of(row, keys)
    day = complaint.received_at.astimezone(ZONE_OF_NOON).date()
    if "received_at" not in row.values and day == row.values["received_on"]:
        # The file knows the day only.
        del columns["received_at"]
    # What people here have worked on follows the workflow and not the file.
    return {name: value for name, value in columns.items()
            if name not in ComplaintOperations.step_columns}
