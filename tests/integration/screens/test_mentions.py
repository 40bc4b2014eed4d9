"""Names typed in a comment: whom they mean, and what is said of names of nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.database import db, write
from app.people.models import Staff
from app.records.comments import mentioned
from app.records.models import Comment
from tests.integration.screens.building import add_cases
from tests.integration.screens.test_record_work import PARTIAL, user

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(app) -> int:
    with app.app_context():
        return add_cases(1, subject="手续费争议", story="old")[0]


@pytest.mark.parametrize(("text", "named", "remark"), [
    ("@陈志远请看", ["supervisor"], ""), ("请@陈志远", ["supervisor"], ""),
    ("see @Supervisor, thanks", ["supervisor"], ""),
    ("@supervisors", [], "@supervisors"), ("@刘洋 @陈", [], "@刘洋, @陈"),
    ("mail to chen@supervisor.example", [], ""), ("5 @ 3", [], ""),
    ("@陈志远 and @陈志远!", ["supervisor"], ""),
])
def test_a_typed_name_means_the_colleague_who_bears_it(browser, app, case, text, named, remark):
    agent = browser("agent")
    part = agent.send(f"/sample/cases/comment/{case}", {"text": text}, headers=PARTIAL).text
    with app.app_context():
        note = db.session.query(Comment).one()
        assert note.text == text
        assert mentioned(db.session, note.id) == [user(app, name) for name in named]
    assert ("comment-remark" in part) == bool(remark)
    assert f"is called {remark}:" in part if remark else "is called" not in part


@pytest.mark.parametrize("name", [
    "阿卜杜" * 20, "Maximiliana " * 7 + "d'Este-Gonzaga", "J.R. Tolkien",
], ids=["chinese", "latin", "dots"])
def test_long_names_and_names_with_signs_are_read_whole(browser, app, case, name):
    with app.app_context(), write(db.session):
        db.session.execute(update(Staff).where(Staff.user_id == user(app, "supervisor"))
                           .values(name=name))
    agent = browser("agent")
    for written in (name, name.replace(" ", "·")):
        part = agent.send(f"/sample/cases/comment/{case}", {"text": f"@{written} 请看"},
                          headers=PARTIAL).text
        assert "is called" not in part
    with app.app_context():
        assert [mentioned(db.session, note.id) for note in db.session.query(Comment)] == [
            [user(app, "supervisor")]] * 2


def test_of_two_people_of_one_name_the_chosen_one_is_meant(browser, app, case):
    with app.app_context(), write(db.session):
        db.session.execute(update(Staff).where(Staff.user_id == user(app, "reader"))
                           .values(name="陈志远"))
    agent, chosen = browser("agent"), user(app, "supervisor")
    agent.send(f"/sample/cases/comment/{case}", {"text": "@陈志远 ?"})
    assert "Several people are called @陈志远" in agent.get(f"/sample/cases/show/{case}").text
    agent.send(f"/sample/cases/comment/{case}", {"text": "@陈志远 !", "mention": str(chosen)})
    assert "Several people" not in agent.get(f"/sample/cases/show/{case}").text
    with app.app_context():
        notes = db.session.query(Comment).order_by(Comment.id).all()
        assert [mentioned(db.session, note.id) for note in notes] == [[], [chosen]]
