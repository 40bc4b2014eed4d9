"""Records of other plugins by name: found, summed up and addressed without importing their plugin.

Who asks sees what they would see on the screens: the permission of the kind of record and the row
scope hold. A kind whose plugin is removed, switched off or set aside is not known here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, has_request_context, url_for
from sqlalchemy import Boolean, Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.customers.models import Customer
from app.database import UTCDateTime
from app.host.contributions import RecordType
from app.host.host import current_host
from app.records.mixin import is_present
from app.records.services import find
from app.workflow.definition import Category

Reference = tuple[str, int]
"""Kind of record and primary key."""

SEES = "can_show"
_COMMON = ("number", "owner_id")
# A kind of record has them or not; PostgreSQL wants one type for each column of a union.
_OPTIONAL = {
    "customer_id": Integer(), "state": String(40), "is_open": Boolean(), "due_at": UTCDateTime(),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordSummary:
    """What anybody who may see a record may know of it, whatever its kind is.

    Attributes:
        record_type: kind of record.
        id: primary key.
        number: number that people know.
        title: what names it beside its number; may be empty.
        customer_id: customer that it is about; a customer is about itself. ``None`` without one.
        owner_id: user who works on it, or ``None``.
        state: state of its workflow; empty without a workflow.
        category: what the state means: ``open``, ``waiting``, ``done``, ``cancelled``; empty
            without a workflow.
        due_at: when its next deadline is due, aware; ``None`` without one.
        address: path of its page.
    """

    record_type: str
    id: int
    number: str
    title: str
    customer_id: int | None
    owner_id: int | None
    state: str
    category: str
    due_at: dt.datetime | None
    address: str


def reference_of(record: Any) -> Reference:
    """Return the kind and the key by which a record is known everywhere.

    Raises:
        TypeError: it is no record.
    """
    if not hasattr(record, "__record_type__") or getattr(record, "id", None) is None:
        raise TypeError(f"{record!r} is no record that has been saved")
    return record.__record_type__, record.id


def customer_of(record: Any) -> int | None:
    """Return the customer that a record is about; a customer is about itself."""
    return record.id if isinstance(record, Customer) else getattr(record, "customer_id", None)


def get(session: Session, actor: Actor, record_type: str, record_id: int) -> Any | None:
    """Return a record of any kind for the actor.

    Args:
        session: any session.
        actor: who asks; needs ``can_show`` on the kind and sees the row.
        record_type: kind of record, e.g. ``complaints.complaint``.
        record_id: primary key.

    Returns:
        The record, or ``None`` where it is absent, in the recycle bin or out of the actor's sight,
        or where the plugin of the kind is not in force.
    """
    kind = current_host().record_type(record_type)
    if kind is None or not actor.can(SEES, kind.view):
        return None
    return find(session, actor, kind.model, record_id)


def of_customer(
    session: Session, actor: Actor, record_type: str, customer_id: int
) -> list[Any]:
    """Return the records of a kind that are about a customer, the earliest first.

    Args:
        session: any session.
        actor: who asks; needs ``can_show`` on the kind and sees the rows.
        record_type: kind of record with a ``customer_id``, e.g. ``customers.loan``.
        customer_id: primary key of the customer.

    Returns:
        The records; none where the plugin of the kind is not in force, the actor may not see it, or
        it is about no customer.
    """
    kind = current_host().record_type(record_type)
    if kind is None or not actor.can(SEES, kind.view) or not hasattr(kind.model, "customer_id"):
        return []
    model = kind.model
    return list(session.scalars(
        select(model).where(model.customer_id == customer_id, is_present(model),
                            scope_filter(actor, model)).order_by(model.id)))


def address_of(record_type: str, record_id: int) -> str:
    """Return the path of a record's page; an empty text where its plugin is not in force.

    Nothing is looked up: whoever opens it is asked for their rights there.

    Args:
        record_type: kind of record.
        record_id: primary key.
    """
    kind = current_host().record_type(record_type)
    return "" if kind is None else path_to(kind.endpoint, pk=record_id)


def path_to(endpoint: str, **values: Any) -> str:
    """Return the path of a page, within a request and in a job alike.

    Args:
        endpoint: name of the page.
        values: values of the path; others become the query.
    """
    if has_request_context():
        return url_for(endpoint, **values)
    return current_app.url_map.bind("localhost").build(endpoint, values)


def summary(
    session: Session, actor: Actor, record_type: str, record_id: int
) -> RecordSummary | None:
    """Return what the actor may know of one record, or ``None``; see ``get``.

    Args:
        session: any session.
        actor: who asks.
        record_type: kind of record.
        record_id: primary key.
    """
    pair = (record_type, record_id)
    return summaries(session, actor, [pair]).get(pair)


def summaries(
    session: Session, actor: Actor, pairs: Iterable[Reference]
) -> dict[Reference, RecordSummary]:
    """Return what the actor may know of several records, in one statement.

    Args:
        session: any session.
        actor: who asks.
        pairs: kinds and keys, at most some hundreds.

    Returns:
        By kind and key; what ``get`` would not return is left out.
    """
    wanted: dict[str, set[int]] = {}
    for record_type, record_id in pairs:
        wanted.setdefault(record_type, set()).add(record_id)
    kinds = {
        name: kind for name in sorted(wanted)
        if (kind := current_host().record_type(name)) and actor.can(SEES, kind.view)
    }
    if not kinds:
        return {}
    rows = session.execute(union_all(*[
        _rows(actor, name, kind.model, wanted[name]) for name, kind in kinds.items()
    ]))
    found = (_summary(kinds[row.record_type], row) for row in rows)
    return {(one.record_type, one.id): one for one in found}


def _rows(actor: Actor, name: str, model: type[Any], ids: Iterable[int]) -> Any:
    columns = model.__mapper__.columns
    shown = {
        "record_type": literal(name, String(64)), "id": model.id,
        "title": cast(getattr(model, model.__title_field__), String(400)),
        **{column: getattr(model, column) for column in _COMMON},
        **{column: getattr(model, column) if column in columns else cast(null(), empty)
           for column, empty in _OPTIONAL.items()},
    }
    if issubclass(model, Customer):
        shown["customer_id"] = model.id
    return select(*[value.label(label) for label, value in shown.items()]).where(
        model.id.in_(sorted(ids)), is_present(model), scope_filter(actor, model, indexed=False),
    )


def _summary(kind: RecordType, row: Any) -> RecordSummary:
    return RecordSummary(
        record_type=row.record_type, id=row.id, number=row.number,
        title="" if row.title == row.number else row.title or "",
        customer_id=row.customer_id, owner_id=row.owner_id, state=row.state or "",
        category=category_of(kind.model, row._mapping), due_at=row.due_at,
        address=path_to(kind.endpoint, pk=row.id),
    )


def category_of(model: type[Any], values: Mapping[str, Any]) -> str:
    """Return what the state of a record means; empty without a workflow.

    Args:
        model: kind of record.
        values: ``state`` and ``is_open`` of the record.
    """
    binding = current_host().workflow_of(model)
    if binding is None or not values.get("state"):
        return ""
    for state in binding.workflow.states:
        if state.name == values["state"]:
            return str(state.category.value)
    # A state of an earlier version of the workflow.
    return str((Category.OPEN if values.get("is_open") else Category.DONE).value)
