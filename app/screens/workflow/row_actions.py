"""Transitions as actions: what their forms begin with, and what a row of a list offers itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import bindparam, select

from app.database import AnySelect, db
from app.screens.bulk.action_forms import offer_of
from app.screens.bulk.record_actions import RecordActions
from app.screens.contracts import ActionOffer, RowOffers
from app.screens.workflow.pickers import owner_choices_url
from app.statements import built_once
from app.web.request import actor
from app.workflow import services
from app.workflow.definition import ANYONE, Transition, Who
from app.workflow.operations import OWNER, REASSIGN, workflow_operations


def _open_to(who: Who, person: Any, owns: bool) -> bool:
    """Return whether a person's roles or rights suffice, or that the record is theirs.

    Further relations to the record are not looked up for a list; the engine decides when it is
    pressed, by what the whole record says.
    """
    return bool(
        ANYONE in who.relations
        or (owns and "owner" in who.relations)
        or person.roles.intersection(who.roles)
        or any(person.can(name, view) for name, view in who.permissions)
    )


@built_once
def _where_they_stand(model: Any, also: tuple[str, ...]) -> AnySelect:
    """Return the SELECT of state and owner of those ``ids`` that stand in one of ``states``."""
    names = dict.fromkeys(("id", "state", "owner_id", *also))
    return select(*(getattr(model, name) for name in names)).where(
        model.id.in_(bindparam("ids", expanding=True)), model.workflow_id.is_not(None),
        model.state.in_(bindparam("states", expanding=True)),
    )


class WorkflowActions(RecordActions):
    """Transitions of a record, and those that a row of the list offers without opening it."""

    def defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Fill a transition's form with what the record holds in columns of the same names."""
        if record is None:
            return {}
        transition = next(
            (one for one in services.workflow_of(db.session, record).transitions
             if one.name == name), None,
        )
        if transition is None or transition.form is None:
            return {}
        return {
            field.name: value
            for field in transition.form.fields
            if (value := getattr(record, field.name, None)) not in (None, "")
        }

    def form(self, offer: ActionOffer, record: Any | None) -> FlaskForm:
        """Offer as the next owner whoever may be it, with what each has to do already."""
        form = super().form(offer, record)
        if offer.name == REASSIGN:
            vars(form[OWNER])["choices_url"] = owner_choices_url(self.screen.model.__record_type__)
        return form

    def row_offers(self, rows: Sequence[Any]) -> Mapping[int, RowOffers]:
        """Return what each row of a page offers, in one statement.

        A second one reads the records whose usual step may be locked, where there are any and the
        operations do not name the columns that decide it.

        Args:
            rows: tuples whose first item is the primary key.
        """
        person, operations = actor(), workflow_operations(self.screen.model)
        workflow = operations.shipped
        claims: dict[str, Transition] = {}
        usual: dict[str, Transition] = {}
        for one in sorted(workflow.transitions, key=lambda one: one.order, reverse=True):
            if one.claims and one.form is None:
                claims.update(dict.fromkeys(workflow.sources_of(one), one))
            elif one.primary:
                usual.update(dict.fromkeys(workflow.sources_of(one), one))
        if not rows:
            return {}
        statement = _where_they_stand(self.screen.model, operations.row_guard_columns)
        found = db.session.execute(statement, {
            "ids": [row[0] for row in rows], "states": sorted({*claims, *usual})}).all()
        locked = self._locked(usual, found)

        offers: dict[str, ActionOffer] = {}

        def offered(by_state: Mapping[str, Transition], state: str, owns: bool) -> Any:
            one = by_state.get(state)
            if one is None or not _open_to(one.who, person, owns):
                return None
            if one.name not in offers:
                offers[one.name] = offer_of(
                    operations.action_of(one, None), self.screen.declared.action_forms)
            return offers[one.name]

        return {
            pk: RowOffers(
                offered(claims, state, False) if owner is None else None,
                offered(usual, state, owner == person.user_id) if pk not in locked else None,
            )
            for pk, state, owner in (row[:3] for row in found)
        }

    def _locked(self, usual: Mapping[str, Transition], rows: Sequence[Any]) -> set[int]:
        """Return the rows whose usual step a guard locks that looks at the record alone."""
        operations, model = workflow_operations(self.screen.model), self.screen.model
        guarded = {state: step for state, step in usual.items()
                   if operations.row_guards.intersection(step.guards)}
        records: Iterable[Any] = [row for row in rows if row.state in guarded]
        if records and not operations.row_guard_columns:
            records = db.session.scalars(select(model).where(
                model.id.in_([row.id for row in records])))
        return {record.id for record in records
                if operations.is_locked(db.session, actor(), record, guarded[record.state])}
