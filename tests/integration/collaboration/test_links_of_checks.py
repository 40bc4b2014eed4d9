"""A plugin that denies an assignment or a step leads on to a page, on every way in."""

from __future__ import annotations

import pytest

from app.sdk import hookimpl
from app.sdk.errors import Rejected
from app.sdk.services import act
from app.sdk.workflow import Link, Message
from plugins.complaints.tests.helpers import assessed, department, registered
from tests.integration.collaboration.conftest import plugin

DENIAL = Message("The certificate of %(name)s has expired.", {"name": "<b>王浩</b>"},
                 Link("/training/?list=1&page=2", "Open training"))
SENTENCE = "The certificate of &lt;b&gt;王浩&lt;/b&gt; has expired. "
ANCHOR = '<a class="message-link" href="/training/?list=1&amp;page=2">Open training</a>'


@pytest.fixture
def untrained(house):
    """The id of a person to whom another plugin lets nobody give records, with a link."""
    blocked = house.actor("wanghao").user_id

    def check_assignment(user_id):
        return DENIAL if user_id == blocked else None

    with plugin("vetting", {"check_assignment": hookimpl(check_assignment)}):
        yield blocked


@pytest.fixture
def send(house):
    """Send a form as the supervisor, and return the page that follows."""
    client = house.client("supervisor")
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def post(address, **values):
        return client.post(address, data={"csrf_token": token, **values}, follow_redirects=True)

    post.client, post.token = client, token
    return post


def test_the_dialog_and_the_page_of_an_action(house, untrained, send):
    complaint = registered(house)
    answer = send(f"/complaints/act/{complaint.id}/reassign", owner_id=untrained,
                  version=complaint.version)
    assert answer.status_code == 422
    assert SENTENCE + ANCHOR in answer.text


def test_the_note_of_bulk_work(house, untrained, send):
    ids = [registered(house).id for _ in range(2)]
    answer = send("/complaints/bulk", action="reassign", row=ids, owner_id=untrained, confirmed="1")
    assert answer.status_code == 200
    assert answer.text.count(SENTENCE + ANCHOR) == 2


def test_the_page_of_what_large_bulk_work_left_out(house, untrained, send):
    ids = [registered(house).id for _ in range(7)]
    send("/complaints/bulk", action="reassign", row=ids, owner_id=untrained, confirmed="1")
    page = send.client.get("/complaints/bulk/left-out").text
    assert page.count(SENTENCE + ANCHOR) == 7


def test_the_api_has_the_link_as_a_field(house, untrained, send):
    complaint = registered(house)
    answer = send.client.post(
        f"/api/v1/complaints/{complaint.id}/actions/reassign",
        json={"owner_id": untrained, "version": complaint.version},
        headers={"X-CSRFToken": send.token})
    assert answer.status_code == 422
    assert answer.json["message"] == "The certificate of <b>王浩</b> has expired."
    assert answer.json["link"] == {"address": "/training/?list=1&page=2", "text": "Open training"}


def test_a_step_that_a_plugin_denies(house, send):
    complaint = assessed(house)
    values = {"responsible_department_id": department(house, "COLLECT"),
              "handler_id": house.actor("mengdie").user_id, "liability": "department"}

    def check_transition(transition):
        return DENIAL if transition == "assign" else None

    with plugin("vetting", {"check_transition": hookimpl(check_transition)}):
        answer = send(f"/complaints/act/{complaint.id}/assign", version=complaint.version,
                      **values)
        with pytest.raises(Rejected) as denied:
            act(house.session, house.actor("supervisor"), complaint, "assign", values,
                complaint.version)
    assert SENTENCE + ANCHOR in answer.text
    assert denied.value.message.link == DENIAL.link


def test_a_link_out_of_the_product_is_a_check_that_fails(house, send):
    def check_assignment():
        return Message("No.", {}, Link("https://elsewhere.example/", "Open"))

    complaint = registered(house)
    with plugin("vetting", {"check_assignment": hookimpl(check_assignment)}):
        answer = send(f"/complaints/act/{complaint.id}/reassign",
                      owner_id=house.actor("wanghao").user_id, version=complaint.version)
    assert answer.status_code == 422 and "插件 vetting 的检查执行失败" in answer.text
    assert "elsewhere.example" not in answer.text
