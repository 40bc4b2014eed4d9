"""Tutoring by quality findings and by complaints of a cause: counted, booked once, each alone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.sdk.demo import acting_at
from app.sdk.services import act, create, utcnow
from plugins.training.history.models import Tutoring
from plugins.training.tutoring.booking import book_after_event
from plugins.training.tutoring.models import Finding, TutoringRule

CAUSE, FINDING = "complaints.employee_responsible", "callbacks.wrong_answer"
DAY = dt.timedelta(days=1)


@pytest.fixture
def rule(house):
    """Make a rule; three complaints about the attitude within thirty days by default."""
    def make(**values):
        return create(house.session, house.actor("hr"), TutoringRule, {
            "name": "态度辅导", "occasion": "complaint_cause", "cause": "attitude", "times": 3,
            "within_days": 30, "goal": "不再有态度投诉", **values})

    return make


def told(house, number, event=CAUSE, ago=0, **data):
    """Hear an event about a record of an absent plugin; return how many tutorings it booked."""
    with acting_at(utcnow() - ago * DAY):
        return len(book_after_event(house.session, {
            "event": event, "record_type": "absent.record", "record_id": number,
            "data": {"user_id": house.actor("agent").user_id, "cause": "attitude", **data}}))


def test_the_third_complaint_of_a_cause_books_tutoring(house, rule):
    made = rule()
    assert [told(house, 1), told(house, 2, cause="price"), told(house, 3)] == [0, 0, 0]
    # The same record again is no further complaint.
    assert told(house, 3) == 0
    assert told(house, 4) == 1
    [one] = house.session.scalars(select(Tutoring).where(Tutoring.rule_id == made.id))
    assert (one.owner_id, one.reason, one.goal) == (
        house.actor("agent").user_id, "complaint", "不再有态度投诉")
    assert house.session.scalar(select(func.count()).select_from(Finding)) == 4


def test_nothing_is_booked_twice_and_what_lies_before_the_last_tutoring_is_settled(house, rule):
    rule(times=2)
    assert [told(house, 1, ago=3), told(house, 2, ago=2), told(house, 3, ago=1)] == [0, 1, 0]
    [first] = house.session.scalars(select(Tutoring).where(Tutoring.reason == "complaint"))
    act(house.session, house.actor("hr"), first, "close", {"status": "reached", "outcome": "好"})
    # The third came after the booking and counts; with a fourth there are two.
    assert told(house, 4) == 1


def test_what_is_long_past_does_not_count(house, rule):
    rule(times=2, within_days=10)
    assert [told(house, 1, ago=11), told(house, 2)] == [0, 0]


def test_findings_and_complaints_are_counted_apart(house, rule):
    rule(times=2)
    rule(name="差错辅导", occasion="quality_finding", cause="", times=1, goal="答复准确")
    assert [told(house, 1), told(house, 1, FINDING, found_by="inspector")] == [0, 1]
    assert house.session.scalar(select(Tutoring.reason).where(
        Tutoring.goal == "答复准确")) == "quality"


def test_an_account_that_is_closed_and_a_foreign_event_are_passed_over(house, rule):
    rule(times=1)
    assert told(house, 1, user_id=0) == 0 and told(house, 2, "other.event") == 0
    assert house.session.scalars(select(Finding)).all() == []
