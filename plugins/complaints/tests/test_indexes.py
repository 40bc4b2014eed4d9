"""What is asked all day is answered by indexes, not by reading everything that is open."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.records.places import unplaced
from plugins.complaints.models import Complaint
from plugins.complaints.services import likely_duplicates
from plugins.complaints.tests.helpers import assessed, assigned, put, registered

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def plans(house):
    """Returns how SQLite answers the statements of a function, by a part of their text."""
    return house.plans_of


def used(plan: str) -> set[str]:
    return set(re.findall(r"INDEX (ix_complaints_complaint_\w+)", plan))


def test_mine_and_open_is_found_by_the_columns_with_people(house, plans):
    client = house.client("admin")
    plan = plans("handler_id IN", lambda: client.get(
        "/complaints/list/?is_open__is=true&workers__in=me"))
    assert {"ix_complaints_complaint_handler_open",
            "ix_complaints_complaint_owner_open"} <= used(plan)
    assert "owner_id=? AND is_open=?" in plan and "handler_id=? AND is_open=?" in plan


def test_mine_and_open_are_those_that_are_both(house):
    mine, closed = registered(house), registered(house)
    handled, other = assigned(house), assessed(house)
    agent, mengdie = house.actor("agent").user_id, house.actor("mengdie").user_id
    put(house, closed, is_open=False)
    put(house, other, owner_id=mengdie)
    put(house, handled, owner_id=mengdie, handler_id=agent)
    client = house.client("agent")

    def found(arguments: str) -> set[int]:
        page = client.get(f"/complaints/list/?{arguments}").text
        return {int(key) for key in re.findall(r'<tr data-row="(\d+)"', page)}

    assert found("workers__in=me&is_open__is=true") == {mine.id, handled.id}
    assert found("workers__in=me&is_open__is=false") == {closed.id}
    assert found("workers__in=me") == {mine.id, handled.id, closed.id}


def test_the_few_rows_of_an_agent_are_sorted_after_they_were_found(house, plans):
    mine = registered(house)
    agent, admin = house.client("agent"), house.client("admin")

    def plan(client) -> str:
        return plans("ORDER BY", lambda: client.get("/complaints/list/?all=1"))

    # In the order of the list an agent would read past all that others have.
    assert "ix_complaints_complaint_received_at" not in plan(agent)
    assert "ix_complaints_complaint_received_at" in plan(admin)
    assert f'data-row="{mine.id}"' in agent.get("/complaints/list/?all=1").text


def test_records_without_a_place_are_counted_by_an_index_in_one_statement(house, plans):
    registered(house)
    lost = registered(house)
    put(house, lost, owner_id=None, handler_id=None, team_id=None, department_id=None,
        responsible_department_id=None)
    found = []
    plan = plans("complaints_complaint", lambda: found.extend(unplaced(house.session)))
    assert [(one.record_type, one.count) for one in found] == [("complaints.complaint", 1)]
    assert "ix_complaints_complaint_unplaced" in used(plan)


def test_columns_of_a_board_are_counted_by_the_index_that_holds_the_row_scope(house, plans):
    client = house.client("agent")
    plan = plans("count(*)", lambda: client.get("/complaints/list/?mode=board&is_open__is=true"))
    assert used(plan) == {"ix_complaints_complaint_state_open"}


def test_the_indexes_of_lists_name_columns_of_the_row_scope(house):
    scope = {name for names in (Complaint.__scope_people__, Complaint.__scope_teams__,
                                Complaint.__scope_departments__) for name in names}
    made = dict(house.session.execute(text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all())
    for name in ("open_due", "open_received", "state_open", "owner_open", "handler_open"):
        sql = made[f"ix_complaints_complaint_{name}"]
        assert "WHERE deleted_at IS NULL" in sql
        assert all(column in sql for column in scope), name


def test_complaints_of_a_caller_are_found_by_who_calls(house, plans):
    """Not among everything that is open and recent: tens of thousands in a large register."""
    agent = house.actor("agent")
    plan = plans("received_at", lambda: likely_duplicates(house.session, agent, customer_id=1))
    assert used(plan) == {"ix_complaints_complaint_customer"}
    plan = plans("received_at", lambda: likely_duplicates(
        house.session, agent, customer_id=1, contact="13812345678"))
    assert used(plan) == {"ix_complaints_complaint_customer", "ix_complaints_complaint_contact"}
