"""The page of statistics: period, own work or register, the period before, lists behind figures."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
import zoneinfo

import pytest
from sqlalchemy import select

from app.metrics import rebuilding
from app.sdk.metrics import ALWAYS, Period, named_period
from app.sdk.models import Branch
from app.sdk.people import branch_of, local_today
from app.sdk.services import write
from plugins.complaints import metrics
from plugins.complaints.charts import CHARTS
from plugins.complaints.choices import SEVERITIES
from plugins.complaints.drawing import chart_of, months_of
from plugins.complaints.models import Complaint, RegulatorReport
from plugins.complaints.periods import ALL, PERIODS, chosen_period
from plugins.complaints.statistics import KEPT, counts
from plugins.complaints.summary import DIMENSIONS, rows_by, summary
from plugins.complaints.tests.helpers import assigned, proposed, put, registered, step

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


@pytest.mark.both_databases
def test_held_figures_of_every_axis_equal_those_that_are_counted(months):
    actor = months.actor("supervisor")
    for source, period in itertools.product(
            ("", "own", metrics.REGISTER), ("", "this_month", "last_month")):
        chosen = {name: value for name, value in (("source", source), ("period", period)) if value}
        held = {axis: dict(counts(months.session, actor, axis, chosen)) for axis in KEPT}
        counted = {axis: _counted(months, actor, axis, chosen) for axis in KEPT}
        assert held == counted, chosen


def _counted(house, actor, axis: str, chosen: dict[str, str]) -> dict[str, int]:
    """Count from the records: with a filter by an axis, for each of its values."""
    found: dict[str, int] = {}
    for severity in [name for name, _ in SEVERITIES]:
        for value, number in counts(house.session, actor, axis, {**chosen, "severity": severity}):
            found[value] = found.get(value, 0) + number
    return found


@pytest.mark.both_databases
def test_every_figure_of_a_period_is_the_number_of_rows_of_its_list(months):
    client, actor = months.client("supervisor"), months.actor("supervisor")
    with months.app.test_request_context():
        cells = {cell for name in ("", *PERIODS)
                 for _, lines in summary(months.session, actor, {"period": name} if name else {})
                 for line in lines if not line.metric.is_share
                 for cell in (line.now, line.before) if cell}
    assert any(cell.number for cell in cells)
    for cell in cells:
        assert rows_of(client, cell.url) == cell.number, cell


def rows_of(client, url: str) -> int:
    return len(set(re.findall(r'data-row="(\d+)"', client.get(url).text)))


@pytest.mark.both_databases
def test_figures_side_by_side_add_up_and_open_their_lists(months):
    client, actor = months.client("supervisor"), months.actor("supervisor")
    for dimension in DIMENSIONS:
        with months.app.test_request_context():
            [first, *_] = summary(months.session, actor, {"period": "last_month"})[0][1]
            rows = rows_by(months.session, actor, dimension, {"period": "last_month"})
        assert sum(row.cells[0].number for row in rows) == first.now.number == 3, dimension
        for row in rows:
            assert rows_of(client, row.cells[0].url) == row.cells[0].number, (dimension, row)


def test_a_period_is_compared_with_the_one_before(months):
    page = html.unescape(months.client("supervisor").get(
        "/complaints/statistics/?period=this_month", headers={"Accept-Language": "en"}).text)
    assert "Period before" in page
    assert re.search(r"Closed of those received", page)
    page = months.client("supervisor").get(
        "/complaints/statistics/?period=all", headers={"Accept-Language": "en"}).text
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
    found = {dt.date(2025, 11, 1): 2, dt.date(2026, 2, 1): 1}
    assert [one.first for one in months_of(Period(), found)] == [
        dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    assert months_of(Period(), {}) == []
    [one] = months_of(Period(first=dt.date(2025, 3, 5), last=dt.date(2025, 3, 9)), {})
    assert (one.first, one.last) == (dt.date(2025, 3, 5), dt.date(2025, 3, 9))


def test_own_dates_are_in_the_right_order_and_none_is_today():
    turned = chosen_period({"period": "dates", "from": "2026-03-09", "to": "2026-03-05"})
    assert turned == Period(first=dt.date(2026, 3, 5), last=dt.date(2026, 3, 9))
    today = local_today()
    for wrong in ("", "soon", "0001-01-01"):
        one = chosen_period({"period": "dates", "from": wrong, "to": wrong})
        assert one == Period(first=today, last=today)
    assert chosen_period({"period": ALL}) == chosen_period({}) == ALWAYS


CHOICES = [{"period": "last_month"}, {"period": "last_month", "source": "own"},
           {"period": "this_month", "source": metrics.REGISTER}, {"period": ALL},
           {"period": "this_year", "branch_id": "of the agent"}]


@pytest.mark.both_databases
def test_every_value_of_a_chart_opens_as_many_records(months):
    branch = branch_of(months.session, months.actor("agent").user_id)
    assert branch is not None
    client = months.client("supervisor")
    for choice in CHOICES:
        chosen = {**choice, "branch_id": str(branch)} if "branch_id" in choice else choice
        assert _opened(months, client, chosen) or chosen.get("source") == metrics.REGISTER, chosen


def _opened(house, client, chosen: dict[str, str]) -> int:
    """Open every value of every chart, and return how many records they count together."""
    actor, opened = house.actor("supervisor"), 0
    with house.app.test_request_context():
        charts = [chart_of(house.session, actor, axis, kind, chosen) for axis, kind in CHARTS]
    for chart in charts:
        numbers = chart.series[0].values
        for url, number in zip(chart.urls, numbers, strict=True):
            # A day without complaints is looked at now and then.
            if number:
                assert rows_of(client, url) == number, (chosen, chart.name, url)
                opened += number
    return opened


@pytest.mark.both_databases
def test_a_period_is_drawn_day_by_day_beside_the_one_before(months):
    actor = months.actor("supervisor")
    with months.app.test_request_context():
        chart = chart_of(months.session, actor, "month", "line", {"period": "last_month"})
        year = chart_of(months.session, actor, "month", "line", {"period": "this_year"})
    first = named_period("last_month").first
    assert chart.times[0] == first and len(chart.times) == len(chart.urls) >= 28
    assert sum(chart.series[0].values) == 3 and len(chart.series) == 2
    assert not any(chart.series[1].values)
    assert [one.day for one in year.times] == [1] * local_today().month


def test_a_branch_is_a_filter_of_the_whole_page(months):
    actor = months.actor("supervisor")
    branch = months.session.scalar(select(Complaint.branch_id).limit(1))
    assert branch is not None
    with months.app.test_request_context():
        found = {key: summary(months.session, actor, {"period": ALL, "branch_id": str(key)})[0][1]
                 for key in months.session.scalars(select(Branch.id))}
    whole = dict(counts(months.session, actor, "branch"))
    assert sum(lines[0].now.number for lines in found.values()) == sum(whole.values())
    client = months.client("supervisor")
    for line in found[branch]:
        number = line.now.number
        if number is not None and not line.metric.denominator:
            assert rows_of(client, line.now.url) == number, line.metric.name


def test_the_address_holds_what_was_chosen(months):
    page = months.client("supervisor").get(
        "/complaints/statistics/?period=dates&from=2026-01-05&to=2026-01-09&source=own").text
    assert re.search(r'<option value="dates" selected', page)
    assert 'value="2026-01-05"' in page and 'value="2026-01-09"' in page
    # Charts, the other ways to cut the figures and the table keep it.
    for part in ("figures/product", "by=team", "complaints/table"):
        assert re.search(rf'[^"]*{part}[^"]*from=2026-01-05|from=2026-01-05[^"]*{part}', page), part


def test_charts_of_the_register_are_drawn_where_it_was_read_in(months):
    client, session = months.client("supervisor"), months.session
    assert 'id="chart-month"' in client.get("/complaints/statistics/").text
    assert 'id="chart-issue"' not in client.get("/complaints/statistics/").text
    with write(session):
        session.add(RegulatorReport(
            complaint_id=session.scalar(select(Complaint.id).limit(1)), timely="Yes"))
    assert 'id="chart-issue"' in client.get("/complaints/statistics/").text
    assert 'id="chart-timely"' not in client.get("/complaints/statistics/?source=own").text


def test_every_figure_of_a_day_stands_on_the_page_once(house):
    with house.app.test_request_context():
        groups = summary(house.session, house.actor("admin"), {})
    shown = [line.metric.name for _, lines in groups for line in lines]
    assert sorted(shown) == sorted(one.name for one in metrics.METRICS if one.numerator.day)
