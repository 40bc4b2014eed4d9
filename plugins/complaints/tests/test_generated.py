"""Generated complaints: list, home, chips and sweep tell the same of their deadlines."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.admin.demo.customers import load as load_customers
from app.deadlines.clock_status import ClockStatus
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.services import chips
from app.deadlines.sweeping import sweep
from app.sdk.demo import DemoContext
from app.sdk.services import utcnow
from plugins.complaints import demo
from plugins.complaints.cards import figures
from plugins.complaints.models import Complaint

COUNT = 3000


@pytest.fixture
def open_ones(house) -> list[Complaint]:
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "",
                          complaints=COUNT, echo=lambda line: None)
    load_customers(context)
    demo.load(context)
    return house.session.scalars(
        select(Complaint).where(Complaint.is_open).order_by(Complaint.id)
    ).all()


def test_open_ones_have_the_clocks_of_their_policy(house, open_ones):
    kind = Complaint.__record_type__
    found = chips(house.session, kind, [one.id for one in open_ones], utcnow())
    for one in open_ones:
        mine = found[one.id]
        assert {"first_response", "resolution"} <= {chip.key for chip in mine}
        running = [chip.due_at for chip in mine if chip.status is not ClockStatus.STOPPED]
        assert one.due_at == min(running, default=None), one.state
        stands = [chip for chip in mine if chip.status is ClockStatus.PAUSED]
        assert bool(stands) == (one.state == "waiting")
    responses = {one.state: chip.status for one in open_ones for chip in found[one.id]
                 if chip.key == "first_response"}
    assert responses["assigned"] is ClockStatus.STOPPED is not responses["recorded"]
    assert house.session.scalar(select(func.count()).select_from(ClockRow).where(
        ClockRow.kept.is_(False))) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_few_are_overdue_and_every_screen_agrees(house, open_ones):
    now = utcnow()
    overdue = {one.id for one in open_ones if one.due_at and one.due_at < now}
    assert 0.01 < len(overdue) / len(open_ones) < 0.1
    found = chips(house.session, Complaint.__record_type__, [one.id for one in open_ones], now)
    assert overdue == {key for key, mine in found.items()
                       if any(chip.status is ClockStatus.BREACHED for chip in mine)}
    leader = house.actor("admin")
    with house.app.test_request_context():
        shown = {item["label"]: item["value"] for item in figures(house.session, leader)["figures"]}
    assert (shown["Open"], shown["Overdue"]) == (len(open_ones), len(overdue))


def test_the_sweep_finds_nothing_left_to_write(house, open_ones):
    written = select(func.count()).select_from(ClockEventRow)
    before = house.session.scalar(written)
    breached = house.session.scalar(written.where(ClockEventRow.kind == "breach"))
    assert breached > 0
    moment = house.session.scalar(select(func.min(ClockRow.next_event_at)))
    house.session.rollback()
    assert sweep(house.session, moment - dt.timedelta(seconds=1)) == 0
    assert house.session.scalar(written) == before
    house.session.rollback()
    assert sweep(house.session, utcnow() + dt.timedelta(days=30)) > 0


def test_times_lie_in_the_past(house, open_ones):
    now = utcnow()
    assert max(one.received_at for one in open_ones) < now
    assert house.session.scalar(select(func.max(Complaint.closed_at))) < now
