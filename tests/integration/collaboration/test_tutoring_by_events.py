"""Appraisals book tutoring and offer courses, by an event of a plugin that may be absent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.notices.models import Notice
from app.sdk.events import emit
from app.sdk.records import delete, links_of
from app.sdk.services import act, create, update, utcnow, write
from plugins.training.choices import APPRAISAL_EXCELLENT
from plugins.training.history.models import Tutoring
from plugins.training.tests.helpers import course
from plugins.training.tutoring.models import TutoringRule

RELEASED = "appraisals.released"


@pytest.fixture
def release(house):
    """Send the event of an appraisal, as the release of a cycle does, and deliver it."""

    def send(sheet, username="agent", *, grade="encouraged", kind="month", times=1):
        data = {"user_id": house.actor(username).user_id, "kind": kind, "score": "71.00",
                "grade": grade, "failed": grade == "encouraged"}
        for _ in range(times):
            with write(house.session):
                emit(house.session, RELEASED, sheet, data)
        # The second round delivers what the first one has caused.
        for _ in range(2):
            deliver_due(house.session, utcnow(), house.app.extensions[RUNTIME].handlers)
        house.session.expire_all()
        return list(house.session.scalars(select(Tutoring).order_by(Tutoring.id)))

    return send


def test_a_failed_appraisal_books_tutoring_with_the_leader(house, release):
    sheet = course(house)
    [made] = release(sheet)
    agent = house.actor("agent")
    assert (made.owner_id, made.reason, made.status) == (agent.user_id, "appraisal", "open")
    assert (made.until_on - made.starts_on).days == 30 and made.team_id == agent.team_id
    assert made.tutor_id is not None and made.tutor_id != agent.user_id
    [origin] = links_of(house.session, house.actor("hr"), made)
    assert (origin.kind, origin.summary.number) == ("core.origin", sheet.number)
    assert house.session.scalars(select(Notice).where(
        Notice.user_id == agent.user_id, Notice.record_type == "training.tutoring")).all()


def test_nothing_is_booked_twice(house, release):
    first, second = course(house), course(house, "SECOND")
    assert len(release(first, times=2)) == 1
    # The first one is still under way.
    [made] = release(second)
    act(house.session, house.actor("hr"), made, "close", {"status": "reached", "outcome": "好转"})
    assert len(release(first)) == 1
    assert len(release(second)) == 2


def test_what_somebody_deleted_does_not_come_back(house, release):
    sheet = course(house)
    [made] = release(sheet)
    delete(house.session, house.actor("hr"), made)
    assert len(release(sheet)) == 1


def test_an_excellent_one_is_offered_a_course(house, release):
    of = course(house, "ADV")
    create(house.session, house.actor("hr"), TutoringRule, {
        "name": "进阶", "occasion": APPRAISAL_EXCELLENT, "course_id": of.id, "cycle": "year",
        "goal": "完成进阶课程", "days": 60})
    assert release(of, grade="excellent", kind="month") == []
    [made] = release(of, grade="excellent", kind="year")
    assert (made.reason, made.course_id) == ("promising", of.id)
    assert len(release(course(house, "X"), grade="qualified", kind="year")) == 1


def test_a_rule_that_is_out_of_use_books_nothing(house, release):
    rule = house.session.scalars(select(TutoringRule)).one()
    update(house.session, house.actor("hr"), rule, {"active": False})
    assert release(course(house)) == []
