"""An installation of the job system on the database of the test."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import Actor
from app.jobs.kinds import JobKind, by_name
from app.jobs.queue import JobQueue, attach
from app.jobs.runner import Runtime
from config import Settings


@pytest.fixture
def queue(settings: Settings, engine: Engine) -> JobQueue:
    """The queue of this installation, on a file of its own."""
    queue = JobQueue.from_settings(settings)
    attach(engine, queue)
    return queue


@pytest.fixture
def runtime_of(
    settings: Settings, queue: JobQueue, sessions: sessionmaker[Session]
) -> Callable[..., Runtime]:
    """Make the runtime of a worker that knows these kinds of job."""

    def make(*kinds: JobKind) -> Runtime:
        def load_actor(_session: Session, user_id: int | None) -> Actor:
            return Actor(user_id=user_id, username=f"user {user_id}", name="")

        return Runtime(
            queue=queue, sessions=sessions, results=settings.var_dir / "results",
            kinds=by_name(kinds), load_actor=load_actor,
        )

    return make


@dataclasses.dataclass
class Clerk:
    """The part of an actor that jobs need."""

    user_id: int | None
    may_cancel: bool = False

    def can(self, permission: str, view: str) -> bool:
        return self.may_cancel and (permission, view) == ("can_cancel", "core.Jobs")


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Callable[..., Clerk]:
    """Make people who start jobs."""

    def make(may_cancel: bool = False) -> Clerk:
        return Clerk(actor().user_id, may_cancel)

    return make
