"""Telling people something, and what they do with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.bulk_authorization import users_who_can_see
from app.database import changed_rows, utcnow, write
from app.host.host import current_host
from app.i18n import N_
from app.jobs.models import DONE, Job
from app.jobs.retries import delete_in_portions
from app.notices.external_channels import SENDING_JOB, send_outside
from app.notices.kinds import IN_PRODUCT, KINDS, NoticeKind
from app.notices.models import Notice, NoticeChoice
from app.people.services import names_of
from app.people.substitutes import substitutes_of

COUNT_MOST = 99
KEPT_DAYS = 90
SENT_KEPT_DAYS = 2
# Placeholders of notices that are added up.
SUMMED = ("passed", "near")
# Sums of this many imports that a person has not read yet are looked through.
_MOST_SUMS = 20
# Among the values of a notice: the page that it leads to.
PAGE = "page"
IN_PLACE = N_("In place of %(absent)s: %(what)s")


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page that a notice leads to; who may not open it is told so there.

    Attributes:
        endpoint: of the page, e.g. ``ComplaintTableView.page``.
        arguments: of its address; texts and numbers.
    """

    endpoint: str
    arguments: Mapping[str, str | int] = dataclasses.field(default_factory=dict[str, str | int])


def message(text: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a value of a notice that is a message id itself, e.g. the name of a state.

    Args:
        text: the message id.
        values: values of its own placeholders.
    """
    return {"msgid": text, "values": dict(values)} if values else {"msgid": text}


def tell(
    session: Session,
    user_ids: Iterable[int | None],
    kind: NoticeKind,
    text: str,
    *,
    values: Mapping[str, Any] | None = None,
    record: Any = None,
    by: int | None = None,
    by_name: str = "",
    once: bool = False,
    page: Page | None = None,
) -> int:
    """Tell people something, by each channel that they want to hear it by.

    Nobody is told of their own act, nor of a record that they may not see. Whoever stands in for
    one who is away is told what kind asks for it, and in whose place. What leaves the product
    is sent by the worker afterwards; see ``app.notices.external_channels``.

    Args:
        session: inside of a writing block.
        user_ids: whom; doubles and ``None`` are passed over.
        kind: what it is about.
        text: sentence as a message id.
        values: values of its placeholders; see ``message``.
        record: the record it is about, if any.
        by: user id of whoever did it.
        by_name: that person's name.
        once: leave out those who have not read the same about this record yet; without a record,
            those who were ever told the same.
        page: where the notice leads, if it is about no record.

    Returns:
        How many were told in the product.
    """
    values = dict(values or {})
    if page is not None:
        values[PAGE] = {"endpoint": page.endpoint, "arguments": dict(page.arguments)}
    people = {user_id for user_id in user_ids if user_id is not None and user_id != by}
    told = _deliver(session, people, kind, text, values, record, by_name, once)
    if not kind.passed_on:
        return told
    away = substitutes_of(session, people)
    names = names_of(session, away)
    for absent, named in sorted(away.items()):
        substitutes = set(named) - people - {by}
        if substitutes:
            in_place = {"absent": names[absent], "what": message(text, values)}
            told += _deliver(session, substitutes, kind, IN_PLACE, in_place, record, by_name, once)
    return told


def tell_sum(
    session: Session, user_id: int, kind: NoticeKind, text: str, numbers: Mapping[str, int],
    values: Mapping[str, Any],
) -> None:
    """Tell one person how much of something there is; what comes later is added to the notice.

    Args:
        session: inside of a writing block.
        user_id: whom.
        kind: what it is about.
        text: sentence as a message id, with a placeholder for each of ``SUMMED``.
        numbers: what to add, by placeholder.
        values: the other values; an unread notice with the same ones is added to.
    """
    unread = session.scalars(
        select(Notice).where(
            Notice.user_id == user_id, Notice.read_at.is_(None), Notice.kind == kind.name,
            Notice.text == text,
        ).order_by(Notice.id.desc()).limit(_MOST_SUMS)
    )
    for notice in unread:
        if values.items() <= notice.text_values.items():
            notice.text_values = {
                **notice.text_values,
                **{name: notice.text_values[name] + numbers.get(name, 0) for name in SUMMED},
            }
            session.flush()
            return
    total = {name: numbers.get(name, 0) for name in SUMMED}
    tell(session, [user_id], kind, text, values={**values, **total})


def _deliver(
    session: Session, people: set[int], kind: NoticeKind, text: str, values: Mapping[str, Any],
    record: Any, by_name: str, once: bool,
) -> int:
    if once:
        people -= (_told_the_same(session, people, kind, text, values) if record is None
                   else _told_already(session, people, kind, text, record))
    if record is not None:
        people &= who_may_see(session, people, record)
    send_outside(session, people, kind.name, record=record, job_id=values.get("job_id"))
    wanted = people - _unwilling(session, people, kind)
    if not wanted:
        return 0
    now = utcnow()
    rows = [
        {
            "user_id": user_id, "kind": kind.name, "text": text, "text_values": dict(values),
            "record_type": getattr(record, "__record_type__", ""),
            "record_id": getattr(record, "id", None), "actor_name": by_name[:128],
            "created_at": now,
        }
        for user_id in sorted(wanted)
    ]
    session.execute(insert(Notice), rows)
    return len(rows)


def _unwilling(session: Session, user_ids: Collection[int], kind: NoticeKind) -> set[int]:
    return set(session.scalars(
        select(NoticeChoice.user_id).where(
            NoticeChoice.user_id.in_(user_ids), NoticeChoice.kind == kind.name,
            NoticeChoice.channel == IN_PRODUCT, NoticeChoice.wanted.is_(False),
        )
    )) if user_ids else set()


def _told_already(
    session: Session, user_ids: Collection[int], kind: NoticeKind, text: str, record: Any
) -> set[int]:
    return set(session.scalars(
        select(Notice.user_id).where(
            Notice.user_id.in_(user_ids), Notice.read_at.is_(None), Notice.kind == kind.name,
            Notice.text == text, Notice.record_type == record.__record_type__,
            Notice.record_id == record.id,
        )
    )) if user_ids else set()


def _told_the_same(
    session: Session, user_ids: Collection[int], kind: NoticeKind, text: str,
    values: Mapping[str, Any],
) -> set[int]:
    told = session.execute(select(Notice.user_id, Notice.text_values).where(
        Notice.user_id.in_(user_ids), Notice.kind == kind.name, Notice.text == text,
        Notice.record_id.is_(None)))
    return {row.user_id for row in told if row.text_values == values}


def who_may_see(session: Session, user_ids: Collection[int], record: Any) -> set[int]:
    """Return those of some users who may see a record now."""
    kind = current_host().record_type_of(type(record))
    return set() if kind is None else users_who_can_see(session, user_ids, record, kind.view)


def count_unread(actor: Actor) -> Select[int]:
    """Return a SELECT of how many notices the actor has not read, up to 99 and one more."""
    inner = (
        select(literal(1)).select_from(Notice)
        .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None)).limit(COUNT_MOST + 1)
    )
    return select(func.count()).select_from(inner.subquery())


def notices_of(
    session: Session, actor: Actor, *, limit: int, only_unread: bool = False,
    kind: str = "", before: int | None = None,
) -> list[Notice]:
    """Return notices of the actor, newest first.

    Args:
        session: any session.
        actor: whose notices.
        limit: most that are returned.
        only_unread: leave out what has been read.
        kind: only of this kind; empty for all.
        before: only older ones than this key.
    """
    query = select(Notice).where(Notice.user_id == actor.user_id)
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    if kind:
        query = query.where(Notice.kind == kind)
    if before is not None:
        query = query.where(Notice.id < before)
    return list(session.scalars(query.order_by(Notice.id.desc()).limit(limit)))


def mark_read(session: Session, actor: Actor, up_to: int | None = None) -> int:
    """Mark all notices of the actor as read, or those up to a key; return how many were not.

    Args:
        session: any session.
        actor: whose notices.
        up_to: what came later stays unread; it was not on the page.
    """
    with write(session):
        return changed_rows(session.execute(
            update(Notice)
            .where(
                Notice.user_id == actor.user_id, Notice.read_at.is_(None),
                *([Notice.id <= up_to] if up_to is not None else []),
            )
            .values(read_at=utcnow()).execution_options(synchronize_session=False)
        ))


def open_notice(session: Session, actor: Actor, notice_id: int) -> Notice | None:
    """Mark a notice as read, with all others on the same record; ``None`` when it is not theirs."""
    with write(session):
        notice = session.scalar(
            select(Notice).where(Notice.id == notice_id, Notice.user_id == actor.user_id)
        )
        if notice is None:
            return None
        same = Notice.id == notice.id
        if notice.record_id is not None:
            same = (Notice.record_type == notice.record_type) & (
                Notice.record_id == notice.record_id
            )
        session.execute(
            update(Notice)
            .where(Notice.user_id == actor.user_id, Notice.read_at.is_(None), same)
            .values(read_at=utcnow()).execution_options(synchronize_session=False)
        )
    return notice


def choices_of(session: Session, actor: Actor) -> dict[tuple[str, str], bool]:
    """Return what the actor has chosen, by kind and channel."""
    rows = session.execute(
        select(NoticeChoice.kind, NoticeChoice.channel, NoticeChoice.wanted)
        .where(NoticeChoice.user_id == actor.user_id)
    )
    return {(row.kind, row.channel): row.wanted for row in rows}


def choose(
    session: Session, actor: Actor, wanted: Collection[str], channel: str = IN_PRODUCT
) -> None:
    """Keep which kinds of notice the actor wants by a channel; all others are not wanted.

    Args:
        session: any session.
        actor: whose choice.
        wanted: names of kinds.
        channel: ``product``, or the name of a channel that leads outside.
    """
    with write(session):
        session.execute(delete(NoticeChoice).where(
            NoticeChoice.user_id == actor.user_id, NoticeChoice.channel == channel
        ))
        session.add_all(
            NoticeChoice(user_id=actor.user_id, kind=name, channel=channel, wanted=name in wanted)
            for name in KINDS
        )


def forget_old(session: Session, now: dt.datetime) -> int:
    """Delete notices older than 90 days, and jobs that sent one; for the worker's schedule."""
    # One for each message: what could not be sent is kept as long as any other job.
    delete_in_portions(
        session, Job, Job.kind == SENDING_JOB, Job.state == DONE,
        Job.finished_at < now - dt.timedelta(days=SENT_KEPT_DAYS),
    )
    old = Notice.created_at < now - dt.timedelta(days=KEPT_DAYS)
    return len(delete_in_portions(session, Notice, old))
