"""Notices that leave the product: by mail, and into groups of WeCom, DingTalk and Feishu.

What such a message says is the same everywhere: the kind of notice, the number of the record, and
a link. Never the title, a name of a customer, or the sentence of the notice, whose values come
from plugins: a group is read by people who may not see the record, and mail lies in places that
no right of the product reaches. Whoever follows the link signs in and sees what they may see. In
a group the name of the person it is for is added where the robot cannot call them.

Nothing leaves unless the person asked for it: a kind is told by a channel only after being chosen.

One job for each person and channel: a channel that fails is tried again without the others. All
that may have changed since (account, rights, the person's choice, the record) is looked at when
the job runs.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import current_app, has_app_context
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.access.bulk_authorization import users_who_can_see
from app.connection_urls import is_mail_address
from app.database import write
from app.host.host import current_host
from app.i18n import N_
from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind, TryLater
from app.jobs.outbox import MOST_ATTEMPTS, wait_before
from app.jobs.services import enqueue
from app.notices.kinds import CHANNELS, KINDS, MAIL, Channel
from app.notices.models import NoticeChoice, NoticeHandle
from app.people.models import Staff
from config import Settings

SENDING_JOB = "notices.send"
TEST = "notices.test"
NO_ADDRESS = N_("The account has no proper mail address.")
NOT_SET_UP = N_("This channel is not set up any more.")
_TEST_TEXT = N_("This is a test of notices.")


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    """Whom a message is for."""

    user_id: int
    mail: str
    name: str
    locale: str


def _settings() -> Settings | None:
    return current_app.config.get("CARELINE_SETTINGS") if has_app_context() else None


def channels() -> dict[str, Channel]:
    """Return the channels that the operator has set up, by name; the product itself is none."""
    settings = _settings()
    return {} if settings is None else {
        name: CHANNELS[name] for name in settings.notice_channels}


def send_outside(
    session: Session, user_ids: Collection[int], kind: str, *, record: Any = None,
    job_id: int | None = None,
) -> int:
    """Enqueue a message for everybody who wants this kind of notice by a channel.

    Args:
        session: inside of a writing block, which the jobs belong to.
        user_ids: whom; they may see the record now.
        kind: name of the kind of notice.
        record: what it is about, if anything.
        job_id: the job it is about, if any.

    Returns:
        How many messages will be sent.
    """
    ways = channels()
    if not ways or not user_ids:
        return 0
    wishes = session.execute(
        select(NoticeChoice.user_id, NoticeChoice.channel).where(
            NoticeChoice.user_id.in_(user_ids), NoticeChoice.kind == kind,
            NoticeChoice.channel.in_(list(ways)), NoticeChoice.wanted,
        ).order_by(NoticeChoice.user_id, NoticeChoice.channel)
    ).all()
    about = {"record_type": getattr(record, "__record_type__", ""),
             "record_id": getattr(record, "id", None), "job_id": job_id}
    for user_id, name in wishes:
        enqueue(
            session,
            SYSTEM,
            SENDING_JOB,
            {"user_id": user_id, "channel": name, "kind": kind, **about},
            title=ways[name].job_title,
        )
    return len(wishes)


def handles_of(session: Session, actor: Actor) -> dict[str, str]:
    """Return by what the robots call the actor, by name of the channel."""
    return dict(session.execute(
        select(NoticeHandle.channel, NoticeHandle.handle)
        .where(NoticeHandle.user_id == actor.user_id)
    ).all())


def save_handles(session: Session, actor: Actor, handles: Mapping[str, str]) -> None:
    """Keep by what the robots call the actor.

    Args:
        session: any session.
        actor: whose.
        handles: by name of the channel; an empty one is forgotten.

    Raises:
        ValueError: a channel has none, or it cannot call one person.
    """
    for name, handle in handles.items():
        if not CHANNELS[name].is_group or (handle and not CHANNELS[name].accepts(handle)):
            raise ValueError(name)
    with write(session):
        session.execute(delete(NoticeHandle).where(
            NoticeHandle.user_id == actor.user_id, NoticeHandle.channel.in_(list(handles))
        ))
        session.add_all(
            NoticeHandle(user_id=actor.user_id, channel=name, handle=handle)
            for name, handle in handles.items() if handle
        )


def mail_of(session: Session, actor: Actor) -> str:
    """Return the address to which mail for the actor goes; empty when there is no proper one."""
    address = session.scalar(select(User.email).where(User.id == actor.user_id)) or ""
    return address if is_mail_address(address) else ""


def ask_for_test(session: Session, actor: Actor, name: str) -> int:
    """Enqueue a test message to the actor by a channel; return the job.

    Raises:
        LookupError: the channel is not set up.
    """
    if name not in channels():
        raise LookupError(name)
    return enqueue(session, actor, TEST, {"user_id": actor.user_id, "channel": name},
                   title=N_("Test of notices")).id


def _deliver(context: JobContext) -> dict[str, Any]:
    """Send one notice to one person by one channel."""
    args, session = context.args, context.session
    reader = _reader(session, args["user_id"])
    if reader is None or not _still_wants(session, args):
        return {"sent": False}
    number, path = "", _path("NoticesView.index")
    if args["record_id"] is not None:
        found = _record(session, args["record_type"], args["record_id"], reader.user_id)
        if found is None:
            return {"sent": False}
        number, path = found
    elif args["job_id"] is not None:
        path = _path("JobsView.show", job_id=args["job_id"])
    label = KINDS[args["kind"]].label
    with force_locale(reader.locale):
        what = gettext(label)
    lines = [" · ".join(part for part in (what, number) if part), path]
    try:
        _send(session, args["channel"], reader, lines, wait_before(context.attempt))
    except TryLater as trouble:
        if context.attempt >= MOST_ATTEMPTS:
            raise JobFailed(trouble.message, **trouble.values) from None
        raise
    return {"sent": True}


def _test(context: JobContext) -> dict[str, Any]:
    """Send a test; whoever asked waits for the answer, so it is not tried again."""
    reader = _reader(context.session, context.args["user_id"])
    if reader is None:
        return {"sent": False}
    with force_locale(reader.locale):
        lines = [gettext(_TEST_TEXT), _path("NoticesView.index")]
    try:
        _send(context.session, context.args["channel"], reader, lines, dt.timedelta())
    except TryLater as trouble:
        raise JobFailed(trouble.message, **trouble.values) from None
    return {"sent": True}


def _send(
    session: Session, name: str, reader: _Reader, lines: Iterable[str], pause: dt.timedelta
) -> None:
    # Megabytes that nobody needs before the first message.
    from app.notices.delivery import send
    from app.notices.ssrf_guard import allowed_by

    settings = _settings()
    way = settings.notice_channels.get(name) if settings else None
    if settings is None or way is None:
        raise JobFailed(NOT_SET_UP)
    first, path = lines
    title = ""
    if name == MAIL.name:
        to, title = reader.mail, f"Careline: {first}"
        if not to:
            raise JobFailed(NO_ADDRESS)
    else:
        to = session.scalar(select(NoticeHandle.handle).where(
            NoticeHandle.user_id == reader.user_id, NoticeHandle.channel == name)) or ""
        first = f"Careline: {first}" if to else f"Careline: {first} ({reader.name})"
    # Nothing stays open in the database while the network is waited for.
    session.rollback()
    send(name, way, to, title, f"{first}\n{settings.public_url}{path}",
         allowed_by(settings.notices_private_hosts), pause)


def _reader(session: Session, user_id: int) -> _Reader | None:
    row = session.execute(
        select(User.email, User.first_name, Staff.name, Staff.locale)
        .outerjoin(Staff, Staff.user_id == User.id)
        .where(User.id == user_id, User.active.is_(True))
    ).one_or_none()
    if row is None:
        return None
    settings = _settings()
    return _Reader(
        user_id, row.email if is_mail_address(row.email or "") else "",
        row.name or row.first_name, row.locale or (settings.default_locale if settings else "zh"),
    )


def _still_wants(session: Session, args: Mapping[str, Any]) -> bool:
    return bool(session.scalar(select(NoticeChoice.wanted).where(
        NoticeChoice.user_id == args["user_id"], NoticeChoice.kind == args["kind"],
        NoticeChoice.channel == args["channel"],
    )))


def _record(
    session: Session, record_type: str, record_id: int, user_id: int
) -> tuple[str, str] | None:
    """Return number and path of a record if the person may see it now."""
    kind = current_host().record_type(record_type)
    record = None if kind is None else session.get(kind.model, record_id)
    if kind is None or record is None or record.deleted_at is not None:
        return None
    if user_id not in users_who_can_see(session, [user_id], record, kind.view):
        return None
    return record.number, _path(kind.endpoint, pk=record_id)


def _path(endpoint: str, **values: Any) -> str:
    # Outside of requests; the host comes from the settings and never from a request.
    return current_app.url_map.bind("").build(endpoint, values)


NOTICE_JOBS = (
    JobKind(name=SENDING_JOB, run=_deliver, is_quiet=True),
    JobKind(name=TEST, run=_test),
)
