"""What can be done with gradings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.gradings.models import Grading, Signer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import figures, metrics_by_name, named_period, records_url
from app.sdk.people import leaders_by_person, profiles
from app.sdk.records import create
from app.sdk.services import SYSTEM, Actor, utcnow
from app.sdk.workflow import Message

FIGURES = ("followups.finished", "handovers.made")


def signers(session: Session, grading: Grading) -> Sequence[Signer]:
    """Return the places of the chain, in order."""
    return session.scalars(
        select(Signer).where(Signer.grading_id == grading.id).order_by(Signer.place)).all()


def _waiting(session: Session, grading: Grading) -> Signer | None:
    return next((one for one in signers(session, grading) if one.signed_at is None), None)


def own_turn(session: Session, actor: Actor, grading: Grading) -> Message | None:
    """Guard: nobody signs before it is their turn."""
    waiting = _waiting(session, grading)
    if waiting is not None and waiting.user_id == actor.user_id:
        return None
    return Message(N_("It is not your turn to sign."))


def all_signed(session: Session, _actor: Actor, grading: Grading) -> Message | None:
    """Guard: what is not signed is not closed."""
    return Message(N_("Not everybody has signed.")) if _waiting(session, grading) else None


def put_signature(
    session: Session, _actor: Actor, grading: Grading, _values: Mapping[str, Any]
) -> None:
    """Effect of a signature."""
    waiting = _waiting(session, grading)
    assert waiting is not None
    waiting.signed_at = utcnow()


def open_month(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Make a grading of the month before for everybody in a team; none is made twice."""
    month = f"{due.date().replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    known = set(session.scalars(select(Grading.owner_id).where(Grading.month == month)))
    people = [one for one in profiles(session, everyone=True)
              if one.team_id is not None and one.user_id not in known]
    leaders = leaders_by_person(session, people)
    for person in people:
        grading = create(session, SYSTEM, Grading, {"owner_id": person.user_id, "month": month})
        chain = [person.user_id, *leaders.get(person.user_id, ())]
        session.add_all(Signer(grading_id=grading.id, user_id=user_id, place=place)
                        for place, user_id in enumerate(dict.fromkeys(chain)))
    session.flush()


def lines(session: Session, actor: Actor, grading: Grading) -> list[dict[str, Any]]:
    """Return the figures of other plugins for the person, each with the list behind it."""
    period = named_period("this_month")
    metrics = metrics_by_name(FIGURES, reader=actor)
    found = figures(session, actor, list(metrics.values()), period, person=grading.owner_id)
    return [{"name": name, "value": found[name].value,
             "url": records_url(metric, period, {"person": grading.owner_id})}
            for name, metric in metrics.items()]
