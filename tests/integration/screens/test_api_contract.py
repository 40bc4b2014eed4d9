"""What programs may rely on: tokens, versions, keys against repetition, the description."""

from __future__ import annotations

import pytest

from app.database import db
from tests.integration.screens import building
from tests.integration.screens.sample import Case

API, LOGIN = "/api/v1/sample-cases/", "/api/v1/security/login"


@pytest.fixture
def token(app):
    """Sign in as Flask-AppBuilder documents it, with no header at all."""

    def sign_in(username: str = "agent") -> dict[str, str]:
        answer = app.test_client().post(LOGIN, json={
            "username": username, "password": building.PASSWORD, "provider": "db",
            "refresh": True,
        })
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    return sign_in


def test_a_program_signs_in_without_a_page(token, app):
    answer = app.test_client().get(API, headers=token())
    assert answer.status_code == 200 and answer.json["result"] == []


def test_a_write_without_any_proof_is_not_signed_in(app):
    assert app.test_client().post(API, json={"subject": "x"}).status_code == 401


def test_a_cookie_still_needs_the_token_of_the_page(browser):
    assert browser("agent").post(API, json={"subject": "x"}).status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/_openapi", "/api/v1/pick/person"])
def test_every_address_of_the_api_takes_the_token(token, app, path):
    client = app.test_client()
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert client.get(path, headers=token()).status_code == 200


def test_the_description_names_addresses_and_fields(token, app):
    found = app.test_client().get("/api/v1/_openapi", headers=token()).json
    assert set(found["paths"][API]) == {"get", "post"}
    put = found["paths"][f"{API}{{pk}}"]["put"]["requestBody"]["content"]["application/json"]
    assert put["schema"]["required"] == ["version"]
    assert put["schema"]["properties"]["amount"] == {"type": "number"}


def test_a_deletion_says_which_version_it_deletes(browser, app):
    agent = browser("agent")
    key = agent.json_call("POST", API, {"subject": "x"}).json["id"]
    assert agent.json_call("DELETE", f"{API}{key}").status_code == 422
    assert agent.json_call("DELETE", f"{API}{key}?version=7").status_code == 409
    assert agent.json_call("DELETE", f"{API}{key}?version=1").status_code == 200


def test_the_same_key_makes_one_record(token, app):
    client, headers = app.test_client(), token() | {"Idempotency-Key": "order-17"}
    answers = [client.post(API, json={"subject": "once"}, headers=headers) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers[:2]] == [None, "true"]
    other = client.post(API, json={"subject": "another"}, headers=headers)
    assert other.status_code == 422 and "Idempotency-Key" in other.json["errors"]
    with app.app_context():
        assert db.session.query(Case).filter_by(subject="once").count() == 1


def test_two_people_may_choose_the_same_key(token, app):
    client, key = app.test_client(), {"Idempotency-Key": "1"}
    made = {client.post(API, json={"subject": "x"}, headers=token(name) | key).json["id"]
            for name in ("agent", "supervisor")}
    assert len(made) == 2


def test_a_time_that_cannot_be_empty_is_not_quietly_kept(browser):
    agent = browser("agent")
    key = agent.json_call("POST", API, {"subject": "x"}).json["id"]
    # The API of the sample does not write a time; complaints do (plugins/complaints/tests).
    answer = agent.json_call("PUT", f"{API}{key}", {"version": 1, "received_at": None})
    assert answer.status_code == 422


def test_a_name_that_no_file_can_have_is_not_found(app):
    answer = app.test_client().get(
        "/assets/x/" + "a" * 300, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 404
