"""What generators of demonstration data are given."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import acting_at
from app.deadlines.calendar_store import default_calendar
from app.deadlines.calendars import WorkingCalendar
from app.people.models import Team
from app.records.places import Place

__all__ = ["DemoContext", "WorkingCalendar", "acting_at", "default_calendar", "places"]


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
    shared: dict[str, Any] = dataclasses.field(default_factory=dict)

    def random(self, name: str) -> random.Random:
        """Return a source of randomness of its own for each generator."""
        return random.Random(f"{self.seed}:{name}")


def places(session: Session) -> list[Place]:
    """Return the places that records of demonstrations may have: each team with its department.

    Args:
        session: any session.
    """
    teams = session.execute(select(Team.id, Team.department_id).order_by(Team.id))
    return [Place(department_id=row.department_id, team_id=row.id) for row in teams]
