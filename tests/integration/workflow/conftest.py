"""The trial record on each database, with people around it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import insert

from app.access.actor import Scope
from app.database import write
from app.records.models import File
from tests.integration.trial import StubHost, new_trial, prepare, trial_app
from tests.unit.workflow.sample import CAN_APPROVE


@dataclasses.dataclass
class World:
    """The host, the department and three people."""

    host: StubHost
    department_id: int
    agent: object
    supervisor: object
    leader: object


@pytest.fixture
def flask_app():
    """An application that holds the host, its context pushed."""
    flask = trial_app()
    with flask.app_context():
        yield flask


@pytest.fixture
def world(engine, session, actor, flask_app) -> World:
    """Return the world of the trial record."""
    department = prepare(engine, session)
    place = {"department_id": department, "department_ids": {department}}
    return World(
        host=flask_app.extensions["careline.host"],
        department_id=department,
        agent=actor("li", name="Li", roles={"agent"}, scope=Scope.DEPARTMENT, **place),
        supervisor=actor(
            "wang", name="Wang", roles={"supervisor"}, scope=Scope.DEPARTMENT, **place
        ),
        leader=actor(
            "zhao", name="Zhao", roles={"leader"}, scope=Scope.DEPARTMENT,
            permissions={CAN_APPROVE}, led_department_ids={department}, **place,
        ),
    )


@pytest.fixture
def received() -> dt.datetime:
    """A Monday, 09:00 in Shanghai."""
    return dt.datetime(2024, 5, 13, 1, tzinfo=dt.UTC)


@pytest.fixture
def new(session, world, received):
    """Make a case at the beginning of its way."""

    def make(**values):
        values = {"subject": "Noise", "customer_id": 1} | values
        return new_trial(session, world.agent, values, received)

    return make


@pytest.fixture
def put_file(session):
    """Put a file on a record and return its id."""

    def put(record, name="scan.pdf") -> int:
        with write(session):
            added = session.execute(
                insert(File).values(
                    record_type=record.__record_type__, record_id=record.id, author_name="Li",
                    name=name, media_type="application/pdf", size=1, sha256="0" * 64,
                    key=f"{record.id}-{name}",
                )
            )
        return added.inserted_primary_key[0]

    return put
