"""An approval cannot be got round: by no board, list, form, file or address."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.workflow.models import LogRow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import proposed, registered
from tests.integration.security.town import Client, Town

WRITERS = ("agent", "supervisor", "leader", "mengdie", "admin")


@pytest.fixture
def waiting(town):
    """A complaint whose solution waits for the head of collections."""
    with town.house() as house:
        return proposed(house).id


def complaint(town: Town, key: int) -> Complaint:
    with town.house() as house:
        return house.session.get(Complaint, key)


def tries(client: Client, key: int, version: int) -> None:
    """Do everything that could move the complaint on, or make one its approver."""
    wanted = {"state": "approved", "approver": "1", "approver_id": "1", "proposer": "1",
              "workflow_id": "1", "is_open": "1", "solution": "mine", "owner": "1"}
    client.send(f"/complaints/edit/{key}", {**wanted, "version": version})
    for target in ("approved", "archived", "consented"):
        client.send(f"/complaints/move/{key}/{target}", {"version": version})
    for name, value in wanted.items():
        client.send(f"/complaints/cell/{key}/{name}", {name: value, "version": version})
        client.send(f"/complaints/fact/{key}/{name}", {name: value, "version": version})
        client.send("/complaints/bulk/edit", {
            "row": str(key), "column": name, name: value, "step": "confirmed",
            f"version-{key}": str(version)})
        client.open(f"/api/v1/complaints/{key}", method="PUT", headers={
            "X-CSRFToken": client.token}, json={name: value, "version": version})
    for name in ("approve", "consent", "archive", "carry_out", "reopen", "set_state"):
        client.send(f"/complaints/act/{key}/{name}", {"version": version})
        client.send("/complaints/bulk", {"action": name, "row": str(key), "confirmed": "1"})
        client.post(f"/api/v1/complaints/{key}/actions/{name}", json={"version": version},
                    headers={"X-CSRFToken": client.token})


@pytest.mark.parametrize("username", WRITERS)
def test_no_way_around(town, waiting, username):
    before = complaint(town, waiting)
    tries(town.client(username), waiting, before.version)
    after = complaint(town, waiting)
    assert (after.state, after.solution) == (before.state, before.solution)
    assert (after.approver_id, after.proposer_id) == (None, before.proposer_id)
    assert after.owner_id == before.owner_id


def test_nobody_approves_their_own_proposal(town):
    """The head of collections proposes: the right to approve is theirs, but not for this one."""
    from plugins.complaints.tests.helpers import assigned, put, step

    with town.house() as house:
        record = assigned(house, subject="Own proposal")
        head = house.actor("fengtao").user_id
        put(house, record, handler_id=head)
        key = step(house, record, "fengtao", "propose", solution="x").id
        version = record.version
    fengtao = town.client("fengtao")
    assert fengtao.send(f"/complaints/act/{key}/approve", {"version": version}).status_code in (
        302, 403, 409, 422)
    tries(fengtao, key, version)
    assert complaint(town, key).state == "proposed"


def test_the_one_who_may_approves(town, waiting):
    version = complaint(town, waiting).version
    town.client("fengtao").send(f"/complaints/act/{waiting}/approve", {"version": version})
    assert complaint(town, waiting).state == "approved"


def test_a_custom_field_does_not_pass_for_a_column(town, waiting):
    admin = town.client("admin")
    for name in ("state", "approver_id"):
        admin.send("/fields/complaints.complaint/new",
                   {"label": name, "kind": "text", "name": name})
    with town.house() as house:
        version = house.session.get(Complaint, waiting).version
    town.client("supervisor").send(f"/complaints/edit/{waiting}", {
        "version": version, "x_state": "approved", "x_approver_id": "1"})
    after = complaint(town, waiting)
    assert after.state == "proposed" and after.approver_id is None


def test_bin_and_undo_bring_back_the_state_that_was(town, waiting):
    supervisor = town.client("supervisor")
    assert supervisor.send("/complaints/bulk/delete", {"row": str(waiting)}).status_code == 302
    assert complaint(town, waiting).deleted_at is not None
    assert town.client("agent").send(f"/complaints/restore/{waiting}").status_code == 403
    assert supervisor.send(f"/complaints/restore/{waiting}").status_code == 302
    assert complaint(town, waiting).state == "proposed"
    with town.house() as house:
        step = house.session.scalar(
            select(AuditEntry).where(
                AuditEntry.record_type == Complaint.__record_type__,
                AuditEntry.record_id == waiting, AuditEntry.action == "transition")
            .order_by(AuditEntry.id.desc()).limit(1)
        )
    # Something followed the step: it stays as it is.
    town.client("mengdie").send("/complaints/undo", {"set": step.change_set})
    assert complaint(town, waiting).state == "proposed"


def test_what_is_closed_is_not_undone(town):
    """A bulk change of an open complaint is not taken back once it is closed."""
    agent = town.client("agent")
    with town.house() as house:
        record = registered(house, "agent", subject="Soon closed")
        key, version = record.id, record.version
    agent.send(f"/complaints/edit/{key}", {"version": version, "demand": "changed"})
    with town.house() as house:
        change = house.session.scalar(
            select(AuditEntry).where(
                AuditEntry.record_type == Complaint.__record_type__,
                AuditEntry.record_id == key, AuditEntry.action == "change")
        )
    answer = agent.send(f"/complaints/act/{key}/withdraw", {"withdrawal_reason": "x"})
    assert answer.status_code == 302 and not complaint(town, key).is_open
    agent.send("/complaints/undo", {"set": change.change_set})
    assert complaint(town, key).demand == "changed"


def test_twenty_cards_dropped_at_once_move_it_once(town):
    """Ten rounds: of twenty people who drop one card on another column, one moves it."""
    clients = [town.client("agent") for _ in range(20)]
    for _ in range(10):
        with town.house() as house:
            record = registered(house, "agent", subject="Together")
            key, version = record.id, record.version
        barrier = threading.Barrier(len(clients))

        def drop(client: Client, key: int = key, version: int = version,
                 barrier: threading.Barrier = barrier) -> int:
            barrier.wait(30)
            return client.send(f"/complaints/act/{key}/assess", {
                "version": version, "severity": "minor", "urgency": "low", "cause_analysis": "x",
                "next": "/complaints/list/?mode=board",
            }).status_code

        with ThreadPoolExecutor(len(clients)) as pool:
            codes = list(pool.map(drop, clients))
        assert max(codes) < 500, codes
        with town.house() as house:
            taken = house.session.scalar(select(func.count()).select_from(LogRow).where(
                LogRow.record_id == key, LogRow.transition == "assess",
                LogRow.record_type == Complaint.__record_type__))
            assert taken == 1 and house.session.get(Complaint, key).state == "assessed"
