"""A complaint gets another owner: singly, in bulk with undo, and never one who may not work."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.records.bulk import BulkStep, RecordResult, preview, run
from app.records.undo import undo
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.services import act
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import proposed, registered, step

OTHER = "linna"


def give(house, complaint, username, owner, **values):
    """Give a complaint to somebody as a demo person."""
    return act(house.session, house.actor(username), complaint, "reassign",
               {"owner_id": house.actor(owner).user_id, **values}, complaint.version)


def test_a_supervisor_gives_it_to_somebody_else(house):
    complaint = proposed(house)
    done = give(house, complaint, "supervisor", OTHER, reason="病假三周")
    assert complaint.owner_id == house.actor(OTHER).user_id
    assert complaint.state == "proposed"
    assert house.actor(OTHER).name in str(done.message)
    entry = house.session.scalar(
        select(AuditEntry).where(AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id)
        .order_by(AuditEntry.id.desc()).limit(1))
    assert entry.reason == "病假三周" and "owner_id" in entry.changes


def test_an_agent_may_not(house):
    with pytest.raises(NotPermitted):
        give(house, registered(house), "agent", OTHER)


def test_only_who_may_work_on_complaints_becomes_the_owner(house):
    with pytest.raises(Invalid, match="may not work on such records"):
        give(house, registered(house), "supervisor", "hr")


def test_who_owns_it_already_is_said(house):
    with pytest.raises(Invalid, match="owns it already"):
        give(house, registered(house), "supervisor", "agent")


def test_what_is_closed_keeps_its_owner(house):
    complaint = step(house, registered(house), "agent", "withdraw", withdrawal_reason="撤诉")
    with pytest.raises(Rejected, match="not possible in the present state"):
        give(house, complaint, "supervisor", OTHER)


def test_several_at_once_and_back(house):
    open_ones = [registered(house, subject=f"第{number}件") for number in range(5)]
    closed = step(house, registered(house), "agent", "withdraw", withdrawal_reason="撤诉")
    supervisor, owner = house.actor("supervisor"), house.actor(OTHER).user_id
    versions = {one.id: one.version for one in [*open_ones, closed]}
    wanted = BulkStep("reassign", {"owner_id": owner})
    outcomes = preview(house.session, supervisor, Complaint, list(versions), wanted)
    assert [one.result for one in outcomes].count(RecordResult.DONE) == 5
    done = run(house.session, supervisor, Complaint, versions, wanted)
    assert done.done == 5
    assert [one.record_id for one in done.left_out] == [closed.id]
    house.session.expire_all()
    assert {one.owner_id for one in open_ones} == {owner}
    assert undo(house.session, supervisor, Complaint, done.change_set).count == 5
    house.session.expire_all()
    assert {one.owner_id for one in open_ones} == {house.actor("agent").user_id}


def test_the_record_offers_it_to_the_supervisor_alone(house):
    complaint = registered(house)
    address = f"/complaints/show/{complaint.id}"
    assert f"/complaints/act/{complaint.id}/reassign" in house.client("supervisor").get(address).text
    assert f"/complaints/act/{complaint.id}/reassign" not in house.client("agent").get(address).text


def offered(client, **asked):
    """Return whom the form that reassigns offers, by user id."""
    answer = client.get("/api/v1/pick/owner/complaints.complaint", query_string=asked)
    assert answer.status_code == 200
    return {int(one["value"]): one["label"] for one in answer.json["options"]}


def test_only_who_may_own_one_is_offered_with_what_they_have_to_do(house):
    registered(house), registered(house)
    agent, hr = house.actor("agent"), house.actor("hr")
    found = offered(house.client("supervisor"), q=agent.name)
    assert "未结 2 件" in found[agent.user_id]
    assert offered(house.client("supervisor"), q=hr.name) == {}
    page = house.client("supervisor").get(
        f"/complaints/act/{registered(house).id}/reassign").text
    assert "/api/v1/pick/owner/complaints.complaint" in page


def test_whoever_sees_no_complaints_learns_nothing_of_their_number(house):
    address = "/api/v1/pick/owner/complaints.complaint"
    assert house.client("hr").get(address).status_code == 404
    assert house.client("supervisor").get("/api/v1/pick/owner/none.such").status_code == 404


def test_the_responsible_person_is_chosen_among_those_who_are_accepted(house):
    client = house.client("supervisor")
    department = house.actor("agent").department_id
    everybody = client.get("/complaints/handlers", query_string={"within": department}).json
    names = {int(one["value"]): one["label"] for one in everybody["options"]}
    assert house.actor("agent").user_id in names and house.actor("hr").user_id not in names
    name = house.actor("agent").name
    narrowed = client.get("/complaints/handlers",
                          query_string={"within": department, "q": name}).json["options"]
    assert [int(one["value"]) for one in narrowed] == [house.actor("agent").user_id]
    for within in ("", "99999", "x"):
        assert client.get("/complaints/handlers",
                          query_string={"within": within}).json["options"] == []
