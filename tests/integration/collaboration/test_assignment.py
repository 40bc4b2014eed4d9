"""A plugin denies that somebody gets a record, on every way that gives records to people."""

from __future__ import annotations

import pytest

from app.errors import Rejected
from app.records.bulk import BulkFieldChange, RecordResult, preview, run
from app.sdk import hookimpl
from app.sdk.records import create, update
from app.sdk.services import SYSTEM, act
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed, department, registered
from tests.integration.collaboration.conftest import plugin

SENTENCE = "The certificate of this person has expired."


@pytest.fixture
def untrained(house):
    """The id of a person to whom another plugin lets nobody give records."""
    blocked = house.actor("wanghao").user_id

    def check_assignment(user_id):
        return SENTENCE if user_id == blocked else None

    with plugin("vetting", {"check_assignment": hookimpl(check_assignment)}):
        yield blocked


def test_hook_denies_a_change_of_the_owner(house, untrained):
    complaint = registered(house)
    with pytest.raises(Rejected, match=SENTENCE):
        update(house.session, SYSTEM, complaint, {"owner_id": untrained})
    house.session.refresh(complaint)
    assert complaint.owner_id == house.actor("agent").user_id
    update(house.session, SYSTEM, complaint, {"owner_id": house.actor("liuyang").user_id})
    assert complaint.owner_id == house.actor("liuyang").user_id


def test_a_new_record_is_not_given_to_them(house, untrained, customer):
    with pytest.raises(Rejected, match=SENTENCE):
        registered(house, owner_id=untrained)
    with pytest.raises(Rejected, match=SENTENCE):
        create(house.session, SYSTEM, type(customer), {"name": "赵六", "owner_id": untrained})


def test_they_take_none_themselves(house, untrained):
    complaint = registered(house)
    update(house.session, SYSTEM, complaint, {"owner_id": None})
    with pytest.raises(Rejected, match=SENTENCE):
        act(house.session, house.actor("wanghao"), complaint, "take", {}, complaint.version)


def test_a_step_names_them_not_as_the_responsible_person(house):
    blocked = house.actor("mengdie").user_id

    def check_assignment(user_id):
        return SENTENCE if user_id == blocked else None

    complaint = assessed(house)
    values = {"responsible_department_id": department(house, "COLLECT"), "handler_id": blocked,
              "liability": "department"}
    with (plugin("vetting", {"check_assignment": hookimpl(check_assignment)}),
          pytest.raises(Rejected, match=SENTENCE)):
        act(house.session, house.actor("supervisor"), complaint, "assign", values,
            complaint.version)
    house.session.refresh(complaint)
    assert (complaint.state, complaint.handler_id) == ("assessed", None)


def test_in_bulk_each_record_says_why_and_the_preview_too(house, untrained):
    ids = [registered(house).id for _ in range(2)]
    work = BulkFieldChange({"owner_id": untrained})
    before = preview(house.session, SYSTEM, Complaint, ids, work)
    outcomes = run(house.session, SYSTEM, Complaint, dict.fromkeys(ids), work).outcomes
    for one in (*before, *outcomes):
        assert (one.result, str(one.reason)) == (RecordResult.REJECTED, SENTENCE)


def test_a_check_that_fails_denies(house):
    def check_assignment(user_id):
        raise RuntimeError("broken")

    complaint = registered(house)
    with (plugin("vetting", {"check_assignment": hookimpl(check_assignment)}),
          pytest.raises(Rejected, match="check of plugin vetting failed")):
        update(house.session, SYSTEM, complaint, {"owner_id": house.actor("liuyang").user_id})


def test_what_gives_the_record_to_nobody_is_not_asked(house, untrained):
    complaint = registered(house)
    update(house.session, SYSTEM, complaint, {"owner_id": None})
    update(house.session, SYSTEM, complaint, {"reason": "补充说明"})
    assert complaint.owner_id is None
