"""Every list counts its saved views; the API reads and writes by the same rules."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask_appbuilder.security.sqla.models import User
from flask_login import login_user
from sqlalchemy import select

from app.sdk.importing import GOOD, SKIP, Import, Table, importers
from app.sdk.people import local_zone
from app.sdk.records import act, create
from app.sdk.services import write
from plugins.training.drills import checklist
from plugins.training.drills.models import Drill
from plugins.training.drills.operations import OBSERVE
from plugins.training.exams.models import Question
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.history.record import paper, record_of
from plugins.training.tests.helpers import (
    answered,
    attempts,
    certificate,
    course,
    duty,
    exam,
    question,
    session_of,
    taken,
    token,
)
from plugins.training.tests.test_drills import SEEN

LISTS = ("courses", "materials", "plans", "plan-lines", "sessions", "enrolments", "questions",
         "exam-parts", "exams", "attempts", "certificates", "duty-rules", "earlier-results",
         "tutoring")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lists_counts_and_pages_open_in_both_languages(house, language):
    of = course(house)
    duty(house, of)
    made = exam(house, of)
    taken(house, made)
    client = house.client("hr")
    client.set_cookie("language", language)
    headers = {"Accept-Language": language}
    for name in LISTS:
        for address in (f"/training/{name}/list/", f"/training/{name}/views/counts"):
            assert client.get(address, headers=headers).status_code == 200, address
    for address in ("/training/questions/analysis", "/training/questions/gift", "/training/mine/",
                    f"/training/exams/take/{made.id}", "/training/record/",
                    f"/training/courses/show/{of.id}", "/training/check/?number=ZS-2026-000001"):
        assert client.get(address, headers=headers).status_code == 200, address


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_an_attempt_open_in_both_languages(house, language):
    made = exam(house, course(house))
    client, headers = house.client("agent"), {"Accept-Language": language}
    client.set_cookie("language", language)
    attempt = attempts().start(house.session, house.actor("agent"), made)
    base = f"/training/attempts/{attempt.id}"
    for page in ("question/1", "clock", "hand-in"):
        assert client.get(f"{base}/{page}", headers=headers).status_code == 200, page
    answered(house, attempt)
    attempts().finish(house.session, house.actor("agent"), attempt)
    assert "because of" in client.get(f"{base}/review", headers=headers).text
    assert client.get(f"/training/attempts/show/{attempt.id}", headers=headers).status_code == 200


def test_an_attempt_goes_from_page_to_page(house):
    made = exam(house, course(house), number=2)
    client = house.client("agent")
    sent = {"csrf_token": token(client)}
    begun = client.post(f"/training/exams/take/{made.id}/start", data=sent)
    first = begun.location
    assert first.endswith("/question/1")
    ahead = client.get(first.replace("question/1", "question/2"))
    assert ahead.status_code == 302 and ahead.location.endswith("/question/1")
    saved = client.post(first, data={**sent, "answer": "0"}, headers={"HX-Request": "true"})
    assert saved.status_code == 200 and "<html" not in saved.text
    wrong = client.post(first, data={**sent, "answer": "9", "go": "next"})
    assert wrong.status_code == 200 and 'role="alert"' in wrong.text
    second = client.post(first, data={**sent, "answer": "0", "go": "next"}).location
    assert second.endswith("/question/2")
    end = client.post(second, data={**sent, "answer": "0", "go": "end"}).location
    assert end.endswith("/hand-in")
    review = client.post(end, data=sent).location
    assert "100.0%" in client.get(review).text
    # The end is the end.
    assert client.post(first, data={**sent, "answer": "1"}).location == review
    assert client.get(first).location == review
    assert "100.0%" in client.get(review).text


def test_what_was_typed_and_does_not_fit_stays_on_the_page(house):
    made = exam(house, course(house), number=0, texts=1)
    client = house.client("agent")
    sent = {"csrf_token": token(client)}
    first = client.post(f"/training/exams/take/{made.id}/start", data=sent).location
    long = "先核对身份，再" * 1000
    refused = client.post(first, data={**sent, "answer": long, "go": "end"})
    assert 'role="alert"' in refused.text and long in refused.text


def test_others_see_no_question_of_an_attempt(house):
    attempt = attempts().start(house.session, house.actor("agent"), exam(house, course(house)))
    base = f"/training/attempts/{attempt.id}"
    for username in ("wanghao", "supervisor", "hr", "admin"):
        client = house.client(username)
        for page in ("question/1", "review", "hand-in", "clock"):
            assert client.get(f"{base}/{page}").status_code == 404, (username, page)
    marking = house.client("supervisor").get(f"{base}/mark")
    assert "choice 0" not in marking.text


@pytest.mark.parametrize("path", ["questions/list/", "questions/gift", "exams/list/",
                                  "questions/analysis", "duty-rules/list/", "plans/list/"])
def test_an_agent_does_not_see_the_bank(house, path):
    assert house.client("agent").get(f"/training/{path}").status_code == 403


def test_the_api(house):
    of = course(house)
    certificate(house, of)
    client = house.client("hr")
    for name in ("courses", "sessions", "questions", "exams", "certificates", "duty_rules",
                 "tutoring"):
        assert client.get(f"/api/v1/training_{name}/").status_code == 200, name
    agent = house.client("agent")
    assert agent.get("/api/v1/training_certificates/").json["count"] == 1
    assert agent.get("/api/v1/training_questions/").status_code == 403
    assert house.client("wanghao").get("/api/v1/training_certificates/").json["count"] == 0


# --- GIFT ------------------------------------------------------------------------------------
GIFT = "Rings? {#3}\n\nbad {x}\n\nchoice 0 {=a ~b}\n"


def test_a_gift_file_is_reported_on_before_anything_is_written(house):
    question(house, "choice 0")
    client = house.client("hr")
    sent = {"csrf_token": token(client), "topic": "car_loans", "language": "zh"}
    report = client.post("/training/questions/gift", data={
        **sent, "check": "1", "file": (io.BytesIO(GIFT.encode()), "a.gift")})
    assert report.status_code == 200 and "bad {x}" in report.text
    assert house.session.query(Question).count() == 1
    done = client.post("/training/questions/gift", data={**sent, "write": "1", "text": GIFT})
    assert done.status_code == 302
    house.session.rollback()
    texts = set(house.session.scalars(select(Question.text)))
    assert texts == {"choice 0", "Rings?"}
    file = client.get("/training/questions/gift/export?language=zh")
    assert "Rings? {#3.0..3.0}" in file.text


def test_a_question_without_a_known_topic_is_reported(house):
    client = house.client("hr")
    answer = client.post("/training/questions/gift", data={
        "csrf_token": token(client), "text": "a {T}", "topic": "", "language": "zh"})
    assert answer.status_code == 200 and house.session.query(Question).count() == 0
    assert "<td>a</td>" in answer.text


# --- the record ------------------------------------------------------------------------------
def test_the_record_holds_everything_and_prints(house):
    of = course(house)
    certificate(house, of)
    held = session_of(house, of)
    today = held.starts_at.date()
    create(house.session, house.actor("hr"), EarlierResult, {
        "owner_id": house.actor("agent").user_id, "course_name": "普通话", "held_on": today})
    create(house.session, house.actor("supervisor"), Tutoring, {
        "owner_id": house.actor("agent").user_id, "goal": "开头语规范", "starts_on": today,
        "until_on": today, "tutor_id": house.actor("supervisor").user_id})
    user_id = house.actor("agent").user_id
    for subject, days in (("交车后回访", 0), ("到期提醒", 1)):
        drill = create(house.session, house.actor("supervisor"), Drill, {
            "subject": subject, "owner_id": user_id, "held_on": today - dt.timedelta(days)})
    with write(house.session):
        checklist.load(house.session)
    act(house.session, house.actor("supervisor"), drill, OBSERVE, SEEN)
    page = house.client("supervisor").get(f"/training/record/{user_id}")
    for text in (of.name, "普通话", "开头语规范", "交车后回访", "到期提醒", "65 分", "尚未观察"):
        assert text in page.text
    assert "到期提醒" not in house.client("linna").get("/training/mine/").text
    with house.app.test_request_context():
        login_user(house.session.get(User, user_id))
        printed = paper(record_of(house.session, user_id))
    [drills] = [part["rows"] for part in printed["parts"] if "到期提醒" in str(part)]
    assert [(row[0], row[-1]) for row in drills] == [("交车后回访", "尚未观察"),
                                                     ("到期提醒", "65")]
    for username, address in (("agent", "/training/mine/record.pdf"),
                              ("supervisor", f"/training/record/{user_id}/record.pdf")):
        assert house.client(username).get(address).data[:5] == b"%PDF-"


def test_earlier_results_belong_to_the_learners_place_and_find_their_course(house):
    of = course(house, "SEC")
    made = create(house.session, house.actor("hr"), EarlierResult, {
        "owner_id": house.actor("linna").user_id, "course_name": "SEC",
        "held_on": of.created_at.date()})
    assert made.course_id == of.id
    assert made.department_id == house.actor("linna").department_id


# --- files -----------------------------------------------------------------------------------
def read_in(house, tmp_path, name, text):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    table, importer = Table.open(path), importers()[name]
    fields = {label: field.name for field in importer.fields
              for label in (field.label, *field.aliases)}
    report = Import(
        table=table, importer=importer, zone=local_zone(), mode=GOOD, on_existing=SKIP,
        mapping={fields[column]: column for column in table.header},
        rejects=tmp_path / "rejects.csv",
    ).run(house.session(), house.actor("hr")).as_dict()
    house.session.expire_all()
    return tuple(report[one] for one in ("created", "skipped", "rejected"))


def test_earlier_results_are_read_in_once(house, tmp_path):
    text = ("学员,课程,培训日期,Outcome\n李晓雯,车贷基础,2023-05-01,合格\n"
            "没有此人,车贷基础,2023-05-01,合格\n王浩,车贷基础,2099-01-01,合格\n")
    name = "records.training.EarlierResult"
    assert read_in(house, tmp_path, name, text) == (1, 0, 2)
    assert read_in(house, tmp_path, name, text) == (0, 1, 2)
    [made] = house.session.scalars(select(EarlierResult)).all()
    assert (made.owner_id, made.result) == (house.actor("agent").user_id, "passed")
    assert made.team_id == house.actor("agent").team_id


def test_questions_are_read_in_with_a_report_of_bad_rows(house, tmp_path):
    text = ("知识点,类别,难度,语言,试题,答案\n汽车贷款,判断题,容易,中文,题目一,对\n"
            "汽车贷款,判断题,容易,中文,题目二,也许\n没有,判断题,容易,中文,题目三,对\n")
    assert read_in(house, tmp_path, "records.training.Question", text) == (1, 0, 2)
    [made] = house.session.scalars(select(Question)).all()
    assert (made.text, made.kind, made.language) == ("题目一", "true_false", "zh")
