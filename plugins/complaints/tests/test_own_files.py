"""A department's own file becomes work of the house; what is no such file gets one sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.deadlines.models import ClockRow
from app.sdk.services import sees
from app.settings.services import save_settings
from plugins.complaints.commands import run_import
from plugins.complaints.models import Complaint, RegulatorReport
from plugins.complaints.settings import SETTINGS
from plugins.complaints.tests.helpers import department

HEADER = "投诉编号,投诉日期,投诉渠道,客户姓名,联系电话,投诉理由,投诉要求"
ROW = "A-{n},2026-03-0{n},电话,王小明,13812345678,提前还款被收取违约金。,退还违约金"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def file(tmp_path):
    """Write a file of a department, with a further column if one is named."""

    def write(rows=3, column="", cells=()):
        lines = [HEADER + (f",{column}" if column else "")]
        cells = [*cells, *[""] * rows]
        lines += [ROW.format(n=n + 1) + (f",{cells[n]}" if column else "") for n in range(rows)]
        path = tmp_path / "ours.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def all_of_them(house) -> list[Complaint]:
    return list(house.session.scalars(select(Complaint).order_by(Complaint.external_id)))


def test_rows_begin_as_open_complaints_of_the_house(house, file):
    made = run_import(file(), department="CS")
    assert (made["created"], made["open"], made["closed"]) == (3, 3, 0)
    for number, complaint in enumerate(all_of_them(house), start=1):
        assert complaint.is_open and complaint.state
        assert (complaint.rule_book, complaint.source) == ("house", "file")
        assert complaint.received_at.date() == dt.date(2026, 3, number)
        assert complaint.department_id == department(house, "CS")
        clocks = house.session.scalars(
            select(ClockRow).where(ClockRow.record_id == complaint.id)
        ).all()
        assert clocks and complaint.due_at is not None
        assert house.session.get(RegulatorReport, complaint.id) is None
        assert sees(house.actor("supervisor"), complaint)


def test_who_has_no_department_gives_them_to_the_home_department(house, file):
    home = department(house, "CS")
    save_settings(house.session, house.actor("admin"), SETTINGS, {
        "news_hours": 72, "duplicate_days": 90, "home_department_id": home}, 0)
    run_import(file(2, "是否结案", ("是",)))
    assert {complaint.department_id for complaint in all_of_them(house)} == {home}


@pytest.mark.parametrize("column", ["是否结案", "Closed", "已结"])
def test_a_column_says_which_are_done(house, file, column):
    made = run_import(file(4, column, ("已结", "否", "", "是")), department="CS")
    assert (made["open"], made["closed"]) == (2, 2)
    assert [complaint.is_open for complaint in all_of_them(house)] == [False, True, True, False]
    done = all_of_them(house)[0]
    assert (done.state, done.rule_book, done.due_at) == ("archived", "house", None)
    assert done.department_id == department(house, "CS")


def test_an_answer_closes_a_row_as_well(house, file):
    run_import(file(2, "答复", ("已电话答复客户",)), department="CS")
    assert [complaint.is_open for complaint in all_of_them(house)] == [False, True]


def test_a_dry_run_tells_how_many_will_be_open(house, file):
    told = run_import(file(3, "是否结案", ("是",)), department="CS", dry_run=True)
    assert (told["created"], told["open"], told["closed"]) == (0, 2, 1)
    assert all_of_them(house) == []


def test_a_second_time_changes_nothing(house, file):
    run_import(file(), department="CS")
    before = [(one.id, one.version, one.received_at) for one in all_of_them(house)]
    again = run_import(file(), department="CS")
    assert (again["skipped"], again["created"], again["open"]) == (3, 0, 0)
    assert [(one.id, one.version, one.received_at) for one in all_of_them(house)] == before


def test_a_word_that_says_neither_is_a_bad_row(house, file):
    told = run_import(file(2, "是否结案", ("大概",)), department="CS", good_rows=True)
    assert (told["rejected"], told["created"]) == (1, 1)


@pytest.mark.parametrize(("content", "options", "said"), [
    (b"", (), "The file is empty."),
    (PICTURE, (), "This is a picture."),
    ("甲,乙\n1,2\n".encode(), (), "No column fills the required field"),
    (f"{HEADER}\n".encode(), ("--mapping", "cfpb"), "The file has no column"),
    (b"\xff\xfe\x00\xd8", (), "cannot be read"),
])
def test_what_cannot_be_read_in_gets_one_sentence(house, tmp_path, content, options, said):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    done = house.app.test_cli_runner().invoke(
        args=["complaints", "import", str(path), *options]
    )
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)
    assert done.output.startswith("Error: file.csv") and said in done.output
    assert done.output.count("\n") == 1
