"""A kind of record with a workflow and deadlines, for tests of the floors that move records."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import Engine, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

import app.models
import app.workflow.models
from app.access.actor import SYSTEM, Actor
from app.database import Base, UTCDateTime, utcnow, write
from app.deadlines.calendar_store import save_calendar
from app.deadlines.chinese import china_calendar
from app.deadlines.policies import (
    ClockKind,
    ClockRule,
    Escalation,
    Extension,
    Measure,
    Policy,
    PolicyCondition,
)
from app.deadlines.policy_store import publish_policy
from app.host.contributions import RecordType, Veto, WorkflowBinding
from app.host.host import EXTENSION
from app.host.lookups import ContributionLookups
from app.i18n import Message
from app.people.models import Department
from app.records.mixin import WorkflowRecord
from app.records.record_operations import RecordOperations
from app.workflow.operations import WorkflowOperations
from app.workflow.publishing import publish, surroundings_of
from app.workflow.services import begin
from config import Settings
from tests.unit.workflow.sample import CAN_APPROVE, COMPLAINT


class Trial(WorkflowRecord, Base):
    """A complaint in miniature."""

    __tablename__ = "trial_case"
    __record_type__ = "trial.case"
    __number_prefix__ = "TR"
    __title_field__ = "subject"
    __receipt_field__ = "received_at"
    __search_fields__ = ("subject",)

    subject: Mapped[str] = mapped_column(String(80), default="")
    received_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    severity: Mapped[str] = mapped_column(String(20), default="normal")
    customer_id: Mapped[int | None] = mapped_column()
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))


def has_customer(_session: Session, _actor: Any, record: Trial) -> Message | None:
    """Guard: only with a customer."""
    return None if record.customer_id else Message("Enter the customer first.")


def remember_proposer(_session: Session, actor: Any, record: Trial, _values: Any) -> None:
    """Effect: who proposed may not approve."""
    record.proposer_id = actor.user_id


BINDING = WorkflowBinding(
    model=Trial,
    workflow=COMPLAINT,
    guards={"has_customer": has_customer},
    effects={"remember_proposer": remember_proposer},
)


def house(name: str, hours: int, **changes: Any) -> Policy:
    """Return a policy with one internal clock in working hours."""
    rule = ClockRule(
        key="resolution", title="Resolution", measure=Measure.WORKING_MINUTES, amount=hours * 60,
        starts_on=("received", "reopen"), pauses_on=("category:waiting",),
        stops_on=("category:done", "category:cancelled"),
        escalate=(Escalation(0, "team_leader"), Escalation(60, "department_leader")),
        extensions=(Extension(by=hours * 60, most=hours * 120, approver="supervisor"),),
    )
    return Policy(name, "House", "House rule", (rule,), **changes)


NORMAL = house("house_normal", 8, applies_when=(PolicyCondition("severity", ("normal",)),))
SERIOUS = house("house_serious", 2, applies_when=(PolicyCondition("severity", ("serious",)),))
LAW = Policy(
    "law",
    "Law",
    "A law",
    (
        ClockRule(
            key="decision", title="Decision", measure=Measure.CALENDAR_DAYS, amount=15,
            kind=ClockKind.STATUTORY, starts_on=("received",),
            stops_on=("category:done", "category:cancelled"),
        ),
    ),
)


@dataclasses.dataclass
class StubHost(ContributionLookups):
    """Stands in for the plugin host: one record type, one workflow, listeners by choice."""

    listeners: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    vetoes: list[Veto] = dataclasses.field(default_factory=list)
    operations: dict[type[Any], Any] = dataclasses.field(
        default_factory=lambda: {Trial: WorkflowOperations(Trial)}
    )

    def contributions(self, hook: str) -> list[Any]:
        """Return what a plugin of trials would contribute."""
        known = {
            "register_workflows": [BINDING],
            "register_record_types": [
                RecordType(
                    model=Trial, label="Case", label_plural="Cases", view="trial.Case",
                    endpoint="Trial.show",
                )
            ],
        }
        return known.get(hook, [])

    def subscribers(self, hook: str, _payload: Mapping[str, Any] | None = None) -> list[str]:
        """Return who listens to an event."""
        return self.listeners.get(hook, [])

    def check(self, hook: str, **_arguments: Any) -> list[Veto]:
        """Return the vetoes that the test has set against transitions."""
        return self.vetoes if hook == "check_transition" else []


def new_trial(
    session: Session, actor: Actor, values: Mapping[str, Any],
    received_at: dt.datetime | None = None,
) -> Trial:
    """Create a case whose clocks begin at a given moment; now by default."""
    with write(session):
        values = {"received_at": received_at or utcnow(), **values}
        record = RecordOperations(Trial).create(session, actor, values)
        begin(session, actor, record, COMPLAINT.name, record.received_at)
    return record


def trial_app() -> Flask:
    """Return an application that is only a place for the host and the settings."""
    flask = Flask("trial")
    flask.config["CARELINE_SETTINGS"] = Settings.from_environment(
        {"CARELINE_SECRET_KEY": secrets.token_urlsafe(64), "CARELINE_ENV": "test"})
    flask.extensions[EXTENSION] = StubHost()
    return flask


def prepare(engine: Engine, session: Session) -> int:
    """Make the table, calendar, policies and workflow; return the id of a department."""
    Trial.__table__.create(engine)
    with write(session):
        save_calendar(session, china_calendar(), is_default=True)
        for policy in (NORMAL, SERIOUS, LAW):
            publish_policy(session, "trial.case", policy, shipped=True)
        roles = {"agent": [], "supervisor": [], "leader": [CAN_APPROVE]}
        publish(session, SYSTEM, COMPLAINT, surroundings_of(BINDING, roles))
        department = Department(code="cs", name="Customer service", path="/1/")
        session.add(department)
        session.flush()
    return department.id


__all__ = ["app"]
