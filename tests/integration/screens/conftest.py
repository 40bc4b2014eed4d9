"""Fixtures: the application with the sample department, and browsers signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.database import db
from config import Settings
from tests.integration.screens import building
from tests.services.applications import SharedApplications, release


@pytest.fixture
def database_kind() -> str:
    """The sample's tables and people are in the template already."""
    return "sample"


@pytest.fixture
def app(settings: Settings, applications: SharedApplications) -> Iterator[Flask]:
    """The application with the sample; replaces the shared fixture of the same name."""
    app = applications.give(settings, building.build)
    yield app
    release(app)


class Browser(FlaskClient):
    """A test client that sends the token with whatever it posts, as a page would."""

    token = ""

    def sign_in(self, username: str) -> Browser:
        """Sign in as the form does, without drawing it, and return the browser."""
        self.token = self.get("/login/state").json["token"]
        answer = self.send(
            "/login/", {"username": username, "password": building.PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        self.token = token_of(self.get("/", follow_redirects=True).text)
        return self

    def send(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """POST a form with the token."""
        return self.post(path, data={"csrf_token": self.token, **(data or {})}, **kwargs)

    def json_call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Any:
        """Call the API by cookie, with the token in the header."""
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        return self.open(path, method=method, json=body, headers=headers, **kwargs)


def token_of(page: str) -> str:
    """Return the token that a page carries."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


@pytest.fixture
def browser(app: Flask) -> Callable[[str], Browser]:
    """Make browsers: ``browser("agent")`` is signed in, ``browser("")`` is not."""
    app.test_client_class = Browser

    def make(username: str = "") -> Browser:
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client.sign_in(username) if username else client

    return make


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Collects the SQL statements that run while the test clears and reads the list."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
