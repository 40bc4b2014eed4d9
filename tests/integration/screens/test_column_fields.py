"""Columns of several choices, a file and a record: checked and shown as custom fields are."""

from __future__ import annotations

import io
import re

import pytest
from flask_appbuilder.security.sqla.models import User

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.access.services import load_actor
from app.database import db
from app.errors import Invalid
from app.records.files import FileStore, attach, detach, file_of
from app.records.services import create, delete, update
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

pytestmark = pytest.mark.both_databases
API = "/api/v1/sample-papers/"
PAGES = "/sample/papers"


@pytest.fixture
def keys(app) -> list[int]:
    """Two cases, the second with everything."""
    with app.app_context():
        first, second = add_cases(2)
        store = FileStore(app.config["CARELINE_SETTINGS"])
        letter = attach(db.session, SYSTEM, store, case(second), "letter.txt", io.BytesIO(b"text"))
        update(db.session, SYSTEM, case(second), {
            "wishes": ["no_sms", "call"], "letter": letter.id, "earlier": case(first).number})
    return [first, second]


def case(key: int) -> Case:
    return db.session.get(Case, key)


def held(app, key: int) -> tuple[object, object, object]:
    with app.app_context():
        found = case(key)
        return found.wishes, found.letter, found.earlier


def number(app, key: int) -> str:
    with app.app_context():
        return case(key).number


def version_on(page: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', page)[1]


def test_form_and_page(browser, app, keys):
    first, second = keys
    agent = browser("agent")
    page = agent.get(f"{PAGES}/show/{second}").text
    assert "Call back, No SMS" in page
    assert re.search(rf'<a href="/sample/papers/\w+/{second}/[^"]*">letter.txt</a>', page), page
    assert re.search(rf'<a href="/sample/\w+/show/{first}">{number(app, first)}', page)
    form = agent.get(f"{PAGES}/edit/{second}").text
    assert '<option selected value="call">Call back</option>' in form
    assert "letter.txt</option>" in form
    assert 'data-select-url="/api/v1/pick/number/sample.case"' in form
    sent = {"version": version_on(form), "subject": "x", "wishes": ["", "visit"], "letter": "",
            "earlier": ""}
    assert agent.send(f"{PAGES}/edit/{second}", sent).status_code == 302
    assert held(app, second) == (["visit"], None, None)
    history = agent.get(f"{PAGES}/show/{second}").text
    assert "Call back, No SMS" in history, "the history tells labels"


def test_a_new_record_has_no_file_to_choose_from(browser, app, keys):
    agent = browser("agent")
    assert 'name="letter"' not in agent.get(f"{PAGES}/add").text
    answer = agent.json_call("POST", API, {"subject": "x", "letter": held(app, keys[1])[1]})
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["letter"]


def test_what_leads_nowhere_is_refused_at_its_field(browser, app, keys):
    first, second = keys
    agent = browser("agent")
    form = agent.get(f"{PAGES}/edit/{first}").text
    answer = agent.send(f"{PAGES}/edit/{first}", {
        "version": version_on(form), "subject": "x", "earlier": "SC-2020-000001"})
    assert answer.status_code == 422
    assert "There is no record with this number that you may see." in answer.text
    with app.app_context():
        for values, field in (
            ({"wishes": ["fax"]}, "wishes"), ({"wishes": "call"}, "wishes"),
            ({"letter": held(app, second)[1]}, "letter"), ({"earlier": "SC-1"}, "earlier"),
        ):
            with pytest.raises(Invalid) as refused:
                update(db.session, SYSTEM, case(first), values)
            assert list(refused.value.errors) == [field]


def test_a_record_that_is_out_of_sight_cannot_be_chosen(app, keys):
    with app.app_context():
        user = db.session.query(User).filter_by(username="other").one()
        stranger = load_actor(db.session, user)
        with pytest.raises(Invalid, match="no record with this number"):
            create(db.session, stranger, Case, {
                "subject": "x", "earlier": case(keys[0]).number})


def test_values_are_kept_in_one_form(app, keys):
    with app.app_context():
        made = create(db.session, SYSTEM, Case, {
            "subject": "x", "wishes": ["visit", "call", "call"], "owner": None,
            "department_id": case(keys[0]).department_id,
            "earlier": f" {case(keys[0]).number.lower()} "})
        assert (made.wishes, made.earlier) == (["call", "visit"], case(keys[0]).number)
        update(db.session, SYSTEM, made, {"wishes": [], "earlier": ""})
        assert (made.wishes, made.earlier) == (None, None)


def test_a_file_that_is_deleted_is_no_longer_shown(app, browser, keys):
    with app.app_context():
        found = case(keys[1])
        detach(db.session, SYSTEM, found, file_of(db.session, found, found.letter))
    assert "letter.txt</a>" not in browser("agent").get(f"{PAGES}/show/{keys[1]}").text
    rows = browser("agent").get(f"{API}?columns=letter&sort=number").json["result"]
    assert [row["letter"] for row in rows] == [None, None]


def test_lists_filter_and_files(browser, app, keys):
    first, second = (number(app, key) for key in keys)
    agent = browser("agent")
    listed = agent.get(f"{PAGES}/list/?all=1").text
    assert "Call back, No SMS" in listed and "letter.txt" in listed
    for condition, found in (
        ("wishes__in=call", {second}), ("wishes__in=visit", set()),
        ("wishes__not_in=call", {first}), ("wishes__empty=1", {first}),
        ("wishes__filled=1", {second}), ("letter__contains=letter", {second}),
        (f"earlier__is={first}", {second}), ("earlier__empty=1", {first}),
    ):
        rows = agent.get(f"{API}?{condition}").json["result"]
        assert {row["number"] for row in rows} == found, condition
        page = agent.get(f"{PAGES}/list/?all=1&{condition}")
        assert page.status_code == 200, condition
    sorted_by = agent.get(f"{API}?sort=-earlier").json["ids"]
    assert sorted(sorted_by) == sorted(keys)
    text = browser("admin").get(f"{PAGES}/export/csv?all=1").text
    assert "Call back, No SMS" in text and "letter.txt" in text


def test_over_rest_values_come_back_as_they_were_sent(browser, app, keys):
    first, second = keys
    agent = browser("agent")
    row = agent.get(f"{API}{second}").json["result"]
    assert row["wishes"] == ["call", "no_sms"] and row["earlier"] == number(app, first)
    made = agent.json_call("POST", API, {
        "subject": "x", "wishes": ["visit"], "earlier": number(app, first)})
    assert made.status_code == 201, made.text
    assert held(app, made.json["id"]) == (["visit"], None, number(app, first))
    changed = agent.json_call("PUT", f"{API}{second}", {
        "wishes": None, "version": row.get("version", 2)})
    assert changed.status_code == 200, changed.text
    assert held(app, second)[0] is None
    refused = agent.json_call("PUT", f"{API}{second}", {"wishes": ["fax"], "version": 3})
    assert refused.status_code == 422 and list(refused.json["errors"]) == ["wishes"]
    schema = agent.get("/api/v1/_openapi").json["paths"][API]["post"]["requestBody"]
    fields = schema["content"]["application/json"]["schema"]["properties"]
    assert fields["wishes"]["items"] == {"type": "string"} and fields["letter"]["type"] == "integer"


def test_the_audit_trail_and_undo_know_lists(app, keys):
    with app.app_context():
        found = case(keys[1])
        update(db.session, SYSTEM, found, {"wishes": ["visit"]})
        entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry.changes["wishes"] == [["call", "no_sms"], ["visit"]]
        delete(db.session, SYSTEM, found)
