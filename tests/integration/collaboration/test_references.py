"""Records of other plugins by name: the asker's rights and row scope hold."""

from __future__ import annotations

import dataclasses

import pytest

from app.sdk import records
from app.sdk.services import SYSTEM
from plugins.complaints.tests.helpers import registered
from tests.integration.collaboration.conftest import without

pytestmark = pytest.mark.both_databases


KIND = "complaints.complaint"


def test_a_record_is_found_by_name(house, who):
    complaint = registered(house)
    assert records.get(house.session, who("agent"), KIND, complaint.id) is complaint


def test_a_summary_says_what_every_kind_has(house, who, customer):
    complaint = registered(house, customer_id=customer.id)
    found = records.summary(house.session, who("agent"), KIND, complaint.id)
    assert found == records.RecordSummary(
        record_type=KIND, id=complaint.id, number=complaint.number, title=complaint.subject,
        customer_id=customer.id, owner_id=who("agent").user_id, state=complaint.state,
        category="open", due_at=complaint.due_at, address=f"/complaints/show/{complaint.id}",
    )
    assert found.due_at is not None and found.due_at.tzinfo is not None


def test_several_kinds_take_one_statement(house, who, customer, statements):
    complaint, agent = registered(house, customer_id=customer.id), who("agent")
    pairs = [(KIND, complaint.id), ("customers.customer", customer.id),
             ("customers.vehicle", 5), ("customers.loan", 7)]
    statements.clear()
    found = records.summaries(house.session, agent, pairs)
    assert len(statements) == 1
    assert set(found) == set(pairs[:2])
    assert found[pairs[1]].customer_id == customer.id
    assert (found[pairs[1]].state, found[pairs[1]].category) == ("", "")


def test_what_the_asker_may_not_see_is_not_there(house, who):
    complaint = registered(house)
    stranger = who("tangli")
    rightless = dataclasses.replace(who("agent"), permissions=frozenset())
    for person in (stranger, rightless):
        assert records.get(house.session, person, KIND, complaint.id) is None
        assert records.summary(house.session, person, KIND, complaint.id) is None


def test_what_lies_in_the_recycle_bin_is_not_there(house, who):
    complaint = registered(house)
    records.delete(house.session, SYSTEM, complaint)
    assert records.summary(house.session, who("agent"), KIND, complaint.id) is None


@pytest.mark.parametrize("name", ["nothing.at_all", ""])
def test_an_unknown_kind_is_absent_and_no_error(house, who, name):
    assert records.get(house.session, who("agent"), name, 1) is None
    assert records.summaries(house.session, who("agent"), [(name, 1)]) == {}
    assert records.address_of(name, 1) == ""


def test_records_of_a_plugin_out_of_force_are_absent(house, who):
    complaint, agent = registered(house), who("agent")
    with without("complaints"):
        assert records.get(house.session, agent, KIND, complaint.id) is None
        assert records.summary(house.session, agent, KIND, complaint.id) is None
        assert records.address_of(KIND, complaint.id) == ""


def test_an_address_is_the_same_in_a_job_and_in_a_request(house):
    in_a_job = records.address_of(KIND, 7)
    with house.app.test_request_context("/"):
        assert records.address_of(KIND, 7) == in_a_job == "/complaints/show/7"
