"""Files as departments and the public register really write them."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo

import pytest
import xlsxwriter
from sqlalchemy import select

from app.sdk.importing import CHECK, GOOD, SKIP, UPDATE, Import, Table, suggest
from app.sdk.services import utcnow
from plugins.complaints.commands import run_import
from plugins.complaints.importing import CFPB_MAPPING, IMPORTER
from plugins.complaints.models import Complaint

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
HEADER = "客户姓名,投诉日期,投诉渠道,投诉理由,是否结案"
HALF_PAST_ONE = dt.datetime(2024, 5, 1, 5, 30, tzinfo=dt.UTC)


@pytest.fixture
def read(house, tmp_path):
    """Read a file in as the supervisor; returns the report."""

    def run(content, mode=GOOD, on_existing=SKIP):
        if isinstance(content, str):
            path = tmp_path / "file.csv"
            path.write_text(content, encoding="utf-8")
        else:
            path = content
        table = Table.open(path)
        return Import(
            table=table, importer=IMPORTER, mapping=suggest(IMPORTER, table.header), mode=mode,
            on_existing=on_existing, rejects=tmp_path / "rejects.csv", zone=SHANGHAI,
        ).run(house.session, house.actor("supervisor"))

    return run


def complaints(house) -> list[Complaint]:
    house.session.expire_all()
    return list(house.session.scalars(select(Complaint).order_by(Complaint.id)))


@pytest.mark.parametrize("done", ["是", "否"])
def test_the_time_of_receipt_is_that_of_the_file(house, read, done):
    text = f"{HEADER}\n贾一,2024-05-01 13:30,电话,贷款结清未解押,{done}\n"
    assert read(text).created == 1
    assert [one.received_at for one in complaints(house)] == [HALF_PAST_ONE]
    assert read(text).skipped == 1


def test_a_date_cell_of_a_sheet_keeps_its_time_and_bad_cells_cost_their_row(
    house, read, tmp_path
):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER.split(","))
        for line, name in enumerate(("贾一", "尹二", "王三"), start=1):
            page.write_row(line, 0, [name, "", "电话", "贷款结清未解押", "是"])
            page.write_datetime(line, 1, dt.datetime(2024, 5, 1, 13, 30), moments)
        page.write_formula(2, 3, "=1+1", value="")
        page.write_formula(3, 3, "=NA()", value="#N/A")
    report = read(path)
    assert (report.created, report.rejected) == (1, 2)
    assert [(one["line"], one["column"], one["value"]) for one in report.problems] == [
        (3, "投诉理由", "=1+1"), (4, "投诉理由", "#N/A")]
    [only] = complaints(house)
    assert (only.customer_name, only.received_at) == ("贾一", HALF_PAST_ONE)


def test_a_row_read_in_before_with_the_day_only_is_the_same_and_gets_its_time(house, read):
    day = f"{HEADER}\n贾一,2024-05-01,电话,贷款结清未解押,否\n"
    with_time = day.replace("05-01,", "05-01 13:30,")
    read(day)
    report = read(with_time, CHECK)
    assert [change["fields"] for change in report.changes] == [
        (("Received on", "2024-05-01", "2024-05-01 13:30"),)]
    assert read(with_time, on_existing=UPDATE).updated == 1
    # The day alone says nothing against the time that is known.
    assert read(day, on_existing=UPDATE).skipped == 1
    assert [one.received_at for one in complaints(house)] == [HALF_PAST_ONE]


def test_a_time_still_to_come_is_refused(house, read):
    later = (utcnow() + dt.timedelta(hours=2)).astimezone(SHANGHAI)
    report = read(f"{HEADER}\n贾一,{later:%Y-%m-%d %H:%M:%S},电话,未解押,否\n", CHECK)
    assert [one["reason"] for one in report.problems] == ["The time of receipt lies in the future."]


REGISTER = {
    "external_id": "77", "received_on": "2016-03-01", "product": "Mortgage", "issue": "Other",
    "company": "A BANK", "response": "In progress", "channel": "Web", "reason": "x" * 21_928,
}


@pytest.mark.parametrize("missing", [
    {"origin"}, {"origin", "tags", "consent", "disputed", "public_response", "sub_issue"},
])
@pytest.mark.parametrize("mapping", ["cfpb", ""])
def test_other_cuts_of_the_register_are_the_register(house, tmp_path, missing, mapping):
    file = tmp_path / "register.csv"
    columns = {name: column for name, column in CFPB_MAPPING.items() if name not in missing}
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns.values())
        writer.writerow(REGISTER.get(name, "") for name in columns)
    assert run_import(file, mapping)["created"] == 1
    [only] = complaints(house)
    # Work of others: recorded, without clocks of this department.
    assert (only.source, only.rule_book, only.state) == ("cfpb", "us_cfpb", "recorded")
    assert len(only.reason) == 21_928
