"""Customers served: what counts as one is chosen by an admin among what plugins offer.

Rates such as that of complaints stand over this number. It is a definition of the department, so it
is told wherever such a rate stands; without a number there is no rate.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.versioned_cache import cached_for, cached_until_change
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.host.host import current_host
from app.host.measures import Served
from app.i18n import N_
from app.metrics import facts
from app.metrics.periods import Period
from app.metrics.reading import counts, counts_by
from app.settings.models import PluginSettings
from app.settings.services import saved_settings

NAME, FIELD = "customers_served", "counted"
CONTACTED = "customers.contacted"
SERVED_CUSTOMERS = "customers.served"
DEFAULT = (SERVED_CUSTOMERS,)


@dataclasses.dataclass(frozen=True, slots=True)
class ServedNumber:
    """How many customers were served.

    Attributes:
        number: of customers, or of what stands for them; ``None`` where it is not known.
        titles: what was counted (message ids).
    """

    number: int | None
    titles: tuple[str, ...]


def offers() -> dict[str, Served]:
    """Return what may count as a customer served, of the core and of the plugins in force."""
    return {one.name: one for one in current_host().contributions("register_served")}


def definition_form(session: Session) -> Form:
    """Return the form in which an admin chooses what counts.

    What was chosen stays a choice while its plugin is switched off.

    Args:
        session: any session.
    """
    choices = {name: one.title for name, one in offers().items()}
    held = session.get(PluginSettings, NAME)
    kept = held.content.get(FIELD) or () if held is not None else ()
    choices = {**choices, **{name: name for name in kept if name not in choices}}
    field = Field(
        FIELD, Kind.MULTI_CHOICE, N_("What counts as a customer served"), True,
        default=[name for name in DEFAULT if name in choices],
        choices=tuple(Choice(name, title) for name, title in choices.items()),
        help=N_("Rates such as that of complaints stand over this number. Several are added up: a "
                "customer who called and was called back counts twice."))
    return Form(NAME, N_("Customers served"), (Section("main", "", (field,)),))


def chosen(session: Session) -> tuple[str, ...]:
    """Return the names of what counts as a customer served; read once a change."""
    return cached_until_change(session, f"settings.{NAME}", lambda: tuple(
        saved_settings(session, definition_form(session))[0].get(FIELD) or ()))


def served(
    session: Session, actor: Actor, period: Period, *, origin: str | None = None,
    person: int | None = None, branch: int | None = None, age: dt.timedelta = dt.timedelta(0),
) -> ServedNumber:
    """Return how many customers were served in a period, as far as the actor sees.

    Args:
        session: any session.
        actor: who asks.
        period: days that count.
        origin: a register has served nobody here; empty or ``None`` for own work.
        person: only by this user; ``None`` for all.
        branch: only by this branch; ``None`` for all.
        age: how old the number may be.
    """
    found = cached_for(
        session, f"served.{actor.user_id}.{period}.{origin}.{person}.{branch}", age,
        lambda: served_by(session, actor, "", period, origin=origin, person=person, branch=branch))
    numbers = found.numbers
    return ServedNumber(None if numbers is None else numbers.get(None, 0), found.titles)


@dataclasses.dataclass(frozen=True, slots=True)
class ServedNumbers:
    """Customers served by key of a dimension; ``numbers`` is ``None`` where they are not known."""

    numbers: Mapping[Any, int] | None
    titles: tuple[str, ...]


def served_by(
    session: Session, actor: Actor, dimension: str, period: Period, *, origin: str | None = None,
    person: int | None = None, branch: int | None = None,
) -> ServedNumbers:
    """Return how many customers were served, by key of a dimension; arguments as for ``served``.

    Args:
        dimension: as for ``count_by``; without one there is the key ``None``. What is not counted
            by it makes the whole unknown: a part of the customers would be no denominator.
    """
    names, known = chosen(session), offers()
    titles = tuple(known[name].title for name in names if name in known)
    if not names or len(titles) < len(names) or origin:
        return ServedNumbers(None, titles)
    total: Counter[Any] = Counter()
    for name in names:
        numbers = _numbers(session, actor, known[name], dimension, period, person, branch)
        if numbers is None:
            return ServedNumbers(None, titles)
        total.update(numbers)
    return ServedNumbers(total, titles)


def _numbers(
    session: Session, actor: Actor, one: Served, dimension: str, period: Period,
    person: int | None, branch: int | None,
) -> Mapping[Any, int] | None:
    if one.measure is None:
        if branch is not None or dimension not in ("", facts.PERSON) or one.count is None:
            return None
        by_person = bool(dimension) or person is not None
        found = one.count(session, actor, period, by_person)
        return found if person is None else {None: found.get(person, 0)}
    measure = one.measure
    if branch is not None and not facts.branch_column(measure.model):
        return None
    if person is not None and not measure.person:
        return None
    if not dimension:
        return {None: counts(session, actor, [measure], period, person=person,
                             branch=branch)[measure.name]}
    try:
        return counts_by(session, actor, [measure], dimension, period,
                         branch=branch)[measure.name]
    except LookupError:
        return None


def titles_of(session: Session) -> Sequence[str]:
    """Return what counts as a customer served (message ids), without what is not in force."""
    known = offers()
    return [known[name].title for name in chosen(session) if name in known]
