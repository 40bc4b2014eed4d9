"""Enqueueing: the row belongs to the caller's transaction, the message follows its commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import SYSTEM
from app.database import write
from app.jobs.models import CANCELLED, DONE, FAILED, QUEUED, Job
from app.jobs.queue import JobQueue
from app.jobs.services import cancel, enqueue, job_state, recent_jobs

pytestmark = pytest.mark.both_databases


class _Sent:
    """A queue that notes whether the row could be seen when its message was sent."""

    def __init__(self, queue: JobQueue, sessions: sessionmaker[Session]) -> None:
        self.visible: list[bool] = []
        self._send, self._sessions = queue.send, sessions

    def __call__(self, job_id: int) -> None:
        with self._sessions() as other:
            self.visible.append(job_state(other, job_id) is not None)
        self._send(job_id)


@pytest.fixture
def sent(
    queue: JobQueue, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> list[bool]:
    recorder = _Sent(queue, sessions)
    monkeypatch.setattr(queue, "send", recorder)
    return recorder.visible


def _enqueue(session: Session, actor: Any = SYSTEM, **options: Any) -> Job:
    return enqueue(session, actor, "test.kind", {"rows": 3}, title="Test", **options)


def test_job_waits_with_what_it_was_given(
    session: Session, queue: JobQueue, clerk: Callable[..., Any]
) -> None:
    wang = clerk()
    job = _enqueue(session, wang, title_values={"file": "a.csv"})
    state = job_state(session, job.id)
    assert state is not None
    assert (state.state, state.actor_user_id, state.percent) == (QUEUED, wang.user_id, None)
    assert state.title_values == {"file": "a.csv"}
    assert not queue.is_empty()


def test_message_is_sent_after_the_outermost_commit(session: Session, sent: list[bool]) -> None:
    with write(session):
        _enqueue(session)
        with session.begin_nested():
            _enqueue(session)
        assert sent == []
    assert sent == [True, True]


def test_nothing_remains_of_a_transaction_that_failed(
    session: Session, queue: JobQueue, sent: list[bool]
) -> None:
    with pytest.raises(ZeroDivisionError), write(session):
        _enqueue(session)
        raise ZeroDivisionError
    assert recent_jobs(session) == []
    with write(session):
        pass
    assert sent == []
    assert queue.is_empty()


def test_a_lost_queue_does_not_lose_the_job(
    session: Session, queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_job_id: int) -> None:
        raise ConnectionError("queue is away")

    monkeypatch.setattr(queue, "_task", lost)
    job = _enqueue(session)
    assert job_state(session, job.id) is not None


@pytest.mark.parametrize("ended", [QUEUED, DONE])
def test_the_same_key_is_the_same_job(session: Session, queue: JobQueue, ended: str) -> None:
    first = _enqueue(session, key="2026-11")
    with write(session):
        first.state = ended
    assert _enqueue(session, key="2026-11").id == first.id
    assert _enqueue(session, key="2026-12").id != first.id
    assert _enqueue(session).id != first.id


@pytest.mark.parametrize("ended", [FAILED, CANCELLED])
def test_what_failed_may_be_tried_again_under_its_key(
    session: Session, queue: JobQueue, ended: str
) -> None:
    first = _enqueue(session, key="2026-11")
    with write(session):
        first.state = ended
    second = _enqueue(session, key="2026-11")
    assert second.id != first.id
    assert _enqueue(session, key="2026-11").id == second.id


def test_twenty_at_once_with_one_key_make_one_job(
    sessions: sessionmaker[Session], session: Session, queue: JobQueue
) -> None:
    ids: list[int] = []
    barrier = threading.Barrier(20)

    def ask() -> None:
        with sessions() as own:
            barrier.wait()
            ids.append(_enqueue(own, key="once").id)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 20
    assert len(set(ids)) == 1
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_cancelling_belongs_to_the_asker_or_needs_a_right(
    session: Session, queue: JobQueue, clerk: Callable[..., Any]
) -> None:
    wang, li, admin = clerk(), clerk(), clerk(may_cancel=True)
    mine, other = _enqueue(session, wang), _enqueue(session, wang)
    with pytest.raises(PermissionError):
        cancel(session, li, mine.id)
    assert cancel(session, wang, mine.id).state == CANCELLED
    assert cancel(session, admin, other.id).state == CANCELLED
    with pytest.raises(LookupError):
        cancel(session, admin, 999)


def test_a_system_job_belongs_to_nobody(
    session: Session, queue: JobQueue, clerk: Callable[..., Any]
) -> None:
    job = _enqueue(session)
    with pytest.raises(PermissionError):
        cancel(session, clerk(), job.id)


def test_jobs_are_listed_newest_first(
    session: Session, queue: JobQueue, clerk: Callable[..., Any]
) -> None:
    wang, li = clerk(), clerk()
    first, second, _other = _enqueue(session, wang), _enqueue(session, wang), _enqueue(session, li)
    mine = recent_jobs(session, actor_user_id=wang.user_id)
    assert [job.id for job in mine] == [second.id, first.id]
    cancel(session, wang, first.id)
    assert [job.id for job in recent_jobs(session, states=[CANCELLED])] == [first.id]
    assert len(recent_jobs(session, limit=2)) == 2
