"""Operations of records that a workflow drives: steps, deadlines that follow, closed records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import AuditEntry
from app.access.services import actor_for
from app.database import utcnow, write
from app.deadlines.services import react
from app.deadlines.state_history import Move
from app.errors import Invalid
from app.forms.definition import Field, Form, Kind, Section
from app.host.host import current_host
from app.i18n import N_, Message
from app.records.actions import AvailableAction, Done
from app.records.changes import Changes
from app.records.mixin import WorkflowRecord
from app.records.operations import operations_of, serve_by_default
from app.records.record_operations import RecordOperations, changed_together
from app.records.refusals import refusals
from app.records.values import values_of
from app.workflow import publishing, services
from app.workflow.clock_results import show_clocks
from app.workflow.deadline_sync import clocks_follow, receipt_moved
from app.workflow.definition import Evidence, Transition, Workflow
from app.workflow.engine import Availability, TransitionContext, may
from app.workflow.step_undo import undo_step

REASSIGN = "reassign"
OWNER = "owner_id"
_REASSIGN_FORM = Form("reassign", N_("Reassign"), (Section("main", "", (
    Field(OWNER, Kind.PERSON, N_("Owner"), True),
    Field("reason", Kind.TEXT, N_("Reason"), length=200),
)),))


@changed_together
class WorkflowOperations(RecordOperations):
    """Operations of a kind of record with the ``WorkflowRecord`` mixin.

    Its actions are the transitions of the workflow, decided by the engine, and whatever a subclass
    adds to them.
    """

    changes_when_closed: ClassVar[bool] = False
    """Whether a record in a final state may still be changed."""

    action_icons: ClassVar[Mapping[str, str]] = {}
    """Icons of transitions by name."""

    reassign_permission: ClassVar[tuple[str, str] | None] = None
    """Permission and view that are needed to give an open record another owner.

    Without one, only what the workflow and the form say changes the owner.
    """

    row_guards: ClassVar[frozenset[str]] = frozenset()
    """Names of guards that look at the record alone: a list asks them of each row, too.

    Guards that ask further tables would cost a statement for each row; a list leaves them to the
    moment in which the step is taken.
    """

    row_guard_columns: ClassVar[tuple[str, ...]] = ()
    """Columns that the ``row_guards`` read; a list then reads these and not the whole record."""

    owner_permission: ClassVar[tuple[str, str] | None] = None
    """Permission and view without which nobody owns a record; ``None`` where anybody may."""

    @property
    def shipped(self) -> Workflow:
        """The workflow as it was shipped.

        Raises:
            LookupError: no workflow is registered for this kind of record.
        """
        binding = current_host().workflow_of(self.model)
        if binding is None:
            raise LookupError(f"no workflow is registered for {self.model.__name__}")
        return binding.workflow

    # --- rules -------------------------------------------------------------------------------
    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """A record in a final state is not changed any more."""
        if not record.is_open and not self.changes_when_closed:
            return Message(N_("A closed record is not changed any more."))
        return super().refuse_change(session, actor, record)

    def follow(
        self, session: Session, actor: Actor, record: Any, changes: Changes
    ) -> None:
        """Let deadlines follow a corrected receipt and everything else they depend on."""
        super().follow(session, actor, record, changes)
        if record.workflow_id is None:
            return
        receipt_moved(session, actor, record, changes)
        kind = cast("type[Any]", type(record))
        before = values_of(record) | {
            name: pair[0] for name, pair in changes.items() if hasattr(kind, name)
        }
        clocks_follow(session, actor, record, before)

    # --- beginning ---------------------------------------------------------------------------
    def received_at(self, record: Any) -> dt.datetime | None:
        """Return when the clocks of a new record begin; ``None`` means now."""
        field = record.__receipt_field__
        return getattr(record, field) if field else None

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        record = super()._insert(session, actor, values, reason)
        services.begin(session, actor, record, self.shipped.name, self.received_at(record))
        return record

    # --- deadlines ---------------------------------------------------------------------------
    def move_clocks(self, session: Session, record: Any, name: str) -> None:
        """Let the clocks of a record react to an act that is no step of its workflow.

        Args:
            session: session with a running write.
            record: the record.
            name: of the act, as the rules of clocks name it; ``further_moves`` must tell of it.
        """
        due_at = react(session, record.__record_type__, record.id, {name}, values_of(record),
                       utcnow())
        show_clocks(session, record, due_at)

    def further_moves(self, session: Session, record: Any) -> Sequence[Move]:
        """Return what clocks react to beside the steps of the workflow, the oldest first.

        Asked where clocks are worked out anew, after a correction or a step taken back.
        """
        return ()

    # --- actions -----------------------------------------------------------------------------
    def actions(self, session: Session, actor: Actor, record: Any) -> Sequence[AvailableAction]:
        """Return the transitions that the engine allows or blocks with a reason."""
        if record.workflow_id is None or record.is_away:
            return ()
        found = [
            self.action_of(offer.transition, offer.reason)
            for offer in services.available_transitions(session, actor, record)
            if offer.availability is not Availability.FORBIDDEN
        ]
        return [*found, *self._reassign()] if record.is_open else found

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return the transitions that may be taken for many records, and the change of owner."""
        found = [self.action_of(one, None) for one in self.shipped.transitions if one.bulk]
        return [*found, *self._reassign()]

    def is_locked(self, session: Session, actor: Actor, record: Any, step: Transition) -> bool:
        """Return whether one of the ``row_guards`` stands against a step of a record.

        Args:
            session: any session.
            actor: who would take it.
            record: the record.
            step: a transition.
        """
        binding = current_host().workflow_of(self.model)
        asked = self.row_guards.intersection(step.guards)
        return binding is not None and any(
            binding.guards[name](session, actor, record) is not None for name in asked)

    def step_at_once(
        self, session: Session, actor: Actor, name: str
    ) -> AvailableAction | None:
        """Return a step that somebody may take right after a record is made, by their roles alone.

        Args:
            session: any session.
            actor: who will make the record.
            name: name of a transition.

        Returns:
            The step of the version in force; ``None`` where it has none, or asks for another role.
        """
        _, workflow = publishing.in_force(session, self.shipped.name)
        found = next((one for one in workflow.transitions if one.name == name), None)
        facts = TransitionContext(roles=actor.roles, permissions=actor.permissions)
        if found is None or not may(found.who, facts):
            return None
        return self.action_of(found, None)

    def _reassign(self) -> Sequence[AvailableAction]:
        if self.reassign_permission is None:
            return ()
        return [AvailableAction(
            name=REASSIGN, label=N_("Reassign"), icon="user-share", form=_REASSIGN_FORM,
            permission=self.reassign_permission, bulk=True,
        )]

    def refuse_owner(self, session: Session, record: Any, owner: Actor) -> Message | None:
        """Return why a person cannot own a record, or ``None``: by ``owner_permission`` at first.

        Args:
            session: any session.
            record: the record.
            owner: the person, with the rights in force.
        """
        if self.owner_permission is not None and not owner.can(*self.owner_permission):
            return Message(N_("This person may not work on such records."))
        return None

    def carry_out(
        self, session: Session, actor: Actor, record: Any, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Give the record another owner; a subclass does what it adds."""
        if name != REASSIGN:
            return super().carry_out(session, actor, record, name, values)
        owner = actor_for(session, values[OWNER])
        if owner is None:
            raise Invalid({OWNER: Message(N_("This account is closed."))})
        refused = self.refuse_owner(session, record, owner)
        if refused is not None:
            raise Invalid({OWNER: refused})
        if record.owner_id == owner.user_id:
            raise Invalid({OWNER: Message(N_("This person owns it already."))})
        self.store(session, actor, record, {OWNER: owner.user_id},
                   reason=values.get("reason") or "")
        return Done(Message(N_("%(number)s now belongs to %(name)s."),
                            {"number": record.number, "name": owner.name}))

    def action_of(self, transition: Transition, blocked: Message | None) -> AvailableAction:
        """Return a transition as an action.

        Args:
            transition: of the record's version of the workflow.
            blocked: why it cannot be taken now.
        """
        return AvailableAction(
            name=transition.name, label=transition.label,
            icon=self.action_icons.get(transition.name, ""), form=transition.form,
            outcomes=tuple((one.value, one.label) for one in transition.outcomes),
            comment=Evidence.COMMENT in transition.evidence, confirm=transition.confirm,
            blocked=blocked, primary=transition.primary, bulk=transition.bulk,
            claims=transition.claims,
        )

    def act(
        self, session: Session, actor: Actor, record: Any, name: str,
        values: Mapping[str, Any] | None = None, version: int | None = None,
    ) -> Done:
        """Take a transition through the engine, or do an action that a subclass adds."""
        if record.workflow_id is None or not self._is_transition(session, record, name):
            return super().act(session, actor, record, name, values, version)
        with refusals(record), write(session):
            done = services.perform(session, actor, record, name, values or {}, version)
        label = services.workflow_of(session, record).state(done.plan.target).label
        return Done(Message(N_("%(number)s is now: %(state)s"),
                            {"number": record.number, "state": Message(label)}))

    @staticmethod
    def _is_transition(session: Session, record: Any, name: str) -> bool:
        return any(
            one.name == name for one in services.workflow_of(session, record).transitions
        )

    def undo_action(
        self, session: Session, actor: Actor, record: Any, entry: AuditEntry
    ) -> None:
        """Take a step back by a compensating step; see ``app.workflow.step_undo``.

        Raises:
            Rejected: something followed, or a step of this kind is never taken back.
        """
        with refusals(record), write(session):
            self._lock(session, record, None, {})
            undo_step(session, actor, record, entry)


def workflow_operations(model: type[Any]) -> WorkflowOperations:
    """Return the operations of a kind of record that a workflow drives.

    Raises:
        TypeError: no workflow drives it.
    """
    found = operations_of(model)
    if not isinstance(found, WorkflowOperations):
        raise TypeError(f"no workflow drives {model.__name__}")
    return found


serve_by_default(WorkflowRecord, WorkflowOperations)
