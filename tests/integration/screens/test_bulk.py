"""Bulk work: preview, change, deletion, undo as one; cells; what others changed is kept."""

from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access import audit
from app.access.models import AuditEntry
from app.access.services import actor_for
from app.database import db, write
from app.records.services import update
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case
from tests.integration.screens.test_lists import keys

CASES = "/sample/cases"


@pytest.fixture
def cases(app):
    with app.app_context():
        return add_cases(6)


def values(app, ids, name="phone"):
    """Return one column of several cases."""
    with app.app_context():
        return [getattr(db.session.get(Case, key), name) for key in ids]


def hidden(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page by name."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


def preview(who, ids, value="1", column="visits"):
    """Ask what a change would do."""
    return who.send(f"{CASES}/bulk/edit", {"row": ids, "column": column, "step": "preview",
                                           column: value})


def undo_set(page: str) -> str:
    """Return the change set that a page offers to take back."""
    return re.search(r'name="set" value="([^"]+)"', page).group(1)


def test_a_bulk_change_is_previewed_done_and_undone_as_one(browser, cases, app):
    agent = browser("agent")
    before = values(app, cases, "visits")
    page = preview(agent, cases, "5")
    assert page.status_code == 200
    assert values(app, cases, "visits") == before
    sent = hidden(page.text)
    assert sent["step"] == ["confirmed"] and sent["visits"] == ["5"]
    changing = sum(value != 5 for value in before)
    assert f"{changing} records change" in page.text
    agent.send(f"{CASES}/bulk/edit", sent)
    assert set(values(app, cases, "visits")) == {5}
    toast = agent.get(f"{CASES}/list/").text
    assert f"Visits of {changing} records changed." in toast
    assert "data-undo" not in agent.get(f"{CASES}/list/").text
    agent.send(f"{CASES}/undo", {"set": undo_set(toast)})
    assert values(app, cases, "visits") == before
    with app.app_context():
        assert list(audit.verify_chain(db.session)) == []


def test_rows_that_somebody_changed_are_kept_and_listed(browser, cases, app):
    agent = browser("agent")
    sent = hidden(preview(agent, cases, "9").text)
    with app.app_context(), write(db.session):
        db.session.get(Case, cases[0]).visits = 77
    agent.send(f"{CASES}/bulk/edit", sent)
    assert values(app, cases, "visits") == [77, *[9] * 5]
    page = agent.get(f"{CASES}/list/").text
    assert "1 record was left out" in page and "changed by someone else" in page
    with app.app_context(), write(db.session):
        db.session.get(Case, cases[1]).visits = 78
    agent.send(f"{CASES}/undo", {"set": undo_set(page)})
    after = values(app, cases, "visits")
    assert after[:2] == [77, 78] and 9 not in after
    assert "1 record was left out" in agent.get(f"{CASES}/list/").text


def test_all_of_it_is_undone_though_rows_between_were_left_out(browser, cases, app):
    before = values(app, cases, "visits")
    agent = browser("agent")
    sent = hidden(preview(agent, cases, "9").text)
    with app.app_context(), write(db.session):
        for place in (1, 4):
            db.session.get(Case, cases[place]).visits = 77
    agent.send(f"{CASES}/bulk/edit", sent)
    assert values(app, cases, "visits") == [9, 77, 9, 9, 77, 9]
    with app.app_context():
        sets = db.session.scalars(
            select(AuditEntry.change_set).where(AuditEntry.changes["visits"][1].as_integer() == 9))
        assert len(set(sets)) == 1
    agent.send(f"{CASES}/undo", {"set": undo_set(agent.get(f"{CASES}/list/").text)})
    assert values(app, cases, "visits") == [before[0], 77, *before[2:4], 77, before[5]]


def test_only_visible_rows_are_changed_and_nothing_is_told_of_others(browser, cases, app):
    with app.app_context():
        foreign = add_cases(2, team="热线二组", owner="other", subject="secret")
    agent = browser("agent")
    page = preview(agent, [*cases, *foreign], "3")
    assert "2 were not found" in page.text and "secret" not in page.text
    before = values(app, foreign, "visits")
    sent = hidden(page.text)
    for key in foreign:
        sent[f"version-{key}"] = ["1"]
    agent.send(f"{CASES}/bulk/edit", sent)
    assert values(app, foreign, "visits") == before
    assert agent.send(f"{CASES}/bulk/delete", {"row": foreign}).status_code == 302
    assert values(app, foreign, "deleted_at") == [None, None]


def test_deleted_rows_come_back_with_one_click(browser, cases, app):
    agent = browser("agent")
    agent.send(f"{CASES}/bulk/delete", {"row": cases[:4]})
    page = agent.get(f"{CASES}/list/").text
    assert sorted(keys(page)) == cases[4:]
    assert "4 records deleted." in page
    agent.send(f"{CASES}/undo", {"set": undo_set(page)})
    assert sorted(keys(agent.get(f"{CASES}/list/").text)) == cases


def test_nobody_takes_back_what_somebody_else_did(browser, cases):
    agent = browser("agent")
    agent.send(f"{CASES}/bulk/delete", {"row": cases[:2]})
    found = undo_set(agent.get(f"{CASES}/list/").text)
    assert browser("supervisor").send(f"{CASES}/undo", {"set": found}).status_code == 404
    assert agent.send(f"{CASES}/undo", {"set": "nonsense"}).status_code == 404
    assert agent.get(f"{CASES}/undo").status_code == 405


def test_bulk_work_needs_the_rights(browser, cases):
    reader = browser("reader")
    for path in ("edit", "delete"):
        assert reader.send(f"{CASES}/bulk/{path}", {"row": cases}).status_code == 403
    assert reader.get(f"{CASES}/cell/{cases[0]}/subject").status_code == 403
    page = reader.get(f"{CASES}/list/").text
    assert "data-bulk-edit" not in page and "data-inline=" not in page


@pytest.mark.parametrize(
    ("data", "status"),
    [({"row": ["1"], "column": "version"}, 404), ({"row": ["1"], "column": "state"}, 404),
     ({"row": ["x", "0", "99999999999999999999"], "step": "preview", "column": "visits",
       "visits": "1"}, 200),
     ({"row": ["1"], "step": "preview", "column": "visits", "visits": "abc"}, 422),
     ({"row": [str(i) for i in range(501)]}, 400), ({}, 302)],
)
def test_malformed_bulk_forms(browser, cases, data, status):
    assert browser("agent").send(f"{CASES}/bulk/edit", data).status_code == status


def test_all_that_match_are_selected_up_to_the_cap(browser, app):
    with app.app_context():
        add_cases(520, state="new")
        foreign = add_cases(3, team="热线二组", owner="other", state="new")
    found = browser("agent").get(f"{CASES}/keys?state__in=new").json["keys"]
    assert len(found) == 500
    assert not {str(key) for key in foreign} & set(found)
    page = browser("agent").get(f"{CASES}/list/?state__in=new").text
    assert "Select the first 500 that match" in page


def test_selected_rows_are_exported(browser, cases, app):
    with app.app_context():
        foreign = add_cases(1, team="热线二组", owner="other", subject="secret")
    answer = browser("agent").send(f"{CASES}/export/csv", {"row": [*cases[:2], *foreign]})
    text = answer.data.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3 and "secret" not in text


def test_a_cell_is_changed_in_its_place(browser, cases, app):
    agent = browser("agent")
    address = f"{CASES}/cell/{cases[0]}/subject"
    version = hidden(agent.get(address).text)["version"][0]
    answer = agent.send(address, {"version": version, "subject": "A <b>new</b> name"})
    assert answer.text.strip() == "A &lt;b&gt;new&lt;/b&gt; name"
    assert values(app, cases[:1], "subject") == ["A <b>new</b> name"]
    stale = agent.send(address, {"version": version, "subject": "Mine"})
    assert stale.status_code == 409
    assert "Yours: Mine" in stale.text and "A &lt;b&gt;new" in stale.text
    again = hidden(stale.text)["version"][0]
    assert agent.send(address, {"version": again, "subject": "Mine"}).text.strip() == "Mine"
    assert agent.send(address, {"version": again, "subject": ""}).status_code == 422
    assert agent.send(address, {"subject": "x"}).status_code == 400
    assert agent.get(f"{CASES}/cell/{cases[0]}/visits").status_code == 404
    assert browser("other").get(address).status_code == 404


def test_a_bulk_change_is_folded_on_the_timeline(browser, app):
    with app.app_context():
        ids = add_cases(2, visits=1)
    agent = browser("agent")
    page = agent.get(f"/sample/cases/show/{ids[0]}").text
    assert "in one go with other records" not in page
    with app.app_context(), write(db.session):
        person = db.session.query(User).filter_by(username="agent").one()
        for key in ids:
            for visits in (2, 3):
                update(db.session, actor_for(db.session, person.id),
                       db.session.get(Case, key), {"visits": visits})
    page = agent.get(f"/sample/cases/show/{ids[0]}").text
    assert "<summary>1 change · in one go with other records</summary>" in page
    # Two changes of one field in one go are one: from the first value to the last.
    assert re.search(r"<del>1</del>.*?<ins>3</ins>", page, re.S)
    assert "<ins>2</ins>" not in page
