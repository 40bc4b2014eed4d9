"""The job that opens and computes a month: in portions, cancelled, taken up again, without harm."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.jobs.context import JobCancelled
from app.jobs.models import Job
from app.jobs.runner import EXTENSION, run_job
from app.sdk.jobs import JobFailed
from app.sdk.records import create
from app.sdk.services import SYSTEM, act, write
from plugins.appraisals.choices import OPEN
from plugins.appraisals.cycles import computing, operations
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.operations import COMPUTE, OPEN_SHEETS, RELEASE
from plugins.appraisals.rules.periods import months_later
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import BEGIN, END, month, rated, sheet_of, sign

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Context:
    """What a job is given; it is cancelled at its report of a given number."""

    def __init__(self, house, cycle: Cycle, cancelled_at: int = 10**6) -> None:
        self.session, self.actor = house.session, SYSTEM
        self.args = {"cycle": cycle.id}
        self.reports: list[tuple[int, int | None]] = []
        self._cancelled_at = cancelled_at

    def progress(self, done: int, total: int | None = None) -> None:
        """Note how far the job is."""
        self.reports.append((done, total))
        if len(self.reports) == self._cancelled_at:
            raise JobCancelled

    def write(self):
        """Return a transaction."""
        return write(self.session)


@pytest.fixture
def cycle(house, monkeypatch) -> Cycle:
    """A month that nobody has opened, of which each portion is one person."""
    monkeypatch.setattr(computing, "portions", lambda rows, _seconds: ([one] for one in rows))
    month(house, months_later(BEGIN, -1))
    return create(house.session, house.actor("hr"), Cycle, {"starts_on": BEGIN})


def owners(house, cycle) -> list[int]:
    return list(house.session.scalars(select(Sheet.owner_id).where(Sheet.cycle_id == cycle.id)))


def state(house, cycle) -> list[tuple]:
    return [tuple(row) for row in house.session.execute(select(
        Sheet.owner_id, Sheet.facts, Sheet.answers, Sheet.version, Sheet.score).where(
            Sheet.cycle_id == cycle.id).order_by(Sheet.id))]


def test_a_month_is_opened_and_computed_with_progress(house, cycle):
    context = Context(house, cycle)
    assert computing.compute_month(context) == {"opened": 4, "computed": 4, "changed": 4}
    assert cycle.status == OPEN
    assert [done for done, _ in context.reports] == list(range(9))
    assert {total for _, total in context.reports} == {8}
    assert all(facts["callbacks"]["why"] for _, facts, *_ in state(house, cycle))


def test_wherever_it_is_cancelled_it_is_taken_up_again(house, cycle):
    for reports in range(1, 10):
        one = create(house.session, house.actor("hr"), Cycle,
                     {"starts_on": months_later(BEGIN, reports)})
        with pytest.raises(JobCancelled):
            computing.compute_month(Context(house, one, reports))
        assert len(owners(house, one)) == min(reports - 1, 4)
        computing.compute_month(Context(house, one))
        assert len(set(owners(house, one))) == len(owners(house, one)) == 4
        before = state(house, one)
        assert computing.compute_month(Context(house, one)) == {
            "opened": 0, "computed": 4, "changed": 0}
        assert state(house, one) == before


def test_frozen_figures_stay(house, cycle):
    sheet = sheet_of(house, _opened(house, cycle))
    rated(house, sheet)
    sign(house, sheet, "agent")
    before = (sheet.version, sheet.facts)
    assert computing.compute_month(Context(house, cycle))["computed"] == 3
    house.session.refresh(sheet)
    assert (sheet.version, sheet.facts) == before


def _opened(house, cycle) -> Cycle:
    act(house.session, house.actor("hr"), cycle, OPEN_SHEETS)
    return cycle


def test_a_worker_does_it_and_many_sheets_are_opened_by_it(house, cycle, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    done = act(house.session, house.actor("hr"), cycle, OPEN_SHEETS)
    assert owners(house, cycle) == []
    job = house.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
    assert done.message.params == {"number": 4, "job": job.id}
    key = job.id
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], "worker", key)
    house.session.rollback()
    assert (job.state, job.error, job.error_values) == ("done", None, {})
    assert job.result["opened"] == 4
    act(house.session, house.actor("hr"), cycle, COMPUTE)
    assert house.session.scalar(select(func.count()).select_from(Job).where(
        Job.kind == computing.COMPUTE)) == 2


def test_a_cycle_that_is_over_is_not_computed(house, cycle):
    _opened(house, cycle)
    for one in house.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all():
        act(house.session, house.actor("hr"), one, "mark_absent", {"reason": "停业"})
    assert computing.compute_month(Context(house, cycle))["computed"] == 0
    act(house.session, house.actor("hr"), cycle, RELEASE)
    with pytest.raises(JobFailed):
        computing.compute_month(Context(house, cycle))
    assert cycle.ends_on == END
