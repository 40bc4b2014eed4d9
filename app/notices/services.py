"""Telling people something, and what they do with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.bulk_authorization import users_who_can_see, users_who_can_see_each
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
class NoticePage:
    """A page that a notice leads to; who may not open it is told so there.

    Attributes:
        endpoint: of the page, e.g. ``ComplaintTableView.page``.
        arguments: of its address; texts and numbers.
    """

    endpoint: str
    arguments: Mapping[str, str | int] = dataclasses.field(default_factory=dict[str, str | int])


@dataclasses.dataclass(frozen=True, slots=True)
class About:
    """One record that people are told of, see ``tell_about_each``.

    Attributes:
        record: the record; ``None`` for a notice about none.
        user_ids: whom; doubles and ``None`` are passed over.
        values: values of the placeholders.
    """

    record: Any
    user_ids: Iterable[int | None]
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])


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
    page: NoticePage | None = None,
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
    return tell_about_each(session, [About(record, user_ids, values)], kind, text, by=by,
                           by_name=by_name, once=once)


def tell_about_each(
    session: Session,
    several: Iterable[About],
    kind: NoticeKind,
    text: str,
    *,
    by: int | None = None,
    by_name: str = "",
    once: bool = False,
) -> int:
    """Tell people the same about each of many records: ``tell``, in as many statements as for one.

    Args:
        session: inside of a writing block.
        several: the records, each with whom to tell; of one kind, or all without a record.
        kind: what it is about.
        text: sentence as a message id.
        by: user id of whoever did it.
        by_name: that person's name.
        once: see ``tell``.

    Returns:
        How many notices were given in the product.
    """
    told = [About(one.record, {key for key in one.user_ids if key not in (None, by)}, one.values)
            for one in several]
    number = _deliver(session, kind, text, told, by_name, once)
    if not kind.passed_on:
        return number
    away = substitutes_of(session, {key for one in told for key in _keys(one)})
    names = names_of(session, away)
    in_place = [
        About(one.record, substitutes, {
            "absent": names[absent], "what": message(text, one.values)})
        for one in told for absent in sorted(away.keys() & _keys(one))
        if (substitutes := set(away[absent]) - _keys(one) - {by})]
    return number + _deliver(session, kind, IN_PLACE, in_place, by_name, once)


def _keys(about: About) -> set[int]:
    return {key for key in about.user_ids if key is not None}


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
    session: Session, kind: NoticeKind, text: str, several: Sequence[About], by_name: str,
    once: bool,
) -> int:
    people = [_keys(one) for one in several]
    if once:
        told = _told_before(session, kind, text, several, people)
        people = [wanted - known for wanted, known in zip(people, told, strict=True)]
    people = _seeing(session, several, people)
    for one, wanted in zip(several, people, strict=True):
        send_outside(session, wanted, kind.name, record=one.record,
                     job_id=one.values.get("job_id"))
    unwilling = _unwilling(session, set().union(*people), kind)
    now = utcnow()
    rows = [
        {
            "user_id": user_id, "kind": kind.name, "text": text, "text_values": dict(one.values),
            "record_type": getattr(one.record, "__record_type__", ""),
            "record_id": getattr(one.record, "id", None), "actor_name": by_name[:128],
            "created_at": now,
        }
        for one, wanted in zip(several, people, strict=True)
        for user_id in sorted(wanted - unwilling)
    ]
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def _told_before(
    session: Session, kind: NoticeKind, text: str, several: Sequence[About],
    people: Sequence[set[int]],
) -> list[set[int]]:
    """Return for each notice who need not be told again."""
    records = {one.record.id for one in several if one.record is not None}
    if not records:
        return [_told_the_same(session, wanted, kind, text, one.values)
                for one, wanted in zip(several, people, strict=True)]
    rows = session.execute(select(Notice.record_id, Notice.user_id).where(
        Notice.user_id.in_(set().union(*people)), Notice.read_at.is_(None),
        Notice.kind == kind.name, Notice.text == text, Notice.record_id.in_(records),
        Notice.record_type == several[0].record.__record_type__))
    told: dict[int, set[int]] = {}
    for row in rows:
        told.setdefault(row.record_id, set()).add(row.user_id)
    return [told.get(one.record.id, set()) for one in several]


def _seeing(
    session: Session, several: Sequence[About], people: list[set[int]]
) -> list[set[int]]:
    """Return who of the people of each notice may see its record now."""
    records = [one.record for one in several]
    if all(record is None for record in records):
        return people
    if len({type(record) for record in records}) > 1:
        raise ValueError("notices about records of several kinds")
    kind = current_host().record_type_of(type(records[0]))
    if kind is None:
        return [set() for _ in people]
    return users_who_can_see_each(session, list(zip(records, people, strict=True)), kind.view)


def _unwilling(session: Session, user_ids: Collection[int], kind: NoticeKind) -> set[int]:
    return set(session.scalars(
        select(NoticeChoice.user_id).where(
            NoticeChoice.user_id.in_(user_ids), NoticeChoice.kind == kind.name,
            NoticeChoice.channel == IN_PRODUCT, NoticeChoice.wanted.is_(False),
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
