"""The record page: scope on every way in, timeline, actions, deletion, steps."""

from __future__ import annotations

import pytest

from app.database import db, write
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case, Note


@pytest.fixture
def foreign(app) -> int:
    with app.app_context():
        (key,) = add_cases(1, team="热线二组", owner="other", subject="fremd")
        with write(db.session):
            db.session.add(Note(case_id=key, title="secret note"))
        return key


def test_a_foreign_record_is_404_on_every_way_in(browser, app, foreign):
    agent = browser("agent")
    for path in (
        f"show/{foreign}", f"edit/{foreign}", f"delete/{foreign}", f"act/{foreign}/start",
        f"step/{foreign}/next", f"related/{foreign}/NoteView", f"panel/{foreign}/x",
    ):
        assert agent.get(f"/sample/cases/{path}").status_code == 404, path
    for path in (f"edit/{foreign}", f"delete/{foreign}", f"act/{foreign}/start",
                 f"comment/{foreign}"):
        answer = agent.send(f"/sample/cases/{path}", {"version": "1", "text": "x", "subject": "x"})
        assert answer.status_code == 404, path
    for method in ("GET", "PUT", "DELETE"):
        answer = agent.json_call(method, f"/api/v1/sample-cases/{foreign}", {"version": 1})
        assert answer.status_code == 404
    assert "fremd" not in agent.get("/sample/cases/export/csv").text
    assert "Nothing found" in agent.get("/search/?q=fremd").text
    with app.app_context():
        assert db.session.get(Case, foreign).state == "new"


@pytest.mark.parametrize("pk", ["0", "-1", "abc", "1e3", "9" * 40, "1.0", "١"])
def test_impossible_keys_are_404(browser, app, pk):
    agent = browser("agent")
    for way in ("show", "edit", "delete"):
        assert agent.get(f"/sample/cases/{way}/{pk}").status_code == 404
    assert agent.get(f"/api/v1/sample-cases/{pk}").status_code == 404


def test_an_address_that_cannot_be_is_refused_before_any_page(browser, app):
    agent = browser("agent")
    for way in ("show", "edit", "delete"):
        assert agent.get(f"/sample/cases/{way}/%00").status_code == 404


def test_the_page_shows_details_actions_and_why_not(browser, app):
    with app.app_context():
        (key,) = add_cases(1, story="多收手续费", urgent=True, owner_id=None)
    page = browser("agent").get(f"/sample/cases/show/{key}").text
    assert "多收手续费" in page and "Urgent" in page
    assert 'data-offer="start"' in page
    assert "Nobody works on this case yet." in page and 'data-offer="finish"' not in page


def test_timeline_shows_changes_with_labels_and_comments(browser, app):
    agent = browser("agent")
    answer = agent.send("/sample/cases/add", {"subject": "alt"})
    path = answer.location
    key = path.rpartition("/")[2]
    with app.app_context():
        from flask_appbuilder.security.sqla.models import User

        owner = db.session.query(User).filter_by(username="other").one().id
    agent.send(f"/sample/cases/edit/{key}", {"version": 1, "subject": "neu", "owner": str(owner)})
    agent.send(f"/sample/cases/comment/{key}", {"text": "Kunde <b>angerufen</b>"})
    page = agent.get(path).text
    assert "<del>alt</del>" in page and "<ins>neu</ins>" in page
    assert "<ins>刘洋</ins>" in page
    assert "Kunde &lt;b&gt;angerufen" in page


def test_an_empty_comment_is_refused(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    assert agent.send(f"/sample/cases/comment/{key}", {"text": "  "}).status_code == 400


def test_an_action_runs_and_a_blocked_one_does_not(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    assert agent.send(f"/sample/cases/act/{key}/start", {"version": 1}).status_code == 302
    again = agent.send(f"/sample/cases/act/{key}/start", {"version": 2}, follow_redirects=True)
    assert "It has been started." in again.text
    refused = agent.send(f"/sample/cases/act/{key}/finish", {"version": 2, "result": "never"})
    assert refused.status_code == 422 and "not allowed" in refused.text
    missing = agent.send(f"/sample/cases/act/{key}/finish", {"version": 2})
    assert missing.status_code == 422
    stale = agent.send(f"/sample/cases/act/{key}/finish", {"version": 1, "result": "ok"})
    assert stale.status_code == 409
    with app.app_context():
        assert db.session.get(Case, key).state == "working"
    done = agent.send(f"/sample/cases/act/{key}/finish", {"version": 2, "result": "ok"})
    assert done.status_code == 302
    assert agent.send(f"/sample/cases/act/{key}/nothing").status_code == 409


def test_a_reader_may_look_and_nothing_else(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    reader = browser("reader")
    page = reader.get(f"/sample/cases/show/{key}").text
    assert "data-offer" not in page and "data-edit" not in page
    for path in (f"edit/{key}", f"delete/{key}", f"act/{key}/start", f"comment/{key}"):
        answer = reader.send(f"/sample/cases/{path}", {"version": 1, "text": "x"})
        assert answer.status_code == 403, path
    assert reader.get("/sample/cases/add").status_code == 403
    assert reader.get("/sample/cases/export/csv").status_code == 403
    assert reader.get("/sample/notes/list/").status_code == 403
    assert reader.get(f"/sample/cases/related/{key}/NoteView").status_code == 403
    assert "Notes" not in page


def test_bulk_does_what_is_possible_and_tells_the_rest(browser, app, foreign):
    with app.app_context():
        own = add_cases(3, state="new")
        with write(db.session):
            db.session.get(Case, own[1]).state = "working"
    agent = browser("agent")
    answer = agent.send(
        "/sample/cases/bulk", {"action": "start", "row": [*own, foreign]}, follow_redirects=True
    )
    assert "Start: 2 records." in answer.text
    assert "2 records were left out" in answer.text and "It has been started." in answer.text
    with app.app_context():
        assert db.session.get(Case, foreign).state == "new"
        assert db.session.get(Case, own[0]).state == "working"


@pytest.mark.parametrize("action", ["", "nothing", "delete", "__class__"])
def test_unknown_bulk_actions_are_4xx(browser, app, action):
    answer = browser("agent").send("/sample/cases/bulk", {"action": action, "row": "1"})
    assert 400 <= answer.status_code < 500


def test_bulk_with_a_form_asks_first(browser, app):
    with app.app_context():
        own = add_cases(2)
    agent = browser("agent")
    asked = agent.send("/sample/cases/bulk", {"action": "finish", "row": own})
    assert asked.status_code == 200 and 'name="result"' in asked.text
    with app.app_context():
        assert {db.session.get(Case, key).state for key in own} == {"new", "working"}
    agent.send(
        "/sample/cases/bulk", {"action": "finish", "row": own, "confirmed": "1", "result": "ok"}
    )
    with app.app_context():
        assert {db.session.get(Case, key).state for key in own} == {"done"}


def test_deletion_asks_first_and_goes_to_the_bin(browser, app):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    assert "recycle bin" in agent.get(f"/sample/cases/delete/{key}").text
    with app.app_context():
        assert db.session.get(Case, key).deleted_at is None
    assert agent.send(f"/sample/cases/delete/{key}", {"version": 1}).status_code == 302
    with app.app_context():
        assert db.session.get(Case, key).deleted_at is not None
    assert agent.get(f"/sample/cases/show/{key}").status_code == 404


def test_what_others_hang_on_is_not_deleted(browser, app):
    from tests.integration.screens.test_forms import add_kind

    kind = add_kind(app)
    with app.app_context():
        add_cases(1, kind_id=kind)
    agent = browser("agent")
    answer = agent.send(f"/sample/kinds/delete/{kind}", follow_redirects=True)
    assert "cannot be deleted" in answer.text


def test_previous_and_next_follow_the_list(browser, app):
    with app.app_context():
        first, second, third = add_cases(3)
    agent = browser("agent")
    path = f"/sample/cases/step/{second}"
    assert f"/show/{third}" in agent.get(f"{path}/next?list=sort%3Dnumber").location
    assert f"/show/{first}" in agent.get(f"{path}/next?list=sort%3D-number").location
    assert f"/show/{first}" in agent.get(f"{path}/previous?list=sort%3Dnumber").location
    assert f"/show/{second}" in agent.get(f"{path}/next?list=state__in%3Dworking").location


def test_statements_of_a_record_page(browser, app, statements):
    with app.app_context():
        (key,) = add_cases(1)
    agent = browser("agent")
    agent.get(f"/sample/cases/show/{key}")
    statements.clear()
    agent.get(f"/sample/cases/show/{key}")
    assert len(statements) <= 12, statements
