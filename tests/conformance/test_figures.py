"""Every figure of every plugin is the number of rows of the list behind it."""

from __future__ import annotations

import collections
import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.customers.verification_models import DocumentKind
from app.host.host import current_host
from app.metrics import rebuilding
from app.metrics.facts import BRANCH, branch_column
from app.metrics.sources import groups_of
from app.sdk.customers import note_contact
from app.sdk.demo import acting_at
from app.sdk.metrics import ALWAYS, Period, count, figures, figures_by, records_url
from app.sdk.services import act
from plugins.callbacks.tests import helpers as callbacks
from plugins.complaints.tests import helpers as complaints
from plugins.training.tests import helpers as training
from tests.services.choosing import further

PEOPLE = (further("admin"), further("supervisor"), "agent")


MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)
MONTH = Period(first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 31))
PERIODS = (ALWAYS, MONTH, Period(first=dt.date(2026, 9, 28), last=dt.date(2026, 10, 12)),
           Period(first=dt.date(2026, 9, 1), last=dt.date(2026, 9, 30)))


@pytest.fixture
def worked(house):
    """Complaints, callbacks, verified customers and exams of several people on every stage."""
    with acting_at(MONDAY):
        _complaints(house)
        _callbacks(house)
        _verifications(house)
        _exams(house)
    rebuilding.rebuild(house.session)
    return house


def _complaints(house) -> None:
    complaints.registered(house)
    complaints.proposed(house)
    withdrawn = complaints.assigned(house)
    complaints.step(house, withdrawn, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    rated = complaints.fed_back(house)
    complaints.step(house, rated, "mengdie", "rate", outcome="satisfied")
    # With seconds, so that minutes are rounded alike in every way of counting.
    complaints.put(house, rated, received_at=MONDAY - dt.timedelta(hours=26, seconds=1),
                   resolved_at=MONDAY + dt.timedelta(microseconds=7))
    complaints.step(house, complaints.fed_back(house), "mengdie", "dissatisfied",
                    dissatisfaction_reason="仍未退款")


def _callbacks(house) -> None:
    for number, (code, values) in enumerate((
            ("reached", callbacks.COMPLETE), ("no_answer", {}),
            ("reached", {**callbacks.COMPLETE, "satisfaction": "dissatisfied"}))):
        task = callbacks.planned(house, customer_id=callbacks.customer(
            house, phone=f"1390000000{number}").id)
        act(house.session, house.actor("agent"), task, "start")
        callbacks.contact(house, task, code, **values)


def _verifications(house) -> None:
    """Two items of a customer with whom the agent speaks, one that the supervisor sees on paper."""
    customer, kinds = callbacks.customer(house, phone="13700000001"), document_kinds(house)
    for username, item in (("agent", "name"), ("agent", "phone"), ("supervisor", "name")):
        act(house.session, house.actor(username), customer, "verify", {
            "items": [item], "document_kind_id": kinds["call"]})
    note_contact(house.session, house.actor("agent"), customer.id, "phone", "service", True)


def document_kinds(house) -> dict[str, int]:
    return dict(house.session.execute(select(DocumentKind.code, DocumentKind.id)).all())


def _exams(house) -> None:
    """Three attempts, of which two shares have a fraction, and one that goes on."""
    paper = training.exam(house)
    for username, right in (("agent", 1), ("mengdie", 2), ("supervisor", 3)):
        attempt = training.attempts().start(house.session, house.actor(username), paper)
        for place in range(1, 4):
            training.attempts().answer(house.session, house.actor(username), attempt, place,
                                       ["0" if place <= right else "1"], onwards=True)
        training.attempts().finish(house.session, house.actor(username), attempt)
    training.attempts().start(house.session, house.actor("wanghao"), paper)


def metrics():
    return [one for one in current_host().contributions("register_metrics") if one.endpoint]


def periods(metric):
    return PERIODS if metric.numerator.day else (ALWAYS,)


def rows(client, url: str) -> int:
    page = client.get(url)
    assert page.status_code == 200, url
    return len(set(re.findall(r'data-row="(\d+)"', page.text)))


@pytest.mark.parametrize("username", PEOPLE)
def test_a_figure_is_the_number_of_rows_of_its_list(worked, username):
    client, actor, some = worked.client(username), worked.actor(username), collections.Counter()
    with worked.app.test_request_context():
        for metric in metrics():
            if not actor.can(metric.permission, metric.view):
                continue
            for period in periods(metric):
                number = count(worked.session, actor, metric.records, period)
                assert rows(client, records_url(metric, period)) == number, (metric.name, period)
                some[metric.name.split(".")[0]] += number
    assert some["complaints"] and some["callbacks"] and some["customers"] and some["training"]


def test_figures_of_a_person_are_the_rows_that_count_for_this_person(worked):
    client, admin = worked.client("admin"), worked.actor("admin")
    month, some = MONTH, 0
    with worked.app.test_request_context():
        for metric in metrics():
            if not metric.records.day:
                continue
            each = figures_by(worked.session, admin, [metric], "person", month)
            for person, found in each.items():
                one = figures(worked.session, admin, [metric], month, person=person)
                if person is not None:
                    assert one == found, metric.name
                figure = found[metric.name]
                number = figure.denominator if metric.is_mean else figure.numerator
                shown = rows(client, records_url(metric, month, {"person": person}))
                assert shown == number, (metric.name, person)
                some += number
    assert some


def test_everybody_reads_their_own_figures_whole(worked):
    month, admin = MONTH, worked.actor("admin")
    for username in ("agent", "mengdie"):
        actor = worked.actor(username)
        assert figures(worked.session, actor, metrics(), person=actor.user_id) == figures(
            worked.session, admin, metrics(), person=actor.user_id)
        dated = [one for one in metrics() if one.numerator.day]
        assert figures(worked.session, actor, dated, month, person=actor.user_id) == figures(
            worked.session, admin, dated, month, person=actor.user_id)


@pytest.mark.both_databases
def test_every_way_to_read_a_figure_gives_the_same(worked, monkeypatch):
    """Held and counted, of all and by each dimension."""
    def read():
        return {
            (metric.name, dimension): figures_by(worked.session, actor, [metric], dimension)
            for metric in metrics()
            for dimension in ("person", *groups_of(metric.records.model), "branch",
                              *metric.records.dimensions,
                              *(("month",) if metric.records.day else ()))
            for actor in (worked.actor("supervisor"),)
            if all(dimension in (*one.dimensions, "person", *groups_of(one.model), "month",
                                 *([BRANCH] if branch_column(one.model) else ()))
                   for one in metric.measures)
        }

    held = read()
    monkeypatch.setattr("app.metrics.states.definitions", lambda _session: {})
    worked.session.rollback()
    assert read() == held
    minutes = held["complaints.handling_time", "month"][MONTH.first]["complaints.handling_time"]
    assert minutes.numerator == 26 * 60
    scores = held["training.exam_score", "month"][MONTH.first]["training.exam_score"]
    # In tenths of a percent; attempts of another department are out of sight.
    assert (scores.numerator, scores.denominator) == (333 + 1000, 2)
    assert scores.value == pytest.approx(66.65)
