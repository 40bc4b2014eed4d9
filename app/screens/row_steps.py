"""The step that a list offers in the row itself: to take what nobody has yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.database import db
from app.screens.context import actor
from app.screens.offers import ActionOffer
from app.workflow.definition import ANYONE, Transition, Who


def _open_to(who: Who, person: Any) -> bool:
    """Return whether a person's roles or rights suffice, whatever the record.

    Relations to the record are not looked up for a list; the engine decides when it is pressed.
    """
    return bool(
        ANYONE in who.relations
        or person.roles.intersection(who.roles)
        or any(person.can(name, view) for name, view in who.permissions)
    )


class RowSteps:
    """Offers transitions that claim a record, and ask for nothing, in the owner's cell."""

    def row_steps(self, rows: Sequence[Any]) -> Mapping[int, ActionOffer]:
        """Return the step of each row that has no owner and may be taken, in one statement.

        Args:
            rows: tuples whose first item is the primary key.
        """
        person, workflow = actor(), self.shipped()
        claims: dict[str, Transition] = {
            state: one
            for one in workflow.transitions
            if one.claims and one.form is None and _open_to(one.who, person)
            for state in workflow.sources_of(one)
        }
        if not claims or not rows:
            return {}
        model = self.datamodel.obj
        found = db.session.execute(
            select(model.id, model.state).where(
                model.id.in_([row[0] for row in rows]), model.owner_id.is_(None),
                model.workflow_id.is_not(None), model.state.in_(sorted(claims)),
            )
        )
        return {pk: self._offer_of(claims[state], "") for pk, state in found}
