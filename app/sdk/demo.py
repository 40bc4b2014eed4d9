"""What generators of demonstration data are given."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import random
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.access.services import actor_for
from app.database import acting_at, utcnow
from app.deadlines.calendar_store import default_calendar
from app.deadlines.calendars import WorkingCalendar
from app.people.clock import local_zone
from app.people.models import Team
from app.people.services import user_ids_by_name
from app.records.files import FileStore, attach
from app.records.models import File
from app.records.places import Place
from app.settings.services import save_settings, saved_settings, settings_form

__all__ = [
    "DemoContext", "Story", "WorkingCalendar", "acting_at", "attach_file", "default_calendar",
    "places", "set_settings",
]


@dataclasses.dataclass(slots=True)
class DemoContext:
    """Everything a generator needs; it must add nothing when run a second time.

    Attributes:
        session: session of the running application.
        settings: the product's settings.
        seed: makes the data repeatable.
        password: password of the demo people.
        complaints: how many mass records are asked for, or ``None`` for a handful.
        echo: prints a line of progress.
        shared: values that generators pass on to later ones.
    """

    session: Session
    settings: Any
    seed: int
    password: str
    complaints: int | None = None
    echo: Callable[[str], None] = print
    shared: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def random(self, name: str) -> random.Random:
        """Return a source of randomness of its own for each generator."""
        return random.Random(f"{self.seed}:{name}")


class Story:
    """What happened to the demo people over weeks or months, made in the order of time.

    Numbers, histories and the audit trail follow it.

    Args:
        context: what the generator was given.
        name: name of the generator, which makes its chances its own.

    Attributes:
        session: session of the running application.
        chance: source of randomness.
        users: keys of users by sign-in name.
        now: when the story ends; nothing in it happens later.
    """

    def __init__(self, context: DemoContext, name: str) -> None:
        self.session, self.chance = context.session, context.random(name)
        self.now = utcnow()
        self.users = user_ids_by_name(context.session)
        self._events: list[tuple[dt.datetime, int, Callable[[], Any]]] = []
        self._actors: dict[tuple[str, dt.date], Actor] = {}

    def actor(self, username: str) -> Actor:
        """Return a demo person with the rights of the day, read once for it.

        Raises:
            LookupError: the account is closed.
        """
        key = (username, utcnow().date())
        if key not in self._actors:
            found = actor_for(self.session, self.users[username])
            if found is None:
                raise LookupError(username)
            self._actors[key] = found
        return self._actors[key]

    def at(self, moment: dt.datetime) -> contextlib.AbstractContextManager[None]:
        """Let what is done within happen at a moment of the story.

        Args:
            moment: aware; what lies ahead, such as this morning's ten o'clock at nine, happens
                now.
        """
        return acting_at(min(moment, self.now))

    @staticmethod
    def local(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """Return a time of a day in the organisation's time zone.

        Args:
            day: local date.
            hour: 0 to 23.
            minute: 0 to 59.
        """
        return dt.datetime.combine(day, dt.time(hour, minute), local_zone())

    def later(self, moment: dt.datetime, happen: Callable[[], Any]) -> None:
        """Note what happens at a moment, aware; what lies ahead happens now."""
        self._events.append((moment, len(self._events), happen))

    def happen(self) -> None:
        """Let everything happen that was noted."""
        for moment, _, happen in sorted(self._events, key=lambda one: one[:2]):
            with self.at(moment):
                happen()


def places(session: Session) -> list[Place]:
    """Return the places that records of demonstrations may have: each team with its department.

    Args:
        session: any session.
    """
    teams = session.execute(select(Team.id, Team.department_id).order_by(Team.id))
    return [Place(department_id=row.department_id, team_id=row.id) for row in teams]


def set_settings(session: Session, plugin: str, values: Mapping[str, Any]) -> None:
    """Set what an admin would set for a plugin; what is not named stays as it is.

    Args:
        session: session without unsaved changes.
        plugin: name of the plugin.
        values: by name of the field.

    Raises:
        LookupError: the plugin declares no settings.
    """
    form = settings_form(plugin)
    if form is None:
        raise LookupError(plugin)
    held, version = saved_settings(session, form)
    save_settings(session, SYSTEM, form, {**held, **values}, version)


def attach_file(
    context: DemoContext, actor: Actor, record: Any, name: str, content: bytes
) -> File:
    """Put a made-up file on a record, as somebody does on its page.

    Args:
        context: what the generator was given.
        actor: who adds it.
        record: the record.
        name: name of the file; its ending says what the content is.
        content: the content.

    Raises:
        FileRefused: kind, size or content do not fit.
    """
    store = FileStore(context.settings)
    return attach(context.session, actor, store, record, name, io.BytesIO(content))
