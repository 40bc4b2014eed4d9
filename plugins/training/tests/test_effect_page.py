"""The effect of a course on a screen: who counts, and figures of plugins by name."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.sdk.metrics import Period
from app.sdk.models import Staff
from app.sdk.people import local_zone
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, act, write
from plugins.training.effect.effect import Comparison, Group, Interval
from plugins.training.effect.services import Line, effect_of
from plugins.training.effect.views import outcome_of
from plugins.training.exams.models import Attempt
from plugins.training.sessions.models import Session
from plugins.training.tests.helpers import course, exam, session_of

DAYS_AGO = 100


@pytest.fixture
def held(house):
    """A course that six agents attended some time ago, with exams before and after."""
    of = course(house, proof="attendance")
    examination = exam(house, of)
    agents = [name for (name,) in house.session.execute(select(Staff.user_id).where(
        Staff.department_id == house.actor("agent").department_id).order_by(Staff.id))]
    learners, rest = agents[:6], agents[6:]
    lesson = session_of(house, of, capacity=20)
    operations = operations_of(Session)
    for user_id in learners:
        operations.enrol(house.session, house.actor("hr"), lesson, user_id)
    operations.tick_off(house.session, house.actor("hr"), lesson, set(learners))
    act(house.session, house.actor("hr"), lesson, "hold")
    day = lesson.starts_at - dt.timedelta(days=DAYS_AGO)
    with write(house.session):
        lesson.starts_at, lesson.ends_at = day, day + dt.timedelta(hours=1)
    return of, examination, learners, rest, day


def taken(house, examination, user_id, at, percent):
    with write(house.session):
        operations_of(Attempt)._insert(house.session, SYSTEM, {
            "exam_id": examination.id, "owner_id": user_id, "status": "passed",
            "started_at": at, "ends_at": at, "finished_at": at, "percent": percent,
            "most_points": 6.0}, "")


def test_scores_before_and_after(house, held):
    of, examination, learners, rest, day = held
    for place, user_id in enumerate(learners):
        taken(house, examination, user_id, day - dt.timedelta(days=20), 60.0 + place)
        taken(house, examination, user_id, day + dt.timedelta(days=20), 80.0 + place)
    # Outside of the days, and one who was never asked before.
    taken(house, examination, learners[0], day + dt.timedelta(days=95), 1.0)
    taken(house, examination, rest[0], day + dt.timedelta(days=5), 50.0)
    effect = effect_of(house.session, house.actor("hr"), of.id, 90)
    assert (effect.trained, effect.others) == (6, len(rest))
    line = effect.lines[0]
    assert (line.figures.trained.before, line.figures.trained.after) == (62.5, 82.5)
    assert line.figures.others.people == 0 and line.figures.difference is None
    page = house.client("hr").get(f"/training/effect/?course={of.id}&days=90")
    assert page.status_code == 200 and "人数过少" in page.text
    row = re.search(r"<tr><th scope=\"row\">.*?</tr>", page.text, re.DOTALL).group(0)
    assert ">6<" in row and "62.5" in row and "82.5" in row
    # The days after it are not over.
    later = effect_of(house.session, house.actor("hr"), of.id, 180)
    assert (later.trained, later.trainings, later.running) == (0, 0, 6)


def test_who_was_trained_twice_counts_once_with_both(house, held):
    of, examination, learners, _, day = held
    lesson = house.session.scalars(select(Session)).one()
    again = session_of(house, of, capacity=20)
    operations = operations_of(Session)
    operations.enrol(house.session, house.actor("hr"), again, learners[0])
    operations.tick_off(house.session, house.actor("hr"), again, {learners[0]})
    act(house.session, house.actor("hr"), again, "hold")
    earlier = lesson.starts_at - dt.timedelta(days=200)
    with write(house.session):
        again.starts_at, again.ends_at = earlier, earlier + dt.timedelta(hours=1)
    for user_id in learners:
        taken(house, examination, user_id, day - dt.timedelta(days=20), 60.0)
        taken(house, examination, user_id, day + dt.timedelta(days=20), 80.0)
    taken(house, examination, learners[0], earlier - dt.timedelta(days=20), 30.0)
    taken(house, examination, learners[0], earlier + dt.timedelta(days=20), 90.0)
    effect = effect_of(house.session, house.actor("hr"), of.id, 90)
    assert (effect.trained, effect.trainings) == (6, 7)
    scores = effect.lines[0].figures.trained
    assert scores.people == 6
    assert scores.before == pytest.approx((5 * 60 + (60 + 30) / 2) / 6)
    assert scores.after == pytest.approx((5 * 80 + (80 + 90) / 2) / 6)


def test_trainings_of_the_time_that_is_asked_for_count(house, held):
    of, _, _, _, day = held
    trained_on = day.astimezone(local_zone()).date()

    def trained(first: int, last: int) -> int:
        period = Period(first=trained_on + dt.timedelta(days=first),
                        last=trained_on + dt.timedelta(days=last))
        return effect_of(house.session, house.actor("hr"), of.id, 30, period).trained

    assert (trained(0, 0), trained(1, 300), trained(-365, -1), trained(-365, 0)) == (6, 0, 0, 6)
    with pytest.raises(ValueError, match="longer"):
        trained(-366, 0)
    client, path = house.client("hr"), f"/training/effect/?course={of.id}&days=30"
    asked = f"{path}&from={trained_on}&to={trained_on}"
    assert "<table" in client.get(asked).text
    for dates in ("from=2024-01-01&to=2025-06-01", "from=2025-01-02&to=2025-01-01"):
        page = client.get(f"{path}&{dates}")
        assert "最长一年" in page.text and "<table" not in page.text
    assert client.get(f"{path}&from=x").status_code == 404


def test_figures_of_other_plugins_by_name(house, held):
    of = held[0]
    titles = [one.title for one in effect_of(house.session, house.actor("hr"), of.id, 90).lines]
    seen = house.actor("hr").can("can_list", "complaints.Complaint")
    assert ("Handling time" in titles) == seen
    boss = [one.title for one in effect_of(house.session, house.actor("admin"), of.id, 90).lines]
    # An appraisal's figure is named by the settings too, and absent.
    assert boss[0] == "Score in the exam of the course" and "Handling time" in boss


def test_a_supervisor_counts_the_people_in_sight(house, held):
    of, _, learners, _, _ = held
    own = effect_of(house.session, house.actor("supervisor"), of.id, 90)
    assert own.trained == len(learners)
    stranger = effect_of(house.session, house.actor("agent"), of.id, 90)
    assert stranger.trained <= 1
    assert house.client("agent").get("/training/effect/").status_code == 403


@pytest.mark.parametrize("query", ["?days=7", "?course=999999", "?days=x&course=0"])
def test_what_is_not_offered_is_not_shown(house, query):
    assert house.client("hr").get(f"/training/effect/{query}").status_code == 404


def test_before_a_course_is_chosen_and_one_without_learners(house):
    client = house.client("hr")
    assert "<table" not in client.get("/training/effect/").text
    of = course(house)
    page = client.get(f"/training/effect/?course={of.id}")
    assert page.status_code == 200 and "<table" not in page.text


@pytest.mark.parametrize(("value", "better", "said"), [
    (3, "higher", "Better than without"), (3, "lower", "Worse than without"),
    (-3, "lower", "Better than without"), (3, "", "Clear difference"),
])
def test_what_a_clear_difference_says(value, better, said):
    group = Group(5, 1, 2, Interval(1, 0, 2))

    def line(low, high):
        return Line("x", "", better, Comparison(group, group, Interval(value, low, high)))

    assert outcome_of(line(value - 1, value + 1))[0] == said
    assert outcome_of(line(-9, 9))[0] == "No clear difference"
    assert outcome_of(Line("x", "", better, Comparison(group, group, None)))[0] == "Too few people"
