"""Which measures have been counted from their records, and by which definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.database import AnySelect
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.counting import held_measures
from app.metrics.kept import kept_for_host
from app.metrics.models import MetricState
from app.people.clock import local_zone
from app.statements import built_once

_KNOWN = "metrics.definitions"
_IN_FORCE = "careline_metric_definitions"


class DefinedMeasure(NamedTuple):
    """A measure whose counts are held, with the digest of how it counts."""

    measure: Measure
    definition: str


def measures_in_force() -> Mapping[str, DefinedMeasure]:
    """Return the measures whose counts are held, by name; digests are made once for a process."""
    return kept_for_host(_IN_FORCE, _defined)


def _defined() -> Mapping[str, DefinedMeasure]:
    zone = local_zone()
    return {one.name: DefinedMeasure(one, facts.definition_of(one, zone))
            for one in held_measures()}


def is_counted(session: Session, name: str) -> bool:
    """Return whether what is held of a measure was counted as it counts now.

    Args:
        session: any session.
        name: name of the measure.
    """
    return is_as_defined(known_definitions(session), name)


def is_as_defined(known: Mapping[str, str], name: str) -> bool:
    """Return whether a measure was counted by the definition in force.

    Args:
        known: what ``definitions`` returns.
        name: name of the measure.
    """
    found = measures_in_force().get(name)
    return found is not None and known.get(name) == found.definition


@built_once
def _states() -> AnySelect:
    return select(MetricState.measure, MetricState.definition)


def definitions(session: Session | Connection) -> dict[str, str]:
    """Return by which definition each measure has been counted, by its name."""
    return dict(session.execute(_states()).all())


def known_definitions(session: Session) -> dict[str, str]:
    """Return ``definitions``, asked once in a transaction: each card of a page asks anew."""
    transaction = session.connection().get_transaction()
    kept = session.info.get(_KNOWN)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_KNOWN] = (transaction, definitions(session))
    return kept[1]
