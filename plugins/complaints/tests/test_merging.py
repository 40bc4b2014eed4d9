"""Merging duplicates: what is offered, what is hidden, and parting them again."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.records.models import RecordLink
from app.sdk.errors import Rejected
from app.sdk.models import Customer
from app.sdk.records import create
from app.sdk.services import SYSTEM
from plugins.complaints.merging import candidates
from plugins.complaints.tests.helpers import registered, step


def offered(house, username: str, complaint, text: str = "") -> list[str]:
    return [one.number for one in candidates(house.session, house.actor(username), complaint, text)]


def test_those_of_the_same_caller_are_offered_the_newest_first(house):
    others = [registered(house, contact="13900000001", subject="loan") for _ in range(2)]
    same = [registered(house, contact="138 1234 5678") for _ in range(3)]
    duplicate, closed = registered(house), registered(house)
    step(house, closed, "supervisor", "withdraw", withdrawal_reason="x")
    assert offered(house, "agent", duplicate) == [one.number for one in reversed(same)]
    # Typed, all others are found as well, those of the caller before them.
    assert offered(house, "agent", duplicate, others[0].number) == [others[0].number]
    found = offered(house, "agent", duplicate, "TS-")
    assert found[:3] == [one.number for one in reversed(same)]
    assert set(found[3:]) == {one.number for one in others}


def test_one_customer_with_two_numbers_is_one_caller(house):
    customer = create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13700000001"})
    first = registered(house, customer_id=customer.id, contact="13700000001")
    second = registered(house, customer_id=customer.id, contact="13700000002")
    assert offered(house, "agent", second) == [first.number]


def test_a_caller_without_another_complaint_gets_the_newest_ones(house):
    other = registered(house, contact="13900000001")
    alone = registered(house, contact="13900000002")
    assert offered(house, "agent", alone) == [other.number]


def test_what_one_may_not_see_is_not_offered(house):
    duplicate = registered(house, "linna")
    mine = registered(house, "linna")
    registered(house, "agent")
    assert offered(house, "linna", duplicate) == [mine.number]


def test_the_step_offers_them_with_name_day_and_state(house):
    kept, duplicate = registered(house), registered(house)
    agent = house.client("agent")
    form = agent.get(f"/complaints/act/{duplicate.id}/merge").text
    address = f"/complaints/merge_candidates/{duplicate.id}"
    assert f'data-select-url="{address}"' in form
    (option,) = agent.get(address).json["options"]
    assert option["value"] == str(kept.id)
    for part in (kept.number, "王小明", "已登记", kept.subject):
        assert part in option["label"]


def test_a_form_that_comes_back_names_what_was_chosen(house):
    kept, duplicate = registered(house), registered(house)
    agent, path = house.client("agent"), f"/complaints/act/{duplicate.id}/merge"
    token = re.search(r'name="csrf_token" value="([^"]+)"', agent.get(path).text)[1]
    page = agent.post(path, data={
        "csrf_token": token, "merged_into_id": str(duplicate.id),
        "version": str(duplicate.version)})
    assert page.status_code == 422
    assert f'<option value="{duplicate.id}" selected>{duplicate.number}' in page.text
    assert f"merge_candidates/{duplicate.id}" in page.text and kept.number not in page.text


def test_a_merged_complaint_is_reopened_and_parted(house):
    kept, duplicate = registered(house), registered(house)
    step(house, duplicate, "agent", "merge", merged_into_id=kept.id)
    agent = house.client("agent")
    assert "已合并" in agent.get(f"/complaints/show/{duplicate.id}").text
    with pytest.raises(Rejected):
        step(house, duplicate, "agent", "reopen", reopen_reason="另一件事")
    step(house, duplicate, "supervisor", "reopen", reopen_reason="另一件事")
    assert (duplicate.state, duplicate.merged_into_id, duplicate.is_open) == ("assessed", None, True)
    assert duplicate.round == 2
    assert house.session.scalar(select(RecordLink.id)) is None
    # It can be merged once more.
    step(house, duplicate, "supervisor", "merge", merged_into_id=kept.id)
    assert duplicate.merged_into_id == kept.id
