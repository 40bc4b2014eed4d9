"""The page of statistics: period, own work or register, the period before, lists behind figures."""

from __future__ import annotations

import datetime as dt
import html
import re
import zoneinfo

import pytest

from app.metrics import rebuilding
from app.sdk.metrics import named_period
from plugins.complaints import metrics
from plugins.complaints.charts import with_empty_months
from plugins.complaints.choices import SEVERITIES
from plugins.complaints.periods import PERIODS
from plugins.complaints.statistics import KEPT, counts
from plugins.complaints.summary import DIMENSIONS, rows_by, summary
from plugins.complaints.tests.helpers import assigned, proposed, put, registered, step

pytestmark = pytest.mark.both_databases
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.fixture
def months(house):
    """Complaints of this and of last month, one of them from a register."""
    registered(house)
    proposed(house)
    withdrawn = assigned(house, product="车贷")
    step(house, withdrawn, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    first = named_period("last_month").first
    earlier = dt.datetime.combine(first, dt.time(10), ZONE)
    for source in (None, metrics.REGISTER, "file"):
        put(house, registered(house), received_at=earlier, source=source)
    rebuilding.rebuild(house.session)
    return house


@pytest.mark.parametrize("source", ["", "own", metrics.REGISTER])
@pytest.mark.parametrize("period", ["", "this_month", "last_month"])
def test_held_figures_of_every_axis_equal_those_that_are_counted(months, source, period):
    chosen = {name: value for name, value in (("source", source), ("period", period)) if value}
    actor = months.actor("supervisor")
    held = {axis: dict(counts(months.session, actor, axis, chosen)) for axis in KEPT}
    counted = {axis: _counted(months, actor, axis, chosen) for axis in KEPT}
    assert held == counted


def _counted(house, actor, axis: str, chosen: dict[str, str]) -> dict[str, int]:
    """Count from the records: with a filter by an axis, for each of its values."""
    found: dict[str, int] = {}
    for severity in [name for name, _ in SEVERITIES]:
        for value, number in counts(house.session, actor, axis, {**chosen, "severity": severity}):
            found[value] = found.get(value, 0) + number
    return found


def test_every_figure_of_a_period_is_the_number_of_rows_of_its_list(months):
    client, actor = months.client("supervisor"), months.actor("supervisor")
    with months.app.test_request_context():
        cells = {cell for name in ("", *PERIODS)
                 for _, lines in summary(months.session, actor, {"period": name} if name else {})
                 for line in lines if not line.metric.denominator
                 for cell in (line.now, line.before) if cell}
    assert any(cell.number for cell in cells)
    for cell in cells:
        assert rows_of(client, cell.url) == cell.number, cell


def rows_of(client, url: str) -> int:
    return len(set(re.findall(r'data-row="(\d+)"', client.get(url).text)))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_figures_side_by_side_add_up_and_open_their_lists(months, dimension):
    client, actor = months.client("supervisor"), months.actor("supervisor")
    with months.app.test_request_context():
        [first, *_] = summary(months.session, actor, {"period": "last_month"})[0][1]
        rows = rows_by(months.session, actor, dimension, {"period": "last_month"})
    assert sum(row.cells[0].number for row in rows) == first.now.number == 3
    for row in rows:
        assert rows_of(client, row.cells[0].url) == row.cells[0].number, row


def test_a_period_is_compared_with_the_one_before(months):
    page = html.unescape(months.client("supervisor").get(
        "/complaints/statistics/?period=this_month", headers={"Accept-Language": "en"}).text)
    assert "Period before" in page
    assert re.search(r"Closed of those received", page)
    page = months.client("supervisor").get(
        "/complaints/statistics/", headers={"Accept-Language": "en"}).text
    assert "Period before" not in page


def test_a_register_stands_apart_from_own_work(months):
    actor, found = months.actor("supervisor"), {}
    with months.app.test_request_context():
        for source in ("", "own", metrics.REGISTER):
            groups = summary(months.session, actor, {"period": "last_month", "source": source})
            found[source] = groups[0][1][0].now.number
    assert found[""] == found["own"] + found[metrics.REGISTER]
    assert found[metrics.REGISTER] == 1 and found["own"] == 2


def test_months_without_complaints_stand_on_the_axis():
    assert with_empty_months([("2025-11", 2), ("2026-02", 1)]) == [
        ("2025-11", 2), ("2025-12", 0), ("2026-01", 0), ("2026-02", 1)]
    assert with_empty_months([]) == []
