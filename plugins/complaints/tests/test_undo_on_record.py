"""A step is taken back from the page of the record, as long as it is the last that happened."""

from __future__ import annotations

import re

import pytest

from plugins.complaints.tests.helpers import proposed, registered, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Person:
    """Somebody at the pages of one complaint."""

    def __init__(self, house, username, complaint):
        self.client = house.client(username)
        self.complaint, self.house = complaint, house

    def page(self) -> str:
        return self.client.get(f"/complaints/show/{self.complaint.id}").text

    def send(self, path: str, **values: str):
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/").text)[1]
        self.house.session.rollback()
        return self.client.post(path, data={"csrf_token": token, **values})

    def act(self, name: str, **values: str):
        answer = self.send(f"/complaints/act/{self.complaint.id}/{name}",
                           version=str(self.complaint.version), **values)
        assert answer.status_code == 302, answer.text
        self.house.session.expire_all()


def offered(page: str) -> str:
    """Return the change set that a page offers to take back, or an empty text."""
    found = re.search(r'class="undo-toast".*?name="set" value="([^"]+)"', page, re.DOTALL)
    return found[1] if found else ""


def complaint_says(person) -> str:
    """Return the sentence by which a step ends."""
    return f"{person.complaint.number} 当前状态：已评估"


def test_a_step_is_taken_back_from_the_page_where_it_was_taken(house):
    agent = Person(house, "agent", registered(house))
    agent.act("assess", severity="minor", urgency="low", cause_analysis="无")
    assert agent.complaint.state == "assessed"
    page = agent.page()
    key = offered(page)
    assert key and "<span>" + complaint_says(agent) in page
    # It is offered once; a page that is opened later says nothing of it.
    assert not offered(agent.page())
    answer = agent.send("/complaints/undo", set=key, next=f"/complaints/show/{agent.complaint.id}")
    assert answer.location.endswith(f"/complaints/show/{agent.complaint.id}")
    house.session.expire_all()
    assert agent.complaint.state == "recorded"


def test_it_is_offered_on_the_page_of_that_record_only(house):
    first, other = registered(house), registered(house)
    agent = Person(house, "agent", first)
    agent.act("assess", severity="minor", urgency="low", cause_analysis="无")
    assert not offered(Person.page(type("Elsewhere", (), {
        "client": agent.client, "complaint": other})()))
    assert offered(agent.page())


@pytest.mark.parametrize(("username", "name", "values"), [
    ("fengtao", "approve", {"approval_note": "同意"}),
    ("mengdie", "tell_progress", {"text": "正在核实"}),
])
def test_an_approval_and_a_word_to_the_customer_are_never_taken_back(
    house, username, name, values
):
    person = Person(house, username, proposed(house))
    person.act(name, **values)
    assert not offered(person.page())


def test_a_step_after_which_something_happened_stands(house):
    agent = Person(house, "agent", registered(house))
    agent.act("assess", severity="minor", urgency="low", cause_analysis="无")
    key = offered(agent.page())
    step(house, agent.complaint, "supervisor", "escalate", escalation_reason="媒体关注")
    agent.send("/complaints/undo", set=key)
    house.session.expire_all()
    assert agent.complaint.state == "assessed" and agent.complaint.is_major
