"""An attempt cannot be lengthened, repeated or read ahead, and survives whatever happens."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.records import create, delete, update
from app.sdk.services import act, utcnow
from plugins.training.certificates.models import Certificate
from plugins.training.exams.attempts import end_overdue
from plugins.training.exams.models import Attempt, ExamPart
from plugins.training.tests.helpers import (
    answered,
    at,
    attempts,
    course,
    exam,
    question,
    taken,
    topic,
)


def begun(house, of, username="agent"):
    return attempts().start(house.session, house.actor(username), of)


def test_starting_again_goes_on_with_the_same_draw_and_the_same_clock(house):
    of = exam(house)
    with at():
        first = begun(house, of)
    ends_at = first.ends_at
    drawn = [item.question_id for item in attempts().items(house.session, first)]
    with at(minutes=10):
        again = begun(house, of)
    assert again.id == first.id and again.ends_at == ends_at
    assert [item.question_id for item in attempts().items(house.session, again)] == drawn
    assert house.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_after_the_time_nothing_is_answered(house):
    of = exam(house, minutes=30)
    with at():
        attempt = begun(house, of)
        attempts().answer(house.session, house.actor("agent"), attempt, 1, ["0"], onwards=True)
    with at(minutes=30):
        with pytest.raises(Rejected, match="time is up"):
            attempts().answer(house.session, house.actor("agent"), attempt, 2, ["0"])
        assert attempts().end_if_over(house.session, attempt)
    assert (attempt.status, attempt.points, attempt.percent) == ("failed", 2, 33.3)
    assert attempt.finished_at == attempt.ends_at


def test_one_that_nobody_looks_at_ends_by_itself(house):
    of = exam(house)
    with at():
        attempt = begun(house, of)
        answered(house, attempt)
        assert end_overdue(house.session, attempts()) == 0
    with at(hours=3):
        assert end_overdue(house.session, attempts()) == 1
    assert (attempt.status, attempt.finished_at) == ("passed", attempt.ends_at)


@pytest.mark.parametrize("column", ["ends_at", "status", "points", "reached", "owner_id"])
def test_no_form_or_program_writes_an_attempt(house, column):
    attempt = begun(house, exam(house))
    with pytest.raises((Rejected, Invalid)):
        update(house.session, house.actor("admin"), attempt, {
            column: {"ends_at": utcnow() + dt.timedelta(days=1), "status": "passed", "points": 9.0,
                     "reached": 3, "owner_id": house.actor("hr").user_id}[column]})
    with pytest.raises(Rejected):
        delete(house.session, house.actor("admin"), attempt)
    with pytest.raises(Rejected):
        create(house.session, house.actor("admin"), Attempt, {"exam_id": attempt.exam_id})


def test_a_question_behind_the_one_that_is_shown_takes_no_answer(house):
    attempt = begun(house, exam(house))
    with pytest.raises(Rejected, match="reached"):
        attempts().answer(house.session, house.actor("agent"), attempt, 2, ["0"])
    with pytest.raises(Rejected, match="reached"):
        attempts().answer(house.session, house.actor("agent"), attempt, 99, ["0"])


def test_nobody_answers_for_somebody_else(house):
    attempt = begun(house, exam(house))
    for username in ("wanghao", "hr", "admin"):
        with pytest.raises(Rejected):
            attempts().answer(house.session, house.actor(username), attempt, 1, ["0"])
        with pytest.raises(Rejected):
            attempts().finish(house.session, house.actor(username), attempt)


def test_an_answer_may_be_changed_and_taken_back(house):
    attempt = begun(house, exam(house))
    actor = house.actor("agent")
    for given, stored in ((["1"], [1]), (["0"], [0]), ([], None)):
        attempts().answer(house.session, actor, attempt, 1, given)
        assert attempts().item(house.session, attempt, 1).given == stored
    with pytest.raises(Invalid):
        attempts().answer(house.session, actor, attempt, 1, ["7"])


@pytest.mark.parametrize(("kind", "answers", "given", "stored"), [
    ("number", "3", ["3"], [3.0]), ("multiple", "*a\n*b\nc", ["1", "0"], [0, 1]),
    ("ordering", "a\nb", ["0", "1"], [0, 1]), ("text", "model", ["42"], "42"),
    ("true_false", "false", ["1"], [1]),
])
def test_answers_of_every_kind_are_read_back(house, kind, answers, given, stored):
    of = exam(house, number=0, is_published=False)
    question(house, "q", kind=kind, answers=answers)
    create(house.session, house.actor("hr"), ExamPart, {
        "exam_id": of.id, "topic_id": topic(house), "difficulty": "", "number_of": 1})
    act(house.session, house.actor("hr"), of, "publish")
    attempt = begun(house, of)
    attempts().answer(house.session, house.actor("agent"), attempt, 1, given)
    house.session.expire_all()
    assert attempts().item(house.session, attempt, 1).given == stored
    page = house.client("agent").get(f"/training/attempts/{attempt.id}/question/1")
    assert page.status_code == 200
    attempts().finish(house.session, house.actor("agent"), attempt)
    assert attempt.status == ("marking" if kind == "text" else "passed")
    review = house.client("agent").get(f"/training/attempts/{attempt.id}/review")
    assert review.status_code == 200


def test_a_failed_one_is_repeated_after_the_pause_and_so_often(house):
    of = exam(house, cooling_hours=24, most_attempts=2)
    with at():
        first = taken(house, of, right=False)
    assert first.status == "failed"
    with at(hours=23.9), pytest.raises(Rejected, match="next attempt"):
        begun(house, of)
    with at(hours=24):
        second = taken(house, of, right=False)
    assert second.id != first.id
    with at(days=9), pytest.raises(Rejected, match="all"):
        begun(house, of)


def test_a_passed_one_is_repeated_only_to_renew_the_certificate(house):
    of = exam(house, course(house, valid_months=12))
    with at():
        taken(house, of)
    with at(days=300), pytest.raises(Rejected, match="passed"):
        begun(house, of)
    with at(days=330):
        taken(house, of)
    made = house.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [one.ends_on for one in made] == [dt.date(2025, 3, 4), dt.date(2026, 1, 28)]


def test_the_draw_survives_changes_of_the_bank(house):
    attempt = begun(house, exam(house))
    item = attempts().item(house.session, attempt, 1)
    update(house.session, house.actor("hr"), item.question, {"answers": "right\n*wrong"})
    answered(house, attempt)
    attempts().finish(house.session, house.actor("agent"), attempt)
    assert attempt.percent == 100


# --- publishing ------------------------------------------------------------------------------
def test_an_exam_that_the_bank_cannot_fill_is_not_published(house):
    of = exam(house, is_published=False, number=2)
    create(house.session, house.actor("hr"), ExamPart, {
        "exam_id": of.id, "topic_id": topic(house), "difficulty": "", "number_of": 1})
    with pytest.raises(Rejected) as refused:
        act(house.session, house.actor("hr"), of, "publish")
    assert refused.value.message.params["available"] == 0


def test_an_exam_without_parts_is_not_published(house):
    with pytest.raises(Rejected):
        act(house.session, house.actor("hr"), exam(house, is_published=False, number=0), "publish")


def test_what_is_published_stays_as_it_is(house):
    of = exam(house)
    part = house.session.scalars(select(ExamPart)).one()
    for record, values in ((of, {"minutes": 99}), (part, {"number_of": 1})):
        with pytest.raises(Rejected):
            update(house.session, house.actor("hr"), record, values)
    with pytest.raises(Rejected):
        delete(house.session, house.actor("hr"), part)
    with pytest.raises(Invalid):
        create(house.session, house.actor("hr"), ExamPart, {
            "exam_id": of.id, "topic_id": topic(house), "difficulty": "hard", "number_of": 1})
    act(house.session, house.actor("hr"), of, "copy")
    copies = house.session.scalars(select(ExamPart).where(ExamPart.exam_id != of.id)).all()
    assert [one.number_of for one in copies] == [part.number_of]


# --- marking ---------------------------------------------------------------------------------
def test_two_markers_disagree_and_a_third_decides(house):
    attempt = taken(house, exam(house, number=3, texts=1))
    assert (attempt.status, attempt.percent) == ("marking", None)
    place = next(item.place for item in attempts().items(house.session, attempt)
                 if item.kind == "text")
    for username, points in (("supervisor", 0), ("leader", 2)):
        attempts().mark(house.session, house.actor(username), attempt, place, points)
        assert attempt.status == "marking"
    with pytest.raises(Rejected, match="else"):
        attempts().mark(house.session, house.actor("leader"), attempt, place, 1)
    with pytest.raises(Invalid):
        attempts().mark(house.session, house.actor("hr"), attempt, place, 3)
    attempts().mark(house.session, house.actor("hr"), attempt, place, 1)
    assert (attempt.status, attempt.points) == ("passed", 7)


def test_who_may_not_mark_or_has_written_it_does_not_mark(house):
    attempt = taken(house, exam(house, texts=1), "supervisor")
    place = next(item.place for item in attempts().items(house.session, attempt)
                 if item.kind == "text")
    with pytest.raises(NotPermitted):
        attempts().mark(house.session, house.actor("agent"), attempt, place, 1)
    with pytest.raises(Rejected):
        attempts().mark(house.session, house.actor("supervisor"), attempt, place, 2)
    with pytest.raises(Rejected):
        attempts().mark(house.session, house.actor("hr"), attempt, 99, 1)
