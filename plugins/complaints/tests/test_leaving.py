"""A complaint handed over to another department is out of sight of who handed it over."""

from __future__ import annotations

import pytest

from plugins.complaints.tests.helpers import assigned, department


def token(client) -> str:
    """Return the page's token against forgery."""
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("way", ["page", "api"])
def test_who_hands_over_is_told_that_it_was_done(house, way):
    complaint = assigned(house)
    client = house.client("mengdie")
    values = {"responsible_department_id": department(house, "SALES"),
              "handler_id": house.actor("linna").user_id, "liability_note": "销售承诺",
              "version": complaint.version}
    headers = {"X-CSRFToken": token(client), "Accept-Language": "en"}
    if way == "page":
        address = f"/complaints/act/{complaint.id}/hand_over"
        answer = client.post(address, data=values, headers=headers)
        assert (answer.status_code, answer.location) == (302, "/complaints/list/")
        page = client.get(answer.location, headers=headers)
        assert page.status_code == 200
        assert f"{complaint.number} is now: Assigned" in page.text
        assert "You no longer see this record" in page.text
    else:
        answer = client.post(f"/api/v1/complaints/{complaint.id}/actions/hand_over", json=values,
                             headers=headers)
        assert answer.status_code == 200
        assert answer.json["result"] == {
            "id": complaint.id, "number": complaint.number, "state": "assigned"}
    # A transaction that began before sees nothing of what came after.
    house.session.rollback()
    assert complaint.handler_id == house.actor("linna").user_id
    assert client.get(f"/complaints/show/{complaint.id}").status_code == 404
