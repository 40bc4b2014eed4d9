"""Surveys and inspections stand on the same forms as appraisals; the core knows neither.

``ratings`` is a probe plugin that imports ``app.sdk`` only: its questions are kept in the form
builder, asked as the form of a step, read by the rules of all forms and worth points.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pytest
from flask_login import login_user
from sqlalchemy import select

import plugins as package
from app.database import db, write
from app.errors import Invalid, Rejected
from app.forms.models import FormDraft
from app.records.files import FileStore, attach
from app.sdk.forms import PASSWORD, ScoredForm, published
from app.sdk.models import Customer
from app.sdk.records import act, actions, create, operations_of
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import PASSWORD as WORD
from app.testing.plugin_fixtures import House
from config import ROOT
from tests.conformance.installing import deployed, settings_for

PROBE = ROOT / "tests" / "conformance" / "probes" / "plugins" / "ratings"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the probe alone."""
    base = tmp_path_factory.mktemp("ratings")
    folder = base / "plugins"
    folder.mkdir()
    (folder / "ratings").symlink_to(PROBE)
    package.__path__.append(str(folder))
    app = deployed(settings_for(base, f"sqlite:///{base / 'ratings.sqlite'}", folder))
    with app.app_context():
        yield House(app, db.session)


@pytest.fixture
def made(house):
    """Return what makes a rating of a kind, of the agent."""
    from plugins.ratings.models import Rating

    customer = create(house.session, SYSTEM, Customer, {"name": "王小明"})

    def make(kind: str):
        return create(house.session, house.actor("agent"), Rating, {
            "subject": f"{kind} 王小明", "kind": kind, "customer_id": customer.id})

    return make


@pytest.mark.parametrize(("answer", "points"), [("A", 100), ("B", 60)])
def test_a_survey_is_answered_and_worth_points(house, made, answer, points):
    rating = made("survey")
    act(house.session, house.actor("agent"), rating, "answer", {"service": answer})
    assert (rating.points, rating.answers["service"]) == (points, answer)


def test_a_bad_answer_asks_why(house, made):
    rating = made("survey")
    with pytest.raises(Invalid) as refused:
        act(house.session, house.actor("agent"), rating, "answer", {"service": "C"})
    assert set(refused.value.errors) == {"why"}
    act(house.session, house.actor("agent"), rating, "answer", {"service": "C", "why": "等太久"})
    assert (rating.points, rating.answers["why"]) == (0, "等太久")


def test_what_is_no_answer_is_refused_at_its_question(house, made):
    rating = made("survey")
    with pytest.raises(Invalid) as refused:
        act(house.session, house.actor("agent"), rating, "answer", {"service": "Z"})
    assert set(refused.value.errors) == {"service"}
    assert rating.answered_at is None


def test_an_inspection_takes_pictures_of_its_own_and_is_signed(house, made):
    rating, agent = made("inspection"), house.actor("agent")
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    with write(house.session):
        picture = attach(house.session, agent, store, rating, "5s.txt", io.BytesIO(b"seen"))
    seen = {"floor": "A", "badges": "B", "pictures": [picture.id]}
    with house.app.test_request_context():
        from flask_appbuilder.security.sqla.models import User

        login_user(house.session.get(User, agent.user_id))
        with pytest.raises(Invalid) as refused:
            act(house.session, agent, rating, "answer", seen)
        assert set(refused.value.errors) == {"inspector" + PASSWORD}
        act(house.session, agent, rating, "answer", {**seen, "inspector" + PASSWORD: WORD})
    assert rating.points == 50
    assert rating.answers["inspector"]["name"] == agent.name
    assert [one["name"] for one in rating.answers["pictures"]] == ["5s.txt"]


def test_a_question_that_changes_leaves_what_was_answered(house, made):
    from plugins.ratings.questions import FORMS, form_in_force

    rating, client = made("survey"), house.client("admin")
    act(house.session, house.actor("agent"), rating, "answer", {"service": "A"})
    draft = house.session.scalars(select(FormDraft).where(FormDraft.code == "ratings.survey")).one()
    page = client.get(f"/forms/{draft.id}")
    assert page.status_code == 200 and "How was the service?" in page.text
    asked = ScoredForm.from_dict(json.loads(json.dumps(FORMS["survey"].to_dict()).replace(
        "How was the service?", "How satisfied are you?")))
    admin = house.actor("admin")
    operations_of(FormDraft).save_draft(house.session, admin, draft, asked, draft.version)
    operations_of(FormDraft).publish(house.session, admin, draft)
    in_force = form_in_force(house.session, "survey").form
    assert in_force.items[0].label == "How satisfied are you?"
    assert published(house.session, rating.version_id).form == FORMS["survey"]
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), rating, "answer", {"service": "B"})


def test_the_questions_are_asked_over_the_page_and_over_rest(house, made):
    rating, client = made("survey"), house.client("agent")
    [offered] = actions(house.session, house.actor("agent"), rating)
    assert [one.name for one in offered.form.fields] == ["service", "why"]
    page = client.get(f"/ratings/show/{rating.id}").text
    assert "您对服务是否满意？" in page and "哪里不满意？" not in page
    assert 'name="service"' in client.get(re.search(r'"([^"]+/answer[^"]*)"', page)[1]).text
    headers = {"X-CSRFToken": re.search(r'name="csrf-token" content="([^"]+)', page)[1]}
    answer = client.post(f"/api/v1/ratings/{rating.id}/actions/answer", headers=headers,
                         json={"version": rating.version, "service": "B"})
    assert answer.status_code == 200, answer.text
    house.session.rollback()
    house.session.refresh(rating)
    assert rating.points == 60
    assert "一般" in client.get(f"/ratings/show/{rating.id}").text
