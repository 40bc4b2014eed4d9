"""Complaints from files: a department's own in both languages, and the register of the US CFPB.

What a file of a department holds is work: a row begins as an open complaint under the rules of the
house, with owner to come and clocks from its day on, unless a column says that it is done. The
register tells what others have done; its clocks ran elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import CarelineError, Invalid, Rejected
from app.sdk.importing import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    Addition,
    Importer,
    ImportRow,
    Outcome,
)
from app.sdk.metrics import recounting
from app.sdk.models import Comment
from app.sdk.people import branch_of
from app.sdk.records import assignment_refusal, operations_of
from app.sdk.services import (
    Actor,
    add_value,
    create,
    custom_values,
    index_many,
    next_numbers,
    record_act,
    reserve_ids,
    search_document,
    update,
    utcnow,
    workflow_in_force,
)
from app.sdk.workflow import Message
from plugins.complaints.import_check import (
    LISTS,
    check_rows,
    compare,
    entry_ids,
    forecast,
    keys_of,
    known_complaints,
    read_ahead,
    targets,
    unknown,
    updating,
)
from plugins.complaints.import_course import NO_COURSE, state_of
from plugins.complaints.import_fields import (
    CFPB,
    CFPB_MAPPING,
    CFPB_OPTIONAL,
    FIELDS,
    FILE,
    OF_THE_REGISTER,
    REPORT_FIELDS,
)
from plugins.complaints.import_values import (
    REFERRING,
    Keys,
    begins,
    columns_of,
    complete,
    custom_of,
    is_open,
    is_register,
    report_of,
)
from plugins.complaints.models import Complaint, RegulatorReport
from plugins.complaints.operations import ComplaintOperations
from plugins.complaints.settings import home_department
from plugins.complaints.workflow import NAME, VIEW

NOT_IN_THE_LIST = N_("This value is in no list, and nobody has decided about it.")
NAME_OF_IMPORTER = "complaints.complaints"


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
) -> list[Outcome]:
    """Write rows in the caller's transaction, with numbers, search words and an audit entry.

    A row that was read in before, known by its external number, is left or brought up to date.
    What is still to be done begins through the workflow at its day, with the clocks of its policy;
    what is done is archived, and what is under way comes in as what it is, without clocks.
    Complaints of the register come with their result: those in progress
    stand at the state "recorded", and no clock starts here.

    Args:
        session: session with a running write.
        actor: who imports.
        rows: checked rows.
        on_existing: ``skip`` or ``update``.
    """
    known = known_complaints(session, rows)
    undecided = _undecided(session, actor, rows)
    given, rows = rows, [row for row in rows if row.line not in undecided]
    keys = _keys(session, actor, rows)
    fresh = [row for row in rows if row.values["external_id"] not in known]
    outcomes = {row.line: Outcome(row.line, CREATED) for row in fresh}
    for row in fresh:
        if begins(row):
            outcomes[row.line] = _begin(session, actor, row, keys)
    outcomes |= _unassignable(session, actor, fresh, keys)
    _create(session, actor, [row for row in fresh if not begins(row)
                             and outcomes[row.line].action == CREATED], keys)
    changed = 0
    read = [] if on_existing == SKIP else read_ahead(session, known.values())
    for row in rows:
        if row.line in outcomes:
            continue
        pk = known[row.values["external_id"]]
        outcomes[row.line] = _update(session, actor, pk, row, keys) if read else (
            Outcome(row.line, SKIPPED))
        changed += outcomes[row.line].action == UPDATED
    made = sum(one.action == CREATED for one in outcomes.values())
    if made or changed:
        record_act(session, actor, "import", record_type=Complaint.__record_type__,
                   changes={"created": made, "updated": changed,
                            "lines": [rows[0].line, rows[-1].line]})
    outcomes |= undecided
    return [outcomes[row.line] for row in given]


def _undecided(
    session: Session, actor: Actor, rows: Sequence[ImportRow]
) -> dict[int, Outcome]:
    """Return the rejected rows by line: a person has to decide about entries that are new."""
    if actor.is_system:
        return {}
    rejected: dict[int, Outcome] = {}
    for field, model in LISTS.items():
        known = entry_ids(session, model)
        rejected |= {
            row.line: Outcome(row.line, REJECTED, Message(NOT_IN_THE_LIST))
            for row in rows
            if (named := row.values.get(field)) and named not in known and not (
                isinstance(named, Addition) and may_add(actor, field))
        }
    return rejected


def may_add(actor: Actor, field: str = "channel") -> bool:
    """Return whether a person may add entries to the list of a field."""
    return actor.can("can_edit", f"complaints.{LISTS[field].__name__}")


def _begin(
    session: Session, actor: Actor, row: ImportRow, keys: Keys
) -> Outcome:
    """Register a complaint as if somebody had called that day; somebody of the team takes it."""
    columns = columns_of(row, keys)
    told = {name: columns.pop(name) for name in ComplaintOperations.step_columns & columns.keys()}
    try:
        with session.begin_nested():
            complaint = create(session, actor, Complaint, {
                "owner_id": None, **columns, "source": FILE,
                "external_id": row.values["external_id"],
                # Noon of today may be still to come.
                "received_at": min(columns["received_at"], utcnow()),
            })
            ComplaintOperations(Complaint).take_over(session, actor, complaint, told)
            _keep_report(session, complaint.id, row)
            _keep_history(session, actor, [(complaint.id, row)])
    except Invalid as invalid:
        return Outcome(row.line, REJECTED, next(iter(invalid.errors.values())))
    except CarelineError as error:
        return Outcome(row.line, REJECTED, error.message)
    return Outcome(row.line, CREATED)


def _unassignable(
    session: Session, actor: Actor, rows: Sequence[ImportRow], keys: Keys
) -> dict[int, Outcome]:
    """Return the rejected rows by line: work under way that a plugin does not give to somebody.

    What is done is no work any more; of what begins here the operations ask.
    """
    found = {}
    for row in rows:
        if begins(row) or not is_open(row):
            continue
        columns = columns_of(row, keys)
        people = {name: [None, columns[name]] for name in Complaint.__scope_people__
                  if columns.get(name) is not None}
        refused = None if not people else assignment_refusal(
            session, actor, Complaint(owner_id=columns.get("owner_id")), people)
        if refused is not None:
            found[row.line] = Outcome(row.line, REJECTED, refused)
    return found


def _keys(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> Keys:
    """Return what the referring fields name; adds entries of lists that are new."""
    keys = keys_of(session, rows)
    for field, model in LISTS.items():
        for name, key in keys[field].items():
            if key is None:
                keys[field][name] = add_value(session, actor, model, name)
    return keys


def _create(
    session: Session, actor: Actor, rows: list[ImportRow], keys: Keys
) -> None:
    if not rows:
        return
    now, workflow_id = utcnow(), workflow_in_force(session, NAME)
    department_id = actor.department_id
    if department_id is None and actor.team_id is None and not is_register(rows[0]):
        department_id = home_department(session)
    branch_id = branch_of(session, actor.user_id)
    by_year: dict[int, list[tuple[ImportRow, dict[str, Any]]]] = {}
    for row in rows:
        columns = {
            "version": 1, "created_at": now, "updated_at": now, "created_by_id": actor.user_id,
            "extra": {}, "source": row.values.get("source", FILE),
            "external_id": row.values["external_id"], "workflow_id": workflow_id,
            "department_id": department_id, "team_id": actor.team_id, "branch_id": branch_id,
            "rule_book": row.values.get("rule_book", "house"), "is_open": is_open(row),
            "state": state_of(row, is_open(row)), "severity": "normal",
            "result": "", **NO_COURSE, **dict.fromkeys(REFERRING.values()),
            **columns_of(row, keys),
        }
        columns["extra"] = _custom(session, columns)
        by_year.setdefault(row.values["received_on"].year, []).append((row, columns))
    for pairs in by_year.values():
        columns = [columns for _, columns in pairs]
        numbers = next_numbers(session, Complaint, len(columns), at=columns[0]["received_at"])
        for one, number in zip(columns, numbers, strict=True):
            one["number"] = number
        ids = reserve_ids(session, Complaint, len(columns))
        for one, pk in zip(columns, ids, strict=True):
            one["id"] = pk
        with recounting(session, Complaint, ids):
            session.execute(insert(Complaint.__table__), columns)
        reports = [
            {**dict.fromkeys(REPORT_FIELDS, ""), "sent_on": None, **report_of(row),
             "complaint_id": pk}
            for pk, (row, _) in zip(ids, pairs, strict=True)
            if is_register(row) or any(report_of(row).values())
        ]
        if reports:
            session.execute(insert(RegulatorReport), reports)
        _keep_history(session, actor, [(pk, row) for pk, (row, _) in zip(ids, pairs, strict=True)])
        index_many(session, [
            (Complaint.__record_type__, pk, one["number"], one["subject"],
             search_document(Complaint, one, session))
            for pk, one in zip(ids, columns, strict=True)
        ])


def _custom(session: Session, columns: dict[str, Any]) -> dict[str, Any]:
    """Take the values of custom fields out of the columns of a complaint; return them as held."""
    given = custom_of(columns)
    for name in given:
        del columns[name]
    return custom_values(session, Complaint, given)


def _update(
    session: Session, actor: Actor, complaint_id: int, row: ImportRow, keys: Keys
) -> Outcome:
    """Bring a complaint up to date by the rules of every other change."""
    complaint = session.get(Complaint, complaint_id)
    columns = updating(complaint, row, keys)
    operations = operations_of(Complaint)
    if not operations.changing(complaint, columns) and not _tells_more(session, complaint_id, row):
        return Outcome(row.line, SKIPPED)
    refused = operations.refuse_change(session, actor, complaint)
    try:
        with session.begin_nested():
            if refused is not None:
                raise Rejected(refused)
            changed = bool(update(session, actor, complaint, columns))
            changed = _update_report(session, actor, complaint_id, row) or changed
    except Invalid as invalid:
        return Outcome(row.line, REJECTED, next(iter(invalid.errors.values())))
    except CarelineError as error:
        return Outcome(row.line, REJECTED, error.message)
    return Outcome(row.line, UPDATED if changed else SKIPPED)


def _tells_more(session: Session, complaint_id: int, row: ImportRow) -> bool:
    """Return whether a file says something else of the answer than is kept."""
    values, report = report_of(row), session.get(RegulatorReport, complaint_id)
    if report is None:
        return any(values.values())
    return any(getattr(report, name) != value for name, value in values.items())


def _keep_report(session: Session, complaint_id: int, row: ImportRow) -> None:
    """Keep what a file says of the answer beside a new complaint."""
    values = report_of(row)
    if any(values.values()):
        session.add(RegulatorReport(complaint_id=complaint_id, **values))


def _keep_history(
    session: Session, actor: Actor, rows: Sequence[tuple[int, ImportRow]]
) -> None:
    """Keep what a file says was done so far as the first comment on a new complaint."""
    notes = [
        {"record_type": Complaint.__record_type__, "record_id": pk, "author_id": actor.user_id,
         "author_name": actor.name[:128], "text": row.values["history"]}
        for pk, row in rows if row.values.get("history")
    ]
    if notes:
        session.execute(insert(Comment), notes)


def _update_report(
    session: Session, actor: Actor, complaint_id: int, row: ImportRow
) -> bool:
    """Bring what a file says of the answer up to date; return whether anything is new of it."""
    values, operations = report_of(row), operations_of(RegulatorReport)
    report = session.get(RegulatorReport, complaint_id)
    if report is not None:
        return bool(operations.change(session, actor, report, values))
    if any(values.values()):
        operations.create(session, actor, {"complaint_id": complaint_id, **values})
        return True
    return False


IMPORTER = Importer(
    name=NAME_OF_IMPORTER, title=N_("Complaints"), fields=FIELDS, key=("external_id",),
    write=write_rows, check=check_rows, view=VIEW, mappings={CFPB: CFPB_MAPPING},
    optional=CFPB_OPTIONAL, constants={CFPB: OF_THE_REGISTER}, forecast=forecast,
    complete=complete, compare=compare, unknown=unknown, targets=targets,
    adds=may_add, record_type=Complaint.__record_type__,
)
