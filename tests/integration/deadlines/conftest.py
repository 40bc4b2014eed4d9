"""The trial record on each database, for its clocks."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import Scope
from app.deadlines.models import ClockRow
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


MONDAY = dt.datetime(2024, 5, 13, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai


@pytest.fixture
def new(session, world):
    """Make a case that was received on the Monday at nine."""

    def make(**values):
        return new_trial(session, world.agent, {"subject": "Noise"} | values, MONDAY)

    return make


@pytest.fixture
def clock(session):
    """Read the newest run of a record's clock."""

    def read(record, key="resolution") -> ClockRow:
        session.expire_all()
        return session.scalar(
            select(ClockRow)
            .where(ClockRow.record_id == record.id, ClockRow.key == key)
            .order_by(ClockRow.run.desc())
            .limit(1)
        )

    return read
