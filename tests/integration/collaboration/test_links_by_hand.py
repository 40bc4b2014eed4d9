"""People link records of any kinds on their pages, and take such links away."""

from __future__ import annotations

import re

import pytest

from app.collaboration.links import join, links_of
from app.database import write
from app.sdk.records import link
from app.sdk.services import SYSTEM
from plugins.complaints.tests.helpers import registered

KIND = "customers.customer"


@pytest.fixture
def complaint(house):
    return registered(house)


def send(client, address, **values):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account/").text)
    return client.post(address, data={"csrf_token": token[1], **values},
                       headers={"Accept-Language": "en"})


def related(house, record):
    # What requests have written since.
    house.session.rollback()
    return [(one.record_type, one.record_id) for one in links_of(house.session, SYSTEM, record)]


@pytest.mark.both_databases
def test_any_record_is_found_while_typing_by_name_and_by_number(house, complaint, customer):
    client = house.client("agent")
    address = f"/complaints/link/{complaint.id}"
    assert "data-select-url" in client.get(address).text
    for text in ("王小明", customer.number, customer.number.lower()):
        options = client.get(f"{address}/options", query_string={"q": text}).json["options"]
        assert [one["value"] for one in options] == [f"{KIND}:{customer.id}"], text
        assert "王小明" in options[0]["label"]
    # Itself is not offered, nor everything for nothing.
    assert client.get(f"{address}/options", query_string={"q": complaint.number}).json == {
        "options": []}
    assert client.get(f"{address}/options").json == {"options": []}


def test_both_pages_show_it_once_and_it_can_be_taken_away_from_either(house, complaint, customer):
    client = house.client("agent")
    here, there = f"/complaints/show/{complaint.id}", f"/customers/show/{customer.id}"
    for _ in range(2):
        assert send(client, f"/complaints/link/{complaint.id}",
                    other=f"{KIND}:{customer.id}").status_code == 302
    # From the other side it is linked as well, and not linked again.
    send(client, f"/customers/link/{customer.id}",
         other=f"complaints.complaint:{complaint.id}")
    assert related(house, complaint) == [(KIND, customer.id)]
    assert f"/unlink/{complaint.id}" in client.get(here).text
    assert complaint.number in client.get(there).text
    send(client, f"/customers/unlink/{customer.id}",
         other=f"complaints.complaint:{complaint.id}")
    assert related(house, complaint) == []
    assert f"/unlink/{complaint.id}" not in client.get(here).text


@pytest.mark.parametrize("other", ["", "nonsense", "no.such:1", f"{KIND}:0", f"{KIND}:999999",
                                   f"{KIND}:x", "complaints.complaint:itself"])
def test_what_cannot_be_linked_is_refused_in_the_dialog(house, complaint, other):
    answer = send(house.client("agent"), f"/complaints/link/{complaint.id}",
                  other=other.replace("itself", str(complaint.id)))
    assert answer.status_code == 422
    assert 'id="other-error"' in answer.text
    assert related(house, complaint) == []


def test_what_the_person_does_not_see_is_neither_offered_nor_linked(house, complaint):
    other = registered(house)
    with write(house.session):
        other.owner_id = other.created_by_id = house.actor("admin").user_id
        other.team_id = other.department_id = None
    client = house.client("agent")
    address = f"/complaints/link/{complaint.id}"
    found = client.get(f"{address}/options", query_string={"q": other.number}).json["options"]
    assert found == []
    answer = send(client, address, other=f"complaints.complaint:{other.id}")
    assert answer.status_code == 422 and related(house, complaint) == []
    assert send(client, f"/complaints/unlink/{complaint.id}",
                other=f"complaints.complaint:{other.id}").status_code == 404


def test_what_an_act_has_linked_stays_linked(house, complaint, customer):
    with write(house.session):
        join(house.session, SYSTEM, customer, complaint, "core.origin")
    client = house.client("agent")
    page = client.get(f"/complaints/show/{complaint.id}").text
    assert "王小明" in page and f"/unlink/{complaint.id}" not in page
    send(client, f"/complaints/unlink/{complaint.id}", other=f"{KIND}:{customer.id}")
    assert related(house, complaint) == [(KIND, customer.id)]


def test_who_may_not_comment_is_offered_nothing(house, complaint, customer):
    link(house.session, SYSTEM, complaint, customer)
    role = house.app.appbuilder.sm.find_role("agent")
    with write(house.session):
        right = house.app.appbuilder.sm.find_permission_view_menu(
            "can_comment", "complaints.Complaint")
        house.app.appbuilder.sm.del_permission_role(role, right)
    client = house.client("agent")
    page = client.get(f"/complaints/show/{complaint.id}").text
    assert "王小明" in page
    assert "/complaints/link/" not in page and "/complaints/unlink/" not in page
    assert client.get(f"/complaints/link/{complaint.id}").status_code == 403
