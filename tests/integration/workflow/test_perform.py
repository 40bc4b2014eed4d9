"""Transitions in the database: all or nothing, one winner, versions pinned, state guarded."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import event, func, select, update

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.database import write
from app.deadlines.models import ClockRow
from app.errors import AlreadyTaken, Invalid, ProtectedField, Rejected, StaleRecord
from app.host.contributions import Veto
from app.i18n import Message
from app.jobs.models import OutboxRow
from app.records import services as records
from app.workflow import publishing, services
from app.workflow.definition import WorkflowError
from app.workflow.engine import replay
from app.workflow.models import LogRow
from app.workflow.state_guard import StateIsGuarded
from tests.integration.trial import BINDING, Trial

pytestmark = pytest.mark.both_databases


def test_a_record_begins_and_goes_all_the_way(session, world, new, put_file):
    record = new()
    assert (record.state, record.is_open) == ("received", True)
    signature = put_file(record)
    for person, name, values in (
        (world.agent, "take", {}),
        (world.agent, "propose", {"solution": "A new gearbox"}),
        (world.leader, "approve", {"signature": signature}),
        (world.agent, "feedback", {"outcome": "satisfied", "channel": "phone"}),
        (world.agent, "archive", {}),
    ):
        services.perform(session, person, record, name, values, record.version)
    assert (record.state, record.is_open, record.owner_id) == (
        "archived", False, world.agent.user_id,
    )
    lines = services.log(session, record)
    steps = [(line.transition, line.source, line.target) for line in lines[1:]]
    assert replay(services.workflow_of(session, record), steps) == "archived"
    assert [line.actor_name for line in lines] == ["Li", "Li", "Li", "Zhao", "Li", "Li"]
    assert lines[3].approval and lines[3].signature == signature
    assert lines[2].values == {"solution": "A new gearbox"} and lines[4].outcome == "satisfied"
    trail = session.scalars(
        select(AuditEntry.changes).where(AuditEntry.action == "transition").order_by(AuditEntry.id)
    ).all()
    assert [one["state"] for one in trail][:2] == [
        ["received", "assigned"], ["assigned", "proposed"],
    ]


def test_clocks_and_the_due_column_follow_the_way(session, world, new, received):
    record = new()
    assert record.due_at == received + dt.timedelta(hours=8)
    services.perform(session, world.agent, record, "take", {})
    services.perform(session, world.agent, record, "ask", {})
    rows = {row.key: row for row in session.scalars(select(ClockRow))}
    assert rows["resolution"].paused_at is not None and rows["decision"].paused_at is None
    services.perform(session, world.agent, record, "withdraw", {})
    session.expire_all()
    rows = {row.key: row for row in session.scalars(select(ClockRow))}
    assert all(row.stopped_at is not None for row in rows.values())
    assert record.due_at is None and not record.is_open


def test_it_is_all_or_nothing(session, world, new):
    record = new()
    services.perform(session, world.agent, record, "take", {})
    before = session.scalar(select(func.count(LogRow.id)))

    def fail(_session, _actor, _record, _values):
        raise RuntimeError("an effect that fails")

    good = BINDING.effects["remember_proposer"]
    BINDING.effects["remember_proposer"] = fail
    try:
        with pytest.raises(RuntimeError):
            services.perform(session, world.agent, record, "propose", {"solution": "x"})
    finally:
        BINDING.effects["remember_proposer"] = good
    session.expire_all()
    assert record.state == "assigned" and record.proposer_id is None
    assert session.scalar(select(func.count(LogRow.id))) == before


def test_an_approval_cannot_be_got_round(session, world, new, put_file):
    record = new()
    services.perform(session, world.agent, record, "take", {})
    services.perform(session, world.agent, record, "propose", {"solution": "x"})
    scan = put_file(record)
    for person in (world.agent, world.supervisor, SYSTEM):
        with pytest.raises(Rejected):
            services.perform(session, person, record, "approve", {"signature": scan})
    proposer = dataclasses.replace(world.leader, user_id=world.agent.user_id)
    with pytest.raises(Rejected, match="Somebody else"):
        services.perform(session, proposer, record, "approve", {"signature": scan})
    foreign = put_file(new(), "other.pdf")
    with pytest.raises(Invalid, match="does not belong"):
        services.perform(session, world.leader, record, "approve", {"signature": foreign})
    for name in ("feedback", "archive"):
        with pytest.raises(Rejected):
            services.perform(session, world.agent, record, name, {"outcome": "satisfied"})
    assert record.state == "proposed"


def test_offers_are_what_perform_lets_pass(session, world, new):
    record = new(customer_id=None)
    services.perform(session, world.agent, record, "take", {})
    offered = {one.transition.name: one
               for one in services.available_transitions(session, world.agent, record)}
    assert not offered["propose"].is_allowed
    with pytest.raises(Rejected, match="customer first"):
        services.perform(session, world.agent, record, "propose", {"solution": "x"})


def test_a_plugin_may_veto(session, world, new):
    record = new()
    world.host.vetoes.append(Veto(plugin="audit", message="The books are closed."))
    with pytest.raises(Rejected, match="books are closed"):
        services.perform(session, world.agent, record, "take", {})
    assert record.state == "received"
    services.perform(
        session, world.agent, record, "take", {}, veto=lambda *_: [Message("no")][:0]
    )


def test_events_go_out_with_the_commit(session, world, new):
    world.host.listeners["on_transition"] = ["callbacks"]
    record = new()
    services.perform(session, world.agent, record, "take", {})
    payload = session.scalar(
        select(OutboxRow.payload).where(OutboxRow.event == "on_transition")
    )
    assert (payload["from_state"], payload["to_state"]) == ("received", "assigned")
    assert payload["number"] == record.number and payload["actor_id"] == world.agent.user_id


def test_a_stale_form_is_refused_with_both_versions(session, world, new):
    record = new()
    seen = record.version
    services.perform(session, world.supervisor, record, "note", {"comment": "Called back"})
    with pytest.raises(StaleRecord) as caught:
        services.perform(session, world.supervisor, record, "assign", {"person": 1}, seen)
    assert caught.value.expected == seen and caught.value.record.version == seen + 1
    assert caught.value.values == {"person": 1}


def test_a_claim_that_comes_too_late_names_who_has_it(session, world, new):
    record = new()
    seen = record.version
    services.perform(session, world.agent, record, "take", {}, seen)
    for version in (seen, None):
        with pytest.raises(AlreadyTaken) as caught:
            services.perform(session, world.supervisor, record, "take", {}, version)
        assert (caught.value.holder_id, caught.value.holder_name) == (world.agent.user_id, "li")


def test_a_running_record_keeps_the_version_it_began_with(session, world, new):
    old = new()
    publishing.tune(
        session, SYSTEM, BINDING, {"transitions": {"take": {"label": "Pick up"}}}
    )
    young = new()
    assert services.workflow_of(session, old).transition("take").label == "Take"
    assert services.workflow_of(session, young).transition("take").label == "Pick up"
    assert services.workflow_of(session, young).version == 2
    services.perform(session, world.agent, old, "take", {})


def test_publishing_the_same_again_changes_nothing(session, world):
    first = publishing.in_force(session, "complaints.case")
    publishing.publish_shipped(session, SYSTEM, [BINDING])
    assert publishing.in_force(session, "complaints.case") == first


def test_a_faulty_tuning_is_not_published_and_not_kept(session, world):
    roles = {"agent": [], "supervisor": [], "leader": []}
    with pytest.raises(WorkflowError, match="'leader', which lacks can_approve"):
        publishing.tune(
            session, SYSTEM, BINDING, {"transitions": {"take": {"label": "x"}}}, roles
        )
    assert publishing.overrides_of(session, "complaints.case") == {}
    assert publishing.in_force(session, "complaints.case")[1].version == 1


# The guard ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["state", "is_open", "workflow_id"])
def test_nothing_but_the_engine_writes_where_a_record_stands(session, new, name):
    record = new()
    with pytest.raises(StateIsGuarded):
        setattr(record, name, None)
    with pytest.raises(StateIsGuarded):
        Trial(**{name: "archived"})
    with pytest.raises(StateIsGuarded), write(session):
        session.execute(update(Trial).where(Trial.id == record.id).values(**{name: None}))
    with pytest.raises(ProtectedField):
        records.update(session, SYSTEM, record, {name: None})
    with write(session):
        session.execute(update(Trial).where(Trial.id == record.id).values(subject="Rattle"))


def test_a_transition_stays_within_its_statements(session, world, new, engine):
    record = new()
    services.perform(session, world.agent, record, "take", {})
    count = []
    event.listen(engine, "before_cursor_execute", lambda *_: count.append(_[2]))
    services.perform(session, world.agent, record, "ask", {})
    assert len(count) <= 20, "\n".join(count)
