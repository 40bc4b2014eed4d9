"""The complaint summary table: every figure is the number of rows of its list, on every way out."""

from __future__ import annotations

import datetime as dt
import io
import re
import zoneinfo

import pytest
import python_calamine
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.metrics import ALWAYS, Period, named_period
from app.sdk.models import Branch
from plugins.complaints.metrics import REGISTER
from plugins.complaints.models import Category, Cause
from plugins.complaints.table.counting import LEVELS, Asked, table_of
from plugins.complaints.table.sending import month_before, send_table
from plugins.complaints.tests.helpers import department, fed_back, proposed, put, registered, step

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.fixture
def handled(house):
    """Complaints of last month and of the month before it, resolved, rated and of a register."""
    month = named_period("last_month")
    at = dt.datetime.combine(month.first, dt.time(10), ZONE)
    session = house.session
    categories = list(session.scalars(select(Category.id).order_by(Category.id).limit(2)))
    cause = session.scalar(select(Cause.id).limit(1))
    for satisfied in (True, False):
        one = fed_back(house, category_id=categories[0], product="车贷")
        step(house, one, "agent", *(("rate",) if satisfied else ("dissatisfied",)),
             **({"outcome": "satisfied"} if satisfied else {"dissatisfaction_reason": "太慢"}))
        put(house, one, received_at=at, cause_id=cause, satisfaction=one.satisfaction or
            "dissatisfied", resolved_at=at + dt.timedelta(hours=26))
    put(house, proposed(house, category_id=categories[1]), received_at=at)
    put(house, registered(house), received_at=at, source=REGISTER, product="Mortgage", issue="Fees")
    put(house, registered(house, category_id=categories[1]),
        received_at=at - dt.timedelta(days=3))
    return house


def rows_of(client, url: str) -> int:
    return len(set(re.findall(r'data-row="(\d+)"', client.get(url).text)))


def _table(house, username: str = "supervisor", **values):
    asked = Asked(**{"period": named_period("last_month"), **values})
    with house.app.test_request_context():
        return table_of(house.session, house.actor(username), asked)


def _asked(house):
    branch = house.session.scalar(select(Branch.id).order_by(Branch.id))
    month = named_period("last_month")
    return [
        {}, {"origin": ""}, {"origin": REGISTER, "rows": "product", "within": "issue"},
        {"period": ALWAYS, "rows": "responsible", "within": ""}, {"branch_id": branch},
        {"department_id": department(house, "CS"), "rows": "channel", "within": "severity"},
        {"team_id": house.actor("agent").team_id, "rows": "branch", "within": "product"},
        {"period": Period(first=month.first, last=month.first), "rows": "cause"},
    ]


@pytest.mark.both_databases
def test_every_figure_of_every_row_is_the_number_of_rows_of_its_list(handled):
    """All figures, by all that a table can be made of."""
    client, seen = handled.client("supervisor"), 0
    for values in _asked(handled):
        table = _table(handled, **values)
        for row in (*table.rows, table.total):
            for title, cell in zip(table.header, row.cells, strict=True):
                if cell.url and cell.number is not None:
                    assert rows_of(client, cell.url) == _behind(title, cell), (values, title, cell)
                    seen += 1
    assert seen > 150


def _behind(title: str, cell) -> int:
    """Return how many records a figure says that it counts: itself, or of how many it tells."""
    numbers = [int(one.replace(",", "")) for one in re.findall(r"[\d,]+", cell.of)]
    # "2 of 3" counts the two; a mean is told of how many.
    return numbers[0] if numbers and title != "Number of complaints" else int(cell.number)


def test_parts_add_up_to_their_row_and_rows_to_the_total(handled):
    for rows in LEVELS:
        within = LEVELS[0] if rows != LEVELS[0] else LEVELS[1]
        table = _table(handled, rows=rows, within=within)
        whole = [row.cells[0].number for row in table.rows if not row.is_part]
        parts = [row.cells[0].number for row in table.rows if row.is_part]
        assert sum(whole) == sum(parts) == table.total.cells[0].number == 4, rows


def test_own_work_and_the_register_stand_apart_and_together(handled):
    numbers = {origin: _table(handled, origin=origin).total.cells[0].number
               for origin in (None, "", REGISTER)}
    assert numbers == {None: 4, "": 3, REGISTER: 1}


@pytest.mark.both_databases
def test_what_a_row_tells(handled):
    first = _table(handled, origin="").rows[0]
    texts = [cell.text for cell in first.cells]
    # Number, share, before, change, resolved, rate, mean time, satisfied.
    assert texts[:6] == ["2", "66.7 %", "0", "+2", "2", "100.0 %"]
    assert texts[6].startswith("26.0") and texts[7] == "50.0 %"
    gone = _table(handled, origin="", period=named_period("this_month"))
    assert [cell.text for cell in gone.total.cells][:4] == ["0", "–", "3", "-3"]


@pytest.mark.both_databases
def test_nobody_counts_what_they_do_not_see(handled):
    whole = _table(handled, "admin").total.cells[0].number
    mine = _table(handled, "mengdie").total.cells[0].number
    assert 0 < mine < whole


def test_the_page_shows_what_was_chosen_and_hands_it_on(handled):
    client = handled.client("supervisor")
    page = client.get("/complaints/table/?period=last_month&source=own&rows=product&within=-").text
    assert re.search(r'<option value="product" selected', page)
    assert not re.search(r'ps-5 fw-normal', page)
    for part in ("table.pdf", "table.xlsx"):
        assert re.search(rf"{part}\?[^\"]*period=last_month[^\"]*rows=product", page), part
    assert client.get("/complaints/table/?rows=none&period=x&branch_id=²").status_code == 200
    assert handled.client("agent").get("/complaints/table/").status_code in (302, 403)


def test_the_sheet_holds_numbers_and_no_formula(handled):
    one = registered(handled, product="=1+1")
    first = named_period("last_month").first
    put(handled, one, received_at=dt.datetime.combine(first, dt.time(9), ZONE))
    answer = handled.client("supervisor").get(
        "/complaints/table/table.xlsx?period=last_month&source=own&rows=product&within=category")
    rows = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[-1][2] == 4
    # A formula would come back as its value.
    [risky, _part] = [row for row in rows if "1+1" in str(row[0])]
    assert risky[1] == "" and risky[2] == 1
    assert handled.client("agent").get("/complaints/table/table.xlsx").status_code == 403


def test_the_paper_says_what_was_chosen(handled):
    client = handled.client("supervisor")
    answer = client.get("/complaints/table/table.pdf?period=last_month&department_id=1")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


def test_leaders_are_told_once_and_the_notice_leads_to_the_table(handled):
    session, month = handled.session, month_before(dt.date(2026, 3, 1))
    assert month == Period(first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28))
    told = send_table(session, named_period("last_month"))
    assert told >= 2 and send_table(session, named_period("last_month")) == 0
    assert send_table(session, month) == told
    leader = handled.actor("supervisor").user_id
    notice = session.scalars(select(Notice).where(Notice.user_id == leader)
                             .order_by(Notice.id.desc())).first()
    client = handled.client("supervisor")
    page = client.get("/notices/").text
    assert "2026-02" in page
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    answer = client.post(f"/notices/open/{notice.id}", data={"csrf_token": token})
    assert "/complaints/table/" in answer.headers["Location"]
    assert "from=2026-02-01" in answer.headers["Location"]
