"""More time for a complaint: asked for on its page, decided by another person with the right."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import write
from app.deadlines.models import ClockRow, ExtensionRow
from app.workflow.deadline_requests import requests_waiting_for
from plugins.complaints.tests.helpers import registered


def token(client) -> str:
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def state_of(house, key):
    # What the pages wrote is read in a new transaction.
    house.session.rollback()
    return house.session.get(ExtensionRow, key, populate_existing=True).state


def send(client, path, **data):
    return client.post(path, data={"csrf_token": token(client), **data})


@pytest.fixture
def clock(house):
    """A complaint of the agent's team, and its clock that may be extended by approval."""
    complaint = registered(house, "agent")
    rows = house.session.scalars(
        select(ClockRow).where(ClockRow.record_id == complaint.id, ClockRow.stopped_at.is_(None))
    ).all()
    page = house.client("agent").get(f"/complaints/deadlines/{complaint.id}").text
    [row] = [one for one in rows if f"/extend/{complaint.id}/{one.id}" in page
             and one.key == "resolution"]
    return complaint, row.id


def asked(house, clock, **data):
    complaint, key = clock
    answer = send(house.client("agent"), f"/complaints/extend/{complaint.id}/{key}",
                  **{"amount": "1", "reason": "Expert's report", **data})
    house.session.rollback()
    return answer, house.session.scalar(select(ExtensionRow.id).order_by(ExtensionRow.id.desc()))


def test_a_request_is_shown_to_the_approver_and_granted(house, clock):
    complaint, _ = clock
    before = complaint.due_at
    answer, key = asked(house, clock)
    assert answer.status_code == 302 and key
    agent, chief = house.client("agent"), house.client("supervisor")
    address = f"/complaints/extension/{complaint.id}/{key}"
    own = agent.get(f"/complaints/deadlines/{complaint.id}").text
    assert "Expert&#39;s report" in own and address not in own
    assert address in chief.get(f"/complaints/deadlines/{complaint.id}").text
    assert complaint.number in chief.get("/").text and "Expert&#39;s report" in chief.get("/").text
    assert "Expert&#39;s report" not in agent.get("/").text
    # Nobody decides on an own request, and nobody else without the right.
    send(agent, address, decision="approve")
    assert state_of(house, key) == "pending"
    send(chief, address, decision="approve", answer="Once only")
    assert state_of(house, key) == "approved"
    house.session.refresh(complaint)
    assert complaint.due_at >= before
    assert "Once only" in agent.get(f"/complaints/deadlines/{complaint.id}").text
    page = agent.get(f"/complaints/show/{complaint.id}").text
    assert "Expert&#39;s report" in page and "Once only" in page


def test_requests_of_other_teams_do_not_crowd_out_those_that_a_person_decides(house, clock):
    foreign = registered(house, "linna")
    (other,) = house.session.scalars(
        select(ClockRow.id).where(ClockRow.record_id == foreign.id, ClockRow.key == "resolution")
    )
    with write(house.session):
        house.session.add_all(
            ExtensionRow(clock_id=other, by=1, reason="Theirs", approver="supervisor")
            for _ in range(250)
        )
    asked(house, clock)
    reasons = [one.reason for _, one in requests_waiting_for(house.session, house.actor("supervisor"))]
    assert reasons == ["Expert's report"]


def test_a_request_can_be_refused_and_put_again(house, clock):
    complaint, _ = clock
    _, key = asked(house, clock)
    send(house.client("supervisor"), f"/complaints/extension/{complaint.id}/{key}",
         decision="refuse", answer="No reason")
    assert state_of(house, key) == "refused"
    assert asked(house, clock)[0].status_code == 302


@pytest.mark.parametrize("data", [
    {"reason": ""}, {"amount": "0"}, {"amount": "-1"}, {"amount": "1000000"}, {"amount": "x"},
    {"amount": "0.0001"},
])
def test_what_cannot_be_granted_cannot_be_asked(house, clock, data):
    answer, key = asked(house, clock, **data)
    assert answer.status_code == 422 and key is None


def test_a_foreign_complaint_gives_no_way_in(house, clock):
    complaint, clock_id = clock
    _, key = asked(house, clock)
    foreign = house.client("liuyang")
    for address in (f"/complaints/deadlines/{complaint.id}",
                    f"/complaints/extend/{complaint.id}/{clock_id}"):
        assert foreign.get(address).status_code == 404
    address = f"/complaints/extension/{complaint.id}/{key}"
    assert send(foreign, address, decision="approve").status_code == 404
    other = registered(house, "agent")
    chief = house.client("supervisor")
    assert send(chief, f"/complaints/extension/{other.id}/{key}",
                decision="approve").status_code == 404
    assert chief.get(f"/complaints/extend/{other.id}/{clock_id}").status_code == 404
    assert send(chief, address, decision="perhaps").status_code == 400
