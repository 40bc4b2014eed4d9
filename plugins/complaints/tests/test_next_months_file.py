"""A department's file without numbers of its own harms nothing that is there already."""

from __future__ import annotations

import zoneinfo

import pytest
from sqlalchemy import select

from app.sdk.importing import CHECK, GOOD, SKIP, UPDATE, Import, Table, suggest
from app.sdk.services import db
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Channel, Complaint

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
HEADER = "序号,客户姓名,电话,投诉日期,投诉渠道,投诉理由,客户要求"
NOVEMBER = f"{HEADER}\n1,贾一,13811112222,2025-11-03,电话,贷款结清未解押,尽快解押\n"
DECEMBER = f"{HEADER}\n1,尹二,13900001111,2025-12-02,电话,十二月的另一件投诉,退款\n"


@pytest.fixture
def read(house, tmp_path, settings):
    """Read a file in as the supervisor; returns the report."""

    def run(text, mode=GOOD, on_existing=SKIP, mapping=None, **more):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        table = Table.open(path)
        return Import(
            table=table, importer=IMPORTER, mapping=mapping or suggest(IMPORTER, table.header),
            mode=mode, on_existing=on_existing, rejects=tmp_path / "rejects.csv",
            zone=SHANGHAI, **more,
        ).run(house.session, house.actor("supervisor"))

    return run


def complaints(house) -> list[Complaint]:
    house.session.expire_all()
    return list(house.session.scalars(select(Complaint).order_by(Complaint.received_at)))


def test_next_months_first_row_is_another_complaint(house, read):
    assert read(NOVEMBER).created == 1
    assert read(DECEMBER).created == 1
    november, december = complaints(house)
    assert (november.customer_name, november.reason) == ("贾一", "贷款结清未解押")
    assert (december.customer_name, december.demand) == ("尹二", "退款")


def test_the_same_file_again_makes_nothing_twice(house, read):
    read(NOVEMBER)
    again = read(NOVEMBER)
    assert (again.created, again.skipped) == (0, 1)
    assert len(complaints(house)) == 1


def test_a_row_that_stands_twice_in_a_file_is_told(read):
    report = read(NOVEMBER + NOVEMBER.splitlines()[1].replace("1,", "2,", 1) + "\n", CHECK)
    assert [problem["reason"] for problem in report.problems] == ["Line 2 says the same already."]


def test_what_would_change_is_shown_before_anything_is_written(house, read):
    by_number = dict(zip(
        ("external_id", "customer_name", "contact", "received_on", "channel", "reason", "demand"),
        HEADER.split(","), strict=True))
    read(NOVEMBER, mapping=by_number)
    report = read(DECEMBER, CHECK, UPDATE, mapping=by_number)
    [complaint] = complaints(house)
    assert complaint.customer_name == "贾一"
    assert (report.differing, report.there) == (1, 0)
    [change] = report.changes
    assert change["record"] == f"{complaint.number} 贾一"
    said = {label: (before, after) for label, before, after in change["fields"]}
    assert said["Customer name"] == ("贾一", "尹二")
    assert said["Received on"] == ("2025-11-03", "2025-12-02")
    assert said["Contact"] == ("138****2222", "139****1111")


def test_what_is_there_already_and_the_same_is_counted(read):
    read(NOVEMBER)
    report = read(NOVEMBER, CHECK)
    assert (report.differing, report.there, report.changes) == (0, 1, [])


@pytest.mark.parametrize(("taken_for", "name"), [("Phone", "Phone"), (None, None)])
def test_a_channel_that_is_in_no_list_is_what_the_person_says(house, read, taken_for, name):
    text = NOVEMBER.replace(",电话,贷", ",抖音,贷")
    assert read(text, CHECK).unknown == {"channel": {"抖音": 1}}
    before = house.session.query(Channel).count()
    read(text, decisions={"channel": {"抖音": taken_for}})
    [complaint] = complaints(house)
    assert house.session.query(Channel).count() == before
    found = complaint.channel_id and db.session.get(Channel, complaint.channel_id).name
    assert found == name
