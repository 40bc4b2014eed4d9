"""What the core does when a record was saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.admin.second_person import concerns_second_person, notify_second_person
from app.collaboration.timeline import feed_on_saving, feeds_on_saving
from app.notices.events import concerns_people, notify_on_saving

CONCERNS = (concerns_people, concerns_second_person, feeds_on_saving)
"""With any of these the core has something to do with what was saved."""


def after_saving(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those whom a record was given to, and who follow it; feed the customer's timeline.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    notify_on_saving(session, payload)
    notify_second_person(session, payload)
    feed_on_saving(session, payload)
