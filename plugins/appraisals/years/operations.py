"""By which rules the rules of the year's result are written: what counts is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import RecordOperations, operations_of
from app.sdk.services import SYSTEM, Actor, is_present
from app.sdk.workflow import Message
from plugins.appraisals.rules.year import MONTHS
from plugins.appraisals.years.models import YearRule

_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_IN_FORCE = Message(N_("A rule that is in force stays: add a new one for a later year."))


class YearRuleOperations(RecordOperations):
    """Operations on rules of the year's result."""

    required = ("from_year", "least_months")

    def validate(
        self, session: Session, actor: Actor, record: YearRule | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a rule for a year that has begun, a second one for a year, and odd numbers."""
        errors = super().validate(session, actor, record, values)
        least, year = values.get("least_months"), values.get("from_year")
        if least is not None and not 1 <= least <= MONTHS:
            errors["least_months"] = Message(
                N_("Enter %(low)s to %(high)s."), {"low": 1, "high": MONTHS})
        if year is None:
            return errors
        first = _FIRST_YEAR if actor.is_system else local_today().year + 1
        if not first <= year <= _LAST_YEAR:
            errors["from_year"] = Message(
                N_("Enter %(low)s to %(high)s."), {"low": first, "high": _LAST_YEAR})
        elif session.scalar(select(YearRule.id).where(
                YearRule.from_year == year, is_present(YearRule),
                YearRule.id != (record.id if record is not None else 0))):
            errors["from_year"] = Message(N_("There is a rule from this year on already."))
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: YearRule) -> Message | None:
        """A rule that has been in force stays as it is: results are computed by it again."""
        if record.from_year <= local_today().year:
            return _IN_FORCE
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: YearRule) -> Message | None:
        """A rule that has been in force stays."""
        if record.from_year <= local_today().year:
            return _IN_FORCE
        return super().refuse_delete(session, actor, record)


def ship_rule(session: Session) -> None:
    """Add the rule of the documents where there is none: the mean of the months with a score."""
    if session.scalar(select(YearRule.id).limit(1)) is None:
        operations_of(YearRule).create(
            session, SYSTEM, {"from_year": _FIRST_YEAR, "least_months": 1})
