"""The list of open callbacks is read in its order by an index, and counted by it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from plugins.callbacks.models import Task
from plugins.callbacks.tests.helpers import planned

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INDEX = "ix_callbacks_task_open_due"


def test_open_callbacks_come_in_the_order_of_their_list(house):
    first = planned(house)
    admin = house.client("admin")
    plan = house.plans_of("ORDER BY", lambda: admin.get("/callbacks/list/"))
    of_tasks = [line for line in plan.splitlines() if "callbacks_task" in line]
    # Those with a due date in its order, then those without.
    assert of_tasks == [
        f"SEARCH callbacks_task USING INDEX {INDEX} (is_open=? AND due_until>?)",
        f"SEARCH callbacks_task USING INDEX {INDEX} (is_open=? AND due_until=?)"]
    assert f'data-row="{first.id}"' in admin.get("/callbacks/list/").text


def test_open_callbacks_of_somebody_are_counted_by_the_index_that_holds_the_row_scope(house):
    planned(house)
    supervisor = house.client("supervisor")
    plan = house.plans_of("count(*)", lambda: supervisor.get("/callbacks/list/"))
    assert f"callbacks_task USING INDEX {INDEX} (is_open=?)" in plan, plan


def test_the_index_names_the_columns_of_the_row_scope(house):
    scope = {*Task.__scope_people__, *Task.__scope_teams__, *Task.__scope_departments__}
    sql = house.session.scalar(text(
        f"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = '{INDEX}'"))
    assert "WHERE deleted_at IS NULL" in sql
    assert all(column in sql for column in scope)


@pytest.mark.parametrize(("counted", "index"), [
    ("days_to_first <", "USING INDEX ix_callbacks_task_state_due (state=? AND due_from>?"),
    ("count(DISTINCT", "USING INDEX ix_callbacks_task_state_closed (state=? AND closed_at>?"),
])
def test_figures_of_a_time_are_counted_by_indexes(house, counted, index):
    planned(house)
    supervisor = house.client("supervisor")
    plan = house.plans_of(counted, lambda: supervisor.get("/callbacks/figures"))
    assert f"callbacks_task {index}" in plan, plan
