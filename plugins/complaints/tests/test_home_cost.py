"""What the cards of home ask of the database, however many plugins add some."""

from __future__ import annotations

import pytest

from app.host.host import current_host
from app.sdk.services import SYSTEM
from app.workflow import publishing
from plugins.complaints.workflow import WORKFLOW


@pytest.mark.parametrize("username", ["admin", "supervisor", "agent"])
def test_home_asks_once_which_figures_are_held_and_for_no_workflow(house, username):
    client = house.client(username)
    client.get("/")
    asked = [statement for statement, _ in house.statements_of(lambda: client.get("/"))]
    assert sum("FROM metrics_state" in one for one in asked) <= 1
    assert not [one for one in asked if "FROM workflow_definition" in one]


def test_a_workflow_that_is_published_is_read_anew(house):
    name = WORKFLOW.name
    binding = next(one for one in current_host().workflows() if one.workflow.name == name)
    before = publishing.read_in_force(house.session, name)
    label = before.states[0].label
    publishing.tune(house.session, SYSTEM, binding,
                    {"states": {before.states[0].name: {"label": f"{label}!"}}})
    assert publishing.read_in_force(house.session, name).states[0].label == f"{label}!"
