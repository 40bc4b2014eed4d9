"""Suggestions while typing: rights kept, harmless to the form, told at the creation of a record."""

from __future__ import annotations

import logging
import re

import psycopg
import pytest

from app.i18n import Message
from app.sdk import Suggestion, SuggestionSource
from app.sdk.services import create
from plugins.complaints.models import Complaint
from plugins.enquiries.models import Enquiry
from tests.integration.collaboration.conftest import plugin, without

PLACE = "/suggestions/complaints.Complaint"


def source(noted=None, **values):
    def note(session, actor, typed, key, use):
        if noted is not None:
            noted.append((key, use, typed.text, getattr(typed.record, "subject", None)))

    return SuggestionSource(**{
        "name": "surveys.answers", "title": "Answers", "view": "core.Customer", "note": note,
        "suggest": lambda session, actor, typed: [
            Suggestion(key="7", title=f"About {typed.text}", text="Say this.")],
        **values,
    })


def sent_by(client, address, **values):
    token = re.search('name="csrf-token" content="([^"]+)"', client.get("/").text).group(1)
    return client.post(address, data={"csrf_token": token, **values},
                       headers={"Accept-Language": "en"})


def asked(house, username="agent", **sent):
    return sent_by(house.client(username), PLACE, **{"text": "brakes", **sent})


def form_of(house):
    return house.client("agent").get("/complaints/add", headers={"Accept-Language": "en"}).text


def test_the_panel_is_on_the_form_only_where_a_source_is_there(house):
    with without("knowledge"), plugin(
            "surveys", register_suggestions=[source(view="surveys.Answer")]):
        assert "data-suggestions=" not in form_of(house)
    with plugin("surveys", register_suggestions=[source()]):
        page = form_of(house)
        assert f'data-suggestions="{PLACE}"' in page and 'data-from="reason demand"' in page


def test_suggestions_come_with_their_acts_and_warnings(house):
    warn = [Message("Do not say %(word)s.", {"word": "never"})]
    with plugin("surveys", register_suggestions=[source(warn=lambda *_: warn)]):
        page = asked(house, all_text="never").text
    assert "About brakes" in page and 'data-suggestion="surveys.answers/7"' in page
    assert "Do not say never." in page and "This answered it" in page


def test_what_is_typed_is_escaped(house):
    with plugin("surveys", register_suggestions=[source()]):
        assert "<script>" not in asked(house, text="<script>alert(1)</script>").text


def test_who_may_not_write_on_the_screen_gets_nothing(house):
    with plugin("surveys", register_suggestions=[source()]):
        assert asked(house, "hr").status_code == 403
        assert house.app.test_client().post(PLACE, data={"text": "x"}).status_code in (400, 401)
        with plugin("other", register_suggestions=[source(name="other.x", view="other.X")]):
            assert "other.x" not in asked(house).text
        assert asked(house, record="complaints.complaint:99999").status_code == 404


def broken(*_):
    raise RuntimeError("broken")


@pytest.mark.parametrize("values", [{"suggest": broken}, {"warn": broken}])
def test_a_source_that_fails_is_left_out_and_named(house, caplog, values):
    good = source(name="good.answers")
    with plugin("surveys", register_suggestions=[source(**values)]), plugin(
        "good", register_suggestions=[good]), caplog.at_level(logging.ERROR):
        page = asked(house)
    assert page.status_code == 200 and "good.answers/7" in page.text
    assert "surveys.answers failed" in caplog.text


def test_uses_are_told_to_the_source_and_no_answer_to_all(house):
    noted, others = [], []
    client = house.client("agent")
    with plugin("surveys", register_suggestions=[source(noted)]), plugin(
            "other", register_suggestions=[source(others, name="other.answers")]):
        def use(name, what):
            return sent_by(
                client, f"{PLACE}/used", text="brakes", name=name, use=what).status_code

        assert use("surveys.answers/7", "opened") == 204
        assert use("", "unanswered") == 204
        assert [use("surveys.answers/../7", "opened"), use("surveys.answers/7", "eaten"),
                use("absent.answers/7", "opened"), use("", "opened")] == [404] * 4
    assert noted == [("7", "opened", "brakes", None), ("", "unanswered", "brakes", None)]
    assert others == [("", "unanswered", "brakes", None)]


def register(house):
    return sent_by(
        house.client("agent"), "/complaints/add", customer_name="王小明", reason="刹车异响",
        subject="刹车", contact="13812345678", suggestion_answered="surveys.answers/7")


def test_a_new_record_tells_what_answered_it(house):
    noted = []
    with plugin("surveys", register_suggestions=[source(noted)]):
        assert register(house).status_code == 302
    assert noted == [("7", "answered", "刹车异响", "刹车")]


def test_a_source_that_cannot_note_an_answer_does_not_lose_the_record(house, caplog):
    with plugin("surveys", register_suggestions=[source(note=broken)]), caplog.at_level(
            logging.ERROR):
        assert register(house).status_code == 302
    house.session.rollback()
    assert house.session.query(Complaint).filter_by(subject="刹车").one()
    assert "was not noted" in caplog.text


def test_the_desk_has_phrases_for_the_kind_of_call_and_none_without_a_source(house):
    client = house.client("agent")
    chinese = {"Accept-Language": "zh"}
    page = client.get("/enquiries/add", headers=chinese).text
    assert "开头语" in page and "请问有什么可以帮您？" in page
    assert "逐条记录" in client.get("/enquiries/phrases?kind=complaint", headers=chinese).text
    with without("knowledge"):
        assert client.get("/enquiries/phrases?kind=complaint", headers=chinese).text == ""
        assert "开头语" not in client.get("/enquiries/add", headers=chinese).text


def test_a_source_whose_phrases_fail_is_left_out(house, caplog):
    def broken(session, actor, occasion):
        raise RuntimeError("no phrases")

    with plugin("surveys", register_suggestions=[source(phrases=broken)]):
        page = house.client("agent").get("/enquiries/add", headers={"Accept-Language": "zh"})
    assert page.status_code == 200 and "开头语" in page.text
    assert "surveys.answers" in caplog.text


def test_the_dialog_of_a_step_asks_about_what_the_record_holds(house):
    def dialog(username):
        return house.client(username).get(
            f"/enquiries/act/{enquiry.id}/answer", headers={"Accept-Language": "en"}).text

    enquiry = create(house.session, house.actor("agent"), Enquiry, {
        "question": "Do the brakes squeal?", "phone": "13812345678"})
    with without("knowledge"):
        assert "data-suggestions=" not in dialog("agent")
    with plugin("surveys", register_suggestions=[source()]):
        page = dialog("agent")
    assert 'data-said="Do the brakes squeal?"' in page and 'data-into="answer"' in page
    assert f'data-record="enquiries.enquiry:{enquiry.id}"' in page
    assert page.index('name="answer"') < page.index("data-said") < page.index('name="remarks"')


def test_a_database_that_is_away_is_no_fault_of_a_source(house):
    def lost(*_arguments):
        raise psycopg.OperationalError("the server closed the connection")

    with plugin("surveys", register_suggestions=[source(note=lost)]):
        assert register(house).status_code == 503
    house.session.rollback()
    assert not house.session.query(Complaint).filter_by(subject="刹车").all()
