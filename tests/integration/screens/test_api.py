"""The REST API: the same rows and rules as the screens; nothing malformed is a 500."""

from __future__ import annotations

import json

import pytest

from app.database import db, write
from tests.integration.screens.building import PASSWORD, add_cases
from tests.integration.screens.sample import Case
from tests.integration.screens.test_forms import add_kind

API = "/api/v1/sample-cases/"


def bearer(app, username: str) -> dict[str, str]:
    answer = app.test_client().post(
        "/api/v1/security/login",
        json={"username": username, "password": PASSWORD, "provider": "db"},
        headers={"Authorization": "none"},
    )
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def test_rows_come_with_labels_and_cursors(browser, app):
    kind = add_kind(app)
    with app.app_context():
        keys = add_cases(30)
    agent = browser("agent")
    seen, path = [], f"{API}?size=7&sort=number"
    while path:
        body = agent.get(path).json
        seen += body["ids"]
        path = f"{API}?size=7&sort=number&after={body['next']}" if body["next"] else ""
    assert seen == keys
    row = agent.get(f"{API}{keys[0]}").json["result"]
    assert row["kind_id"] == kind
    listed = agent.get(f"{API}?size=1&columns=number,kind,owner").json["result"][0]
    assert listed["kind"] == {"id": kind, "label": "贷款咨询"}
    assert listed["owner"]["label"] == "李晓雯"
    assert set(listed) == {"number", "kind", "owner"}


def test_flask_appbuilders_own_arguments_work(browser, app):
    with app.app_context():
        add_cases(30)
    agent = browser("agent")
    for q in (
        "(filters:!((col:state,opr:eq,value:new)),order_column:number,page_size:5)",
        json.dumps({"filters": [{"col": "state", "opr": "eq", "value": "new"}], "page_size": 5}),
    ):
        body = agent.get(API, query_string={"q": q}).json
        assert body["count"] == 10 and len(body["result"]) == 5
        assert {row["state"] for row in body["result"]} == {"new"}
    everything = agent.get(API, query_string={"q": "(page_size:-1)"}).json
    assert len(everything["result"]) == 30


@pytest.mark.parametrize(
    "query",
    ["q=(", "q=!(1,2)", "q=(filters:1)", "q=(filters:!((col:nothing,opr:eq,value:1)))",
     "q=(filters:!((col:state,opr:nothing,value:1)))", "q=(filters:!((col:state)))",
     "q=(order_column:nothing)", "q=(page:3)", "q=(page_size:abc)", "q=" + "(" * 3000,
     "q=" + "[" * 3000, "columns=nothing", "sort=story", "size=x", "nothing=1",
     "q=(columns:!(password))", "state__in=" + "x" * 300, "visits__is=1e400"],
)
def test_malformed_lists_are_400_in_json(browser, app, query):
    answer = browser("agent").get(f"{API}?{query}")
    assert answer.status_code == 400
    assert answer.is_json and answer.json["message"]


def test_create_change_delete(browser, app):
    kind = add_kind(app)
    agent = browser("agent")
    made = agent.json_call("POST", API, {"subject": "neu", "kind": kind, "amount": "3.50"})
    assert made.status_code == 201
    key = made.json["id"]
    changed = agent.json_call("PUT", f"{API}{key}", {"version": 1, "story": "mehr"})
    assert changed.status_code == 200
    row = agent.get(f"{API}{key}").json["result"]
    assert (row["subject"], row["story"], row["version"], row["amount"]) == (
        "neu", "mehr", 2, "3.50"
    )
    stale = agent.json_call("PUT", f"{API}{key}", {"version": 1, "story": "zu spät"})
    assert stale.status_code == 409 and stale.json["version"] == 2
    assert agent.get(f"{API}{key}").json["result"]["story"] == "mehr"
    assert agent.json_call("DELETE", f"{API}{key}?version=2").status_code == 200
    assert agent.get(f"{API}{key}").status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"subject"}), ({"subject": ""}, {"subject"}), ({"subject": 5}, {"subject"}),
        ({"subject": "x" * 121}, {"subject"}), ({"subject": "a\x00b"}, {"subject"}),
        ({"subject": "x", "amount": "viel"}, {"amount"}), ({"subject": "x", "amount": "NaN"},
                                                          {"amount"}),
        ({"subject": "x", "urgent": "yes"}, {"urgent"}), ({"subject": "x", "kind": 999}, {"kind"}),
        ({"subject": "x", "kind": "1"}, {"kind"}), ({"subject": "x", "kind": [1]}, {"kind"}),
        ({"subject": "x", "state": "done"}, {"state"}), ({"subject": "x", "id": 7}, {"id"}),
        ({"subject": "x", "number": "SC-1", "nonsense": 1}, {"number", "nonsense"}),
    ],
)
def test_values_that_do_not_fit_are_422_by_field(browser, app, body, fields):
    answer = browser("agent").json_call("POST", API, body)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == fields


def test_bodies_that_are_no_objects_are_4xx(browser, app):
    agent = browser("agent")
    headers = {"X-CSRFToken": agent.token}
    for data in (b"", b"{", b"[]", b"1", b"null", b"\xff\xfe", b"[" * 100_000,
                 b'{"subject": ' + b"9" * 5000 + b"}"):
        answer = agent.post(API, data=data, content_type="application/json", headers=headers)
        assert 400 <= answer.status_code < 500, data[:20]
        assert answer.is_json
    assert agent.post(API, data="a=b", headers=headers).status_code == 415


def test_a_cookie_needs_the_token_and_a_bearer_does_not(browser, app):
    agent = browser("agent")
    refused = agent.post(API, json={"subject": "x"})
    assert refused.status_code == 400
    assert agent.json_call("POST", API, {"subject": "x"}).status_code == 201
    client = app.test_client()
    headers = bearer(app, "agent")
    assert client.post(API, json={"subject": "y"}, headers=headers).status_code == 201
    assert client.get(API, headers=headers).json["count"] == 2


def test_without_sign_in_everything_is_401(app):
    client = app.test_client()
    for method, path in (("GET", API), ("GET", f"{API}1"), ("POST", API), ("PUT", f"{API}1"),
                         ("DELETE", f"{API}1"), ("POST", f"{API}1/actions/start")):
        answer = client.open(path, method=method, json={}, headers={"Authorization": "Bearer x"})
        assert answer.status_code in (401, 422), (method, path)
        assert client.get(path).status_code == 401 or method != "GET"


def test_rights_are_those_of_the_screens(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    reader = browser("reader")
    assert reader.get(API).status_code == 200
    assert reader.get(f"{API}{key}").status_code == 200
    assert reader.json_call("POST", API, {"subject": "x"}).status_code == 403
    assert reader.json_call("PUT", f"{API}{key}", {"version": 1}).status_code == 403
    assert reader.json_call("DELETE", f"{API}{key}").status_code == 403
    assert reader.json_call("POST", f"{API}{key}/actions/start", {"version": 1}).status_code == 403


def test_actions_obey_the_same_rules(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    path = f"{API}{key}/actions/"
    assert agent.json_call("POST", f"{path}finish", {"version": 1}).status_code == 422
    never = agent.json_call("POST", f"{path}finish", {"version": 1, "result": "never"})
    assert never.status_code == 422
    assert agent.json_call("POST", f"{path}start", {"version": 1}).status_code == 200
    assert agent.json_call("POST", f"{path}start", {"version": 2}).status_code == 409
    stale = agent.json_call("POST", f"{path}finish", {"version": 1, "result": "x"})
    assert stale.status_code == 409
    assert agent.json_call("POST", f"{path}nothing", {"version": 2}).status_code == 409
    with app.app_context():
        assert db.session.get(Case, key).state == "working"


def test_statements_of_an_api_list(browser, app, statements):
    with app.app_context():
        add_cases(60)
    agent = browser("agent")
    agent.get(API)
    statements.clear()
    agent.get(f"{API}?state__in=new")
    assert len(statements) <= 8, statements


def test_scope_holds(browser, app):
    with app.app_context():
        add_cases(2)
        (foreign,) = add_cases(1, team="热线二组", owner="other")
        with write(db.session):
            db.session.get(Case, foreign).subject = "fremd"
    agent = browser("agent")
    assert agent.get(API).json["count"] == 2
    act = agent.json_call("POST", f"{API}{foreign}/actions/start", {"version": 1})
    assert act.status_code == 404
