"""Test fixtures for plugin authors: a house with people, ready to work in.

    pytest_plugins = ["app.testing.plugin_fixtures"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.held_actors import HeldActors
from app.access.services import access_version
from app.admin.demo.people import load as load_people
from app.cli.deploy import publish_definitions
from app.cli.permissions import sync_all
from app.database import db
from app.sdk.demo import DemoContext

PASSWORD = "a-password-for-tests"


class FreshClient(FlaskClient):
    """A test client whose requests share nothing with the test that makes them.

    A request made while a test holds an application context would join that context, and with it
    what earlier requests left in ``flask.g``: the person of the first request, for one.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request in an application context of its own."""
        with self.application.app_context():
            return super().open(*args, **kwargs)


class House:
    """A running house of demo people on a test database.

    Attributes:
        app: the application.
        session: its session.
    """

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session
        self._held = HeldActors()

    def actor(self, username: str) -> Actor:
        """Return a demo person with the rights in force now."""
        user = self.session.scalar(select(User).where(User.username == username))
        assert user is not None and user.is_active, username
        return self._held.actor_of(self.session, user, access_version(self.session))

    def client(self, username: str | None = None) -> Any:
        """Return a test client, signed in as a demo person if one is named."""
        client = FreshClient(self.app, self.app.response_class)
        if username is not None:
            # As the form does, which need not be drawn for it.
            token = client.get("/login/state").get_json()["token"]
            answer = client.post(
                "/login/", data={"username": username, "password": PASSWORD, "csrf_token": token})
            assert answer.status_code == 302, answer.status_code
        return client

    def statements_of(self, call: Callable[[], Any]) -> list[tuple[str, Any]]:
        """Return the SQL statements of a call with their parameters, without those of transactions.

        Args:
            call: what is done, such as opening a page.
        """
        seen: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
                seen.append((statement, parameters))

        engine = self.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return seen

    def plans_of(self, part: str, call: Callable[[], Any]) -> str:
        """Return how SQLite answers the questions of a call, one step a line.

        Args:
            part: text that the statements of interest hold.
            call: what is done, such as opening a list.
        """
        asked = [(statement, parameters) for statement, parameters in self.statements_of(call)
                 if part in statement and statement.startswith("SELECT")]
        assert asked, part
        with db.engine.connect() as connection:
            return "\n".join(
                row[3] for statement, parameters in asked
                for row in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters))


def move_in(app: Flask) -> None:
    """Bring rights, definitions and the demo people into a database that has its tables.

    Args:
        app: the application, in its context.
    """
    sync_all(app)
    publish_definitions(app)
    load_people(DemoContext(db.session, app.config["CARELINE_SETTINGS"], 1, PASSWORD))


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """A house with departments, teams, people, roles, workflows and deadlines.

    A database that has people already is taken as it is: a copy of one that was filled before
    takes a fraction of the time.
    """
    with app.app_context():
        if db.session.scalar(select(User.id).limit(1)) is None:
            move_in(app)
        yield House(app, db.session)


@pytest.fixture
def who(house: House) -> Callable[[str], Actor]:
    """Return demo people by sign-in name: ``who("agent")``."""
    return house.actor
