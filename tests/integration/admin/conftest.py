"""Fixtures: people of the demo department in front of the core's own screens."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.jobs.models import Job
from app.jobs.runner import EXTENSION, run_job
from app.settings.services import save_settings, saved_settings, settings_form
from app.testing.plugin_fixtures import House


class Desk:
    """A person's browser that sends the token with whatever it posts, as a page would.

    Args:
        house: the house.
        username: who signs in; nobody for an empty name.
    """

    def __init__(self, house: House, username: str) -> None:
        self._session = house.session
        self._client: FlaskClient = self._apart(house.client, username or None)
        self._client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        if username:
            self.token = token_of(self.get("/account/").text)
            self.send("/account/language", {"locale": "en"})

    def _apart(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # The house keeps an application context open; a request must not find it, nor who was
        # signed in there. What the request has written is seen afterwards.
        answer = contextvars.Context().run(call, *args, **kwargs)
        self._session.rollback()
        return answer

    def get(self, path: str, **kwargs: Any) -> Any:
        """GET a page."""
        return self._apart(self._client.get, path, buffered=True, **kwargs)

    def send(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """POST a form with the token."""
        form = {"csrf_token": self.token, **(data or {})}
        return self._apart(self._client.post, path, data=form, buffered=True, **kwargs)


def token_of(page: str) -> str:
    """Return the token that a page carries."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


@pytest.fixture
def desk(house: House) -> Callable[[str], Desk]:
    """Seat people: ``desk("supervisor")`` is a signed-in browser, ``desk("")`` nobody's."""
    return lambda username: Desk(house, username)


@pytest.fixture
def work(house: House) -> Callable[[], Job]:
    """Do the newest job as a worker would, and return it."""

    def do() -> Job:
        job_id = house.session.scalar(select(Job.id).order_by(Job.id.desc()).limit(1))
        house.session.rollback()
        run_job(house.app.extensions[EXTENSION], "worker", job_id)
        return house.session.get(Job, job_id)

    return do


@pytest.fixture
def unprotected(house: House) -> None:
    """Let everybody change all data of customers, for tests of what a change does."""
    form = settings_form("customer_changes")
    assert form is not None
    held, version = saved_settings(house.session, form)
    save_settings(
        house.session, house.actor("admin"), form, {**held, "protected": ()}, version)
