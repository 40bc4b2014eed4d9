"""Links between records of any plugins, and what of them somebody may see."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.scope import sees
from app.collaboration.references import (
    SEES,
    RecordSummary,
    Reference,
    reference_of,
    summaries,
)
from app.database import AnySelect, utcnow, write
from app.errors import NotPermitted
from app.host.collaboration import LinkKind
from app.host.host import current_host
from app.i18n import N_, Message
from app.records.models import RecordLink
from app.statements import built_once

RELATED = "core.related"
ORIGIN = "core.origin"
MOST = 100
"""Most links of one record that are looked up; the newest ones."""

UNKNOWN_KIND = LinkKind(name=RELATED, forward=N_("Related"), backward=N_("Related"))
KINDS = (
    UNKNOWN_KIND,
    LinkKind(name=ORIGIN, forward=N_("Led to"), backward=N_("Came from")),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRecord:
    """The other end of a link.

    Attributes:
        kind: name of the kind of link.
        label: what the link means, seen from the record that was asked about (message id).
        forward: whether the link leads from that record to the other one.
        record_type: kind of the other record.
        record_id: its primary key.
        summary: what the asker may know of it; ``None`` where its plugin is not in force.
    """

    kind: str
    label: str
    forward: bool
    record_type: str
    record_id: int
    summary: RecordSummary | None


def may_see(actor: Actor, record: Any) -> bool:
    """Return whether the actor may open a loaded record of any kind."""
    kind = current_host().record_type(reference_of(record)[0])
    return kind is not None and actor.can(SEES, kind.view) and sees(actor, record)


def link(session: Session, actor: Actor, a: Any, b: Any, kind: str = RELATED) -> bool:
    """Link two records; both pages show it.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who links; may see both.
        a: record that the link leads from.
        b: record that it leads to.
        kind: name of a kind of link, declared by ``register_link_kinds``.

    Returns:
        Whether the link is new.

    Raises:
        ValueError: the kind is not declared, or both are the same record.
        NotPermitted: the actor may not see one of them.
    """
    if not (may_see(actor, a) and may_see(actor, b)):
        raise NotPermitted(Message(N_("You may only link records that you may see.")))
    return join(session, actor, a, b, kind)


def join(session: Session, actor: Actor, a: Any, b: Any, kind: str) -> bool:
    """Link two records without asking for rights; for what the actor did in one act with both.

    Raises:
        ValueError: the kind is not declared, or both are the same record.
    """
    declared = current_host().named("register_link_kinds", kind)
    if declared is None:
        raise ValueError(f"no plugin in force declares the kind of link {kind!r}")
    if reference_of(a) == reference_of(b):
        raise ValueError(f"{a.number} cannot be linked with itself")
    with write(session):
        if session.scalar(select(RecordLink.id).where(_is(a, b, kind))) is not None:
            return False
        (a_type, a_id), (b_type, b_id) = reference_of(a), reference_of(b)
        session.add(RecordLink(a_type=a_type, a_id=a_id, b_type=b_type, b_id=b_id, kind=kind,
                               by_id=actor.user_id, at=utcnow()))
        session.flush()
        _note(session, actor, "link", a, b, kind)
    return True


def is_linked(session: Session, a: Any, b: Any, kind: str = RELATED) -> bool:
    """Return whether two records are linked, in either direction.

    Args:
        session: any session.
        a: one record.
        b: the other one.
        kind: name of the kind of link.
    """
    return session.scalar(
        select(RecordLink.id).where(or_(_is(a, b, kind), _is(b, a, kind))).limit(1)) is not None


def unlink(session: Session, actor: Actor, a: Any, b: Any, kind: str = RELATED) -> bool:
    """Take a link away.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who does it; may see both.
        a: record that the link leads from.
        b: record that it leads to.
        kind: name of the kind of link.

    Returns:
        Whether there was one.

    Raises:
        NotPermitted: the actor may not see one of them.
    """
    if not (may_see(actor, a) and may_see(actor, b)):
        raise NotPermitted(Message(N_("You may only link records that you may see.")))
    with write(session):
        found = session.scalar(select(RecordLink).where(_is(a, b, kind)))
        if found is None:
            return False
        session.delete(found)
        session.flush()
        _note(session, actor, "unlink", a, b, kind)
    return True


def links_of(session: Session, actor: Actor, record: Any) -> list[LinkedRecord]:
    """Return the links of a record that the actor may see, the newest first, in two statements.

    A link whose other record the actor may not see is left out. One whose plugin is not in force
    is there without a summary.

    Args:
        session: any session.
        actor: who asks.
        record: the record; the actor may see it.
    """
    return linked(session, actor, session.scalar(
        _lines(), asked_links(record)))


def asked_links(record: Any) -> dict[str, Any]:
    """Return the parameters of ``links_expression`` for a record."""
    record_type, record_id = reference_of(record)
    return {"linked_type": record_type, "linked_id": record_id}


@built_once
def _lines() -> AnySelect:
    return select(links_expression())


@built_once
def links_expression() -> ColumnElement[str]:
    """Return the SQL expression of all links of a record as one text, for ``linked``.

    A page reads it together with other values in one statement, with the parameters that
    ``asked_links`` gives.
    """
    one_type = bindparam("linked_type", type_=RecordLink.a_type.type)
    one_id = bindparam("linked_id", type_=RecordLink.a_id.type)
    forward = and_(RecordLink.a_type == one_type, RecordLink.a_id == one_id)
    backward = and_(RecordLink.b_type == one_type, RecordLink.b_id == one_id)

    def text(column: Any) -> Any:
        return cast(column, String(80))

    newest = select(
        (text(RecordLink.id) + literal(" ") + RecordLink.kind
         + case(
             (forward, literal(" > ") + RecordLink.b_type + literal(" ") + text(RecordLink.b_id)),
             else_=literal(" < ") + RecordLink.a_type + literal(" ") + text(RecordLink.a_id))
         ).label("line")
    ).where(or_(forward, backward)).order_by(RecordLink.id.desc()).limit(MOST).subquery()
    return select(func.aggregate_strings(newest.c.line, "\n")).scalar_subquery()


def linked(session: Session, actor: Actor, lines: str | None) -> list[LinkedRecord]:
    """Return links from the value of ``links_expression``; one statement where there are any.

    Args:
        session: any session.
        actor: who asks.
        lines: the value.
    """
    found = sorted(map(_read, (lines or "").splitlines()), reverse=True)
    if not found:
        return []
    seen = summaries(session, actor, {reference for _, _, _, reference in found})
    return list(_visible(found, seen))


def _read(line: str) -> tuple[int, str, bool, Reference]:
    key, kind, direction, record_type, record_id = line.split(" ")
    return int(key), kind, direction == ">", (record_type, int(record_id))


def _visible(
    found: Iterable[tuple[int, str, bool, Reference]], seen: dict[Reference, RecordSummary]
) -> Iterable[LinkedRecord]:
    host = current_host()
    for _key, name, forward, reference in found:
        known = seen.get(reference)
        if known is None and host.record_type(reference[0]) is not None:
            continue
        kind = host.named("register_link_kinds", name) or UNKNOWN_KIND
        yield LinkedRecord(
            kind=name, label=kind.forward if forward else kind.backward, forward=forward,
            record_type=reference[0], record_id=reference[1], summary=known,
        )


def _is(a: Any, b: Any, kind: str) -> Any:
    (a_type, a_id), (b_type, b_id) = reference_of(a), reference_of(b)
    return and_(RecordLink.a_type == a_type, RecordLink.a_id == a_id, RecordLink.b_type == b_type,
                RecordLink.b_id == b_id, RecordLink.kind == kind)


def _note(session: Session, actor: Actor, action: str, a: Any, b: Any, kind: str) -> None:
    for record, other, forward in ((a, b, True), (b, a, False)):
        other_type, other_id = reference_of(other)
        record_type, record_id = reference_of(record)
        record_act(
            session, actor, action, record_type=record_type, record_id=record_id,
            number=record.number,
            # Facts and no values: who reads the history may not see the other record.
            changes={"link": {"kind": kind, "forward": forward, "record_type": other_type,
                              "record_id": other_id}},
        )
