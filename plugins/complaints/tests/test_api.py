"""The REST API takes no value that a form would refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from app.sdk.services import update
from plugins.complaints.tests.helpers import assigned, registered

API = "/api/v1/complaints/"


def call(client, method, path, **body):
    """Call the API by cookie, with the token of a page in the header."""
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    return client.open(path, method=method, json=body, headers={"X-CSRFToken": token})


@pytest.mark.parametrize("value", ["nope", 7, ["house"], {"id": 1}])
def test_a_choice_that_does_not_exist_creates_nothing(house, value):
    client = house.client("agent")
    answer = call(client, "POST", API, reason="提前还款被收取违约金", rule_book=value)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["rule_book"])
    assert client.get(API).json["count"] == 0


def test_a_choice_that_does_not_exist_changes_nothing(house):
    complaint, client = registered(house), house.client("agent")
    version = complaint.version
    answer = call(client, "PUT", f"{API}{complaint.id}", version=version, reply_way="smoke")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["reply_way"])
    good = call(client, "PUT", f"{API}{complaint.id}", version=version, reply_way="phone")
    assert good.status_code == 200


PROMISED = dt.datetime(2031, 5, 6, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("sent", "kept"), [({}, PROMISED), ({"promised_at": None}, None)])
def test_a_step_changes_only_what_was_sent(house, sent, kept):
    complaint = assigned(house)
    update(house.session, house.actor("mengdie"), complaint, {"promised_at": PROMISED})
    answer = call(house.client("mengdie"), "POST", f"{API}{complaint.id}/actions/propose",
                  solution="退还违约金", version=complaint.version, **sent)
    assert answer.status_code == 200, answer.json
    house.session.expire_all()
    assert (complaint.solution, complaint.promised_at) == ("退还违约金", kept)
