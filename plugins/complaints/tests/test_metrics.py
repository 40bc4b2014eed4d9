"""The figures of complaints equal their records, whatever was written and whoever asks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.jobs.stopping import stopping_when
from app.metrics import folding, rebuilding
from app.metrics.counting import held_measures, measures
from app.metrics.facts import branch_column
from app.metrics.models import MetricChange, MetricState, MetricSum
from app.records.importing import running
from app.records.services import delete, restore, update
from app.sdk.metrics import Period, count, count_by, recounting, value
from app.sdk.models import Branch
from app.sdk.services import utcnow, write
from plugins.complaints import metrics
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, proposed, registered, step
from plugins.complaints.tests.staged import Desk, table_of


@pytest.fixture
def counted(house):
    """A house whose figures have been counted before anything happens."""
    rebuilding.rebuild(house.session)
    return house


def held(session) -> dict[Any, int]:
    """Return every figure that is held, sums and changes together."""
    found: dict[Any, int] = {}
    for level, cells in rebuilding.held(session, [one.name for one in held_measures()]).items():
        found |= {(level, key): number for key, number in cells.items() if number}
    return found


@pytest.mark.both_databases
def test_a_new_complaint_counts_at_once(counted):
    session, admin = counted.session, counted.actor("admin")
    before = count(session, admin, metrics.RECEIVED)
    registered(counted)
    assert count(session, admin, metrics.RECEIVED) == before + 1
    assert rebuilding.check(session) == []


def test_what_was_rolled_back_does_not_count(counted):
    session, admin = counted.session, counted.actor("admin")
    before = count(session, admin, metrics.RECEIVED)
    with pytest.raises(RuntimeError), write(session):
        registered(counted)
        raise RuntimeError
    assert count(session, admin, metrics.RECEIVED) == before


def _act(house, random_: random.Random, made: list[Complaint]) -> None:
    """Do something that changes figures, chosen at random."""
    chosen = random_.choice(("register", "assign", "propose", "change", "delete", "restore",
                             "withdraw", "receipt", "branch", "fold"))
    session, admin = house.session, house.actor("admin")
    one = random_.choice(made) if made else None
    if chosen == "fold":
        folding.fold(session)
    elif chosen in ("register", "assign", "propose") or one is None:
        make = {"assign": assigned, "propose": proposed}.get(chosen, registered)
        made.append(make(house, product=random_.choice(("车贷", "保险", ""))))
    elif chosen == "delete" and one.deleted_at is None:
        delete(session, admin, one)
    elif chosen == "restore":
        restore(session, admin, one)
    elif one.deleted_at is not None or not one.is_open:
        return
    elif chosen == "withdraw" and one.state == "assigned":
        step(house, one, "mengdie", "withdraw", withdrawal_reason="已解决")
    elif chosen == "change":
        update(session, admin, one, {"product": random_.choice(("车贷", "保险")),
                                     "owner_id": house.actor("liuyang").user_id})
    elif chosen == "receipt":
        days = random_.randint(1, 40)
        update(session, admin, one, {"received_at": utcnow() - dt.timedelta(days=days)})
    elif chosen == "branch":
        branches = list(session.scalars(select(Branch.id).order_by(Branch.id)))
        update(session, admin, one, {"branch_id": random_.choice((*branches, None))})


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", [
    0, *(pytest.param(seed, marks=pytest.mark.further) for seed in range(1, 6))])
def test_figures_equal_a_recount_after_any_mix_of_writes(counted, seed):
    random_: random.Random = random.Random(seed)
    made: list[Complaint] = []
    for _ in range(25):
        _act(counted, random_, made)
    assert rebuilding.check(counted.session) == []
    before = held(counted.session)
    assert before
    folding.fold(counted.session)
    assert held(counted.session) == before
    rebuilding.rebuild(counted.session)
    assert held(counted.session) == before


def test_a_statement_that_counts_nothing_is_found(counted):
    one = registered(counted)
    table = Complaint.__table__
    with write(counted.session):
        counted.session.execute(
            table.update().where(table.c.id == one.id).values(product="改装"))
    assert {(d.key.dimension, d.key.value) for d in rebuilding.check(counted.session)} == {
        ("product", ""), ("product", "改装")}
    result = counted.app.test_cli_runner().invoke(args=["metrics", "check"])
    assert result.exit_code == 1 and "rebuild" in result.output
    assert counted.app.test_cli_runner().invoke(args=["metrics", "rebuild"]).exit_code == 0
    assert counted.app.test_cli_runner().invoke(args=["metrics", "check"]).exit_code == 0


@pytest.mark.both_databases
def test_statements_in_bulk_count(counted):
    ids = [registered(counted).id for _ in range(3)]
    table = Complaint.__table__
    with write(counted.session), recounting(counted.session, Complaint, ids):
        counted.session.execute(
            table.update().where(table.c.id.in_(ids)).values(is_open=False, state="archived"))
    assert rebuilding.check(counted.session) == []


@pytest.mark.both_databases
def test_adding_up_keeps_changes_that_come_later_apart(counted):
    session = counted.session
    registered(counted)
    assert session.scalars(select(MetricChange.id)).first() is not None
    folding.fold(session)
    assert session.scalars(select(MetricChange.id)).first() is None
    assert session.scalars(select(MetricSum.measure).where(MetricSum.amount == 0)).first() is None


def test_a_worker_that_is_about_to_end_adds_one_portion_alone(counted, monkeypatch):
    session = counted.session
    registered(counted)
    monkeypatch.setattr(folding, "PORTION", 8)
    waiting = len(session.scalars(select(MetricChange.id)).all())
    before = held(session)
    with stopping_when(lambda: True):
        assert folding.fold(session) == 2 < waiting
    assert held(session) == before
    assert folding.fold(session) == waiting - 2


@pytest.mark.both_databases
@pytest.mark.parametrize("username", ["supervisor", "agent", *(
    pytest.param(name, marks=pytest.mark.further) for name in ("admin", "mengdie", "liuyang"))])
def test_figures_equal_what_somebody_sees(counted, username):
    """Before anything was counted the records themselves are counted: the same figures."""
    registered(counted)
    registered(counted, "liuyang", product="车贷")
    proposed(counted)
    withdrawn = assigned(counted)
    step(counted, withdrawn, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    session, actor = counted.session, counted.actor(username)
    today = dt.datetime.now(dt.UTC).date()
    period = Period(first=today - dt.timedelta(days=3), last=today + dt.timedelta(days=1))
    fast = _figures(session, actor, period)
    with write(session):
        session.execute(MetricState.__table__.delete())
    assert _figures(session, actor, period) == fast
    assert any(fast.values())


def _figures(session, actor, period: Period) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for measure in (one for one in measures() if one.model is Complaint):
        found[measure.name] = count(session, actor, measure)
        if measure.day:
            found[measure.name, "period"] = count(session, actor, measure, period)
            found[measure.name, "own"] = count(session, actor, measure, period, origin="")
        for dimension in ("person", "team", "department",
                          *(("branch",) if branch_column(measure.model) else ()),
                          *measure.dimensions,
                          *(("month", "day") if measure.day else ())):
            found[measure.name, dimension] = count_by(session, actor, measure, dimension)
    return found


def test_records_of_the_version_before_are_counted_once(house):
    """As at the deployment: what has never been counted is, and is not counted again."""
    registered(house)
    with write(house.session):
        for table in (MetricChange, MetricSum):
            house.session.execute(table.__table__.delete())
    assert set(rebuilding.rebuild(house.session, only_new=True)) == {
        measure.name for measure in held_measures()}
    assert count(house.session, house.actor("admin"), metrics.RECEIVED) == 1
    assert rebuilding.rebuild(house.session, only_new=True) == []
    assert rebuilding.check(house.session) == []


def test_an_import_counts_when_it_is_revealed(counted, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 4)
    session, admin, looks = counted.session, counted.actor("admin"), []

    def look(_done: int, _total: int) -> None:
        looks.append(count(session, admin, metrics.RECEIVED))
        session.rollback()

    Desk(counted, tmp_path).read(table_of(9), progress=look)
    # It is revealed in portions at the end: until then nothing counts.
    assert looks[0] == 0 and count(session, admin, metrics.RECEIVED) == 9
    assert rebuilding.check(session) == []


def test_a_share_of_nothing_is_no_figure(counted):
    rate = next(one for one in metrics.METRICS if one.name == "complaints.dissatisfied_rate")
    assert value(counted.session, counted.actor("admin"), rate,
                 Period(first=dt.date(1999, 1, 1), last=dt.date(1999, 1, 31))) is None


@pytest.mark.both_databases
@pytest.mark.parametrize(("zone", "month"), [("Asia/Shanghai", 11), ("Europe/London", 10)])
def test_months_are_those_of_the_organisation(counted, zone, month):
    """As the list, the page and the paper have them, whatever zone is set."""
    settings = counted.app.config["CARELINE_SETTINGS"]
    counted.app.config["CARELINE_SETTINGS"] = dataclasses.replace(settings, timezone=zone)
    registered(counted, received_at=dt.datetime(2025, 10, 31, 18, tzinfo=dt.UTC))
    day = dt.date(2025, month, 1 if month == 11 else 31)
    admin = counted.actor("admin")
    found = count_by(counted.session, admin, metrics.RECEIVED, "month",
                     Period(first=dt.date(2025, 10, 1), last=dt.date(2025, 11, 30)))
    assert found == {dt.date(2025, month, 1): 1}
    assert count(counted.session, admin, metrics.RECEIVED, Period(first=day, last=day)) == 1


def test_the_list_behind_every_figure_holds_as_many(counted):
    registered(counted)
    proposed(counted)
    withdrawn = assigned(counted)
    step(counted, withdrawn, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    client = counted.client("supervisor")
    actor = counted.actor("supervisor")
    for metric in metrics.METRICS:
        page = client.get("/complaints/list/", query_string=metric.numerator.where).text
        rows = set(re.findall(r'data-row="(\d+)"', page))
        # A sum of minutes is that of the records which its denominator counts.
        counts = metric.denominator if metric.numerator.amount else metric.numerator
        assert len(rows) == count(counted.session, actor, counts), metric.name


def test_a_period_of_the_present_is_refused(counted):
    with pytest.raises(ValueError, match="present"):
        count(counted.session, counted.actor("admin"), metrics.OPEN,
              Period(first=dt.date(2026, 1, 1)))
    with pytest.raises(LookupError):
        count_by(counted.session, counted.actor("admin"), metrics.OPEN, "colour")
