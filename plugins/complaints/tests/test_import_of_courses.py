"""Files whose rows are under way already: they come in as what they are, and no clock starts."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from sqlalchemy import func, select

from app.deadlines.models import ClockRow
from app.records.models import Comment
from app.sdk.errors import Rejected
from app.sdk.importing import CHECK, GOOD, SKIP, Import, Table, suggest
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import department, step

HEADER = ("投诉编号,投诉日期,客户姓名,投诉理由,状态,责任部门,处理方案,处理结果,解决日期,结案日期,满意度,"
          "处理经过")
TARGETS = {"stage": "状态", "solution": "处理方案", "resolved_on": "解决日期",
           "closed_on": "结案日期", "satisfaction": "满意度", "history": "处理经过"}


@pytest.fixture
def read(house, tmp_path):
    """Read rows in; returns the report."""

    def run(*rows, mode=GOOD):
        path = tmp_path / "file.csv"
        path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
        table = Table.open(path)
        return Import(
            table=table, importer=IMPORTER, mapping=suggest(IMPORTER, table.header), mode=mode,
            on_existing=SKIP, rejects=tmp_path / "rejects.csv",
            zone=zoneinfo.ZoneInfo("Asia/Shanghai"),
        ).run(house.session, house.actor("admin"))

    return run


def row(stage="", responsible="", solution="", result="", resolved="", closed="", rated="",
        history="", number=1) -> str:
    return (f"A-{number},2026-03-02,王小明,提前还款被收取违约金,{stage},{responsible},{solution},"
            f"{result},{resolved},{closed},{rated},{history}")


def the_one(house) -> Complaint:
    house.session.expire_all()
    [complaint] = house.session.scalars(select(Complaint)).all()
    return complaint


def clocks(house, complaint) -> int:
    return house.session.scalar(
        select(func.count()).select_from(ClockRow).where(ClockRow.record_id == complaint.id,
                                                         ClockRow.record_type == complaint.__record_type__))


def test_columns_of_a_course_are_recognised():
    assert suggest(IMPORTER, HEADER.split(",")).items() >= TARGETS.items()


@pytest.mark.both_databases
def test_a_case_that_is_done_keeps_its_days_solution_and_verdict(house, read):
    assert read(row("已办结", "COLLECT", "退还违约金", "已退款", "2026-03-05", "2026-03-09 15:30",
                    "满意", "3 月 3 日致电客户")).created == 1
    one = the_one(house)
    assert (one.state, one.is_open) == ("archived", False)
    assert (one.solution, one.result, one.satisfaction) == ("退还违约金", "已退款", "satisfied")
    assert one.resolved_at == dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)
    assert one.closed_at == dt.datetime(2026, 3, 9, 7, 30, tzinfo=dt.UTC)
    assert clocks(house, one) == 0
    note = house.session.scalar(select(Comment).where(Comment.record_id == one.id))
    assert note.text == "3 月 3 日致电客户" and note.author_id == house.actor("admin").user_id
    assert "3 月 3 日致电客户" in house.client("admin").get(f"/complaints/show/{one.id}").text


@pytest.mark.both_databases
def test_a_case_under_way_goes_on_where_it_stood_and_no_clock_starts(house, read):
    assert read(row("方案已提出", "COLLECT", "退还违约金")).created == 1
    one = the_one(house)
    assert (one.state, one.is_open, one.solution) == ("proposed", True, "退还违约金")
    assert one.responsible_department_id == department(house, "COLLECT")
    assert clocks(house, one) == 0 and one.due_at is None
    # What others proposed is approved here like everything else: by the leader alone.
    with pytest.raises(Rejected):
        step(house, one, "supervisor", "approve")
    step(house, one, "fengtao", "approve")
    assert one.state == "approved"


@pytest.mark.parametrize("stage", ["", "处理中", "已受理"])
def test_what_has_only_come_in_begins_here_with_its_clocks(house, read, stage):
    read(row(stage, history="客户来电"))
    one = the_one(house)
    assert one.is_open and clocks(house, one) > 0
    assert house.session.scalar(select(Comment.text).where(Comment.record_id == one.id)) == "客户来电"


def test_a_day_of_closing_says_that_it_is_done(house, read):
    read(row(closed="2026-03-09"))
    one = the_one(house)
    assert not one.is_open and one.resolved_at == one.closed_at


@pytest.mark.parametrize(("told", "reason"), [
    ({"stage": "已批准"}, "Choose one of the values offered"),
    ({"stage": "方案已提出", "responsible": "COLLECT"}, "needs a value here"),
    ({"stage": "已分派"}, "needs a value here"),
    ({"closed": "2026-03-01"}, "before the day of receipt"),
    ({"closed": "2990-03-01"}, "in the future"),
    ({"resolved": "2026-03-09", "closed": "2026-03-05"}, "before it was resolved"),
    ({"stage": "处理中", "closed": "2026-03-05"}, "no day on which it was closed"),
])
def test_a_course_that_cannot_be_costs_its_row(house, read, told, reason):
    report = read(row(**told), mode=CHECK)
    assert report.rejected == 1
    assert any(reason in problem["reason"] for problem in report.problems), report.problems
