"""What a department's own register tells: severity, category, people, department, result."""

from __future__ import annotations

import zoneinfo

import pytest
from sqlalchemy import select

from app.people.models import Staff
from app.sdk.importing import ADD, CHECK, GOOD, SKIP, UPDATE, Import, Table, suggest
from app.sdk.services import write
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Category, Complaint
from plugins.complaints.tests.helpers import department

HEADER = "投诉编号,投诉日期,投诉理由,投诉类型,严重程度,经办人,责任部门,处理结果,是否结案"
TARGETS = {"category": "投诉类型", "severity": "严重程度", "owner": "经办人",
           "responsible": "责任部门", "result": "处理结果"}


@pytest.fixture
def read(house, tmp_path):
    """Read rows in; returns the report."""

    def run(*rows, mode=GOOD, on_existing=SKIP, who="admin", **more):
        path = tmp_path / "file.csv"
        path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
        table = Table.open(path)
        return Import(
            table=table, importer=IMPORTER, mapping=suggest(IMPORTER, table.header), mode=mode,
            on_existing=on_existing, rejects=tmp_path / "rejects.csv",
            zone=zoneinfo.ZoneInfo("Asia/Shanghai"), **more,
        ).run(house.session, house.actor(who))

    return run


def row(number=1, category="催收行为", severity="严重", owner="agent", responsible="COLLECT",
        result="退还违约金", closed="否") -> str:
    return (f"A-{number},2026-03-0{number},提前还款被收取违约金,{category},{severity},{owner},"
            f"{responsible},{result},{closed}")


def complaints(house) -> list[Complaint]:
    house.session.expire_all()
    return list(house.session.scalars(select(Complaint).order_by(Complaint.external_id)))


def test_columns_of_the_trade_are_recognised():
    assert suggest(IMPORTER, HEADER.split(",")).items() >= TARGETS.items()


@pytest.mark.both_databases
@pytest.mark.parametrize("closed", ["否", "是"])
def test_open_and_closed_complaints_keep_what_the_file_tells(house, read, closed):
    assert read(row(closed=closed)).created == 1
    [one] = complaints(house)
    assert (one.is_open, one.severity, one.result) == (closed == "否", "serious", "退还违约金")
    assert one.category.code == "collection"
    assert one.owner_id == house.actor("agent").user_id
    assert one.responsible_department_id == department(house, "COLLECT")


def test_what_a_row_leaves_open_is_as_before(house, read):
    read(row(category="", severity="", owner="", responsible="", result="", closed="是"),
         row(2, category="", severity="", owner="", responsible="", result=""))
    for one in complaints(house):
        assert (one.severity, one.result, one.category_id, one.owner_id,
                one.responsible_department_id) == ("normal", "", None, None, None)


@pytest.mark.parametrize("said", ["account", "name", "number"])
def test_a_person_is_known_by_name_account_or_number(house, read, said):
    user_id = house.actor("liuyang").user_id
    staff = house.session.scalar(select(Staff).where(Staff.user_id == user_id))
    read(row(owner={"account": "liuyang", "name": staff.name, "number": staff.number}[said]))
    assert complaints(house)[0].owner_id == user_id


def test_who_is_meant_stands_in_the_error(house, read):
    staff = house.session.scalars(select(Staff).order_by(Staff.id).limit(2)).all()
    with write(house.session):
        staff[1].name = staff[0].name
    report = read(row(owner="无此人"), row(2, owner=staff[0].name), row(3, responsible="无此部门"),
                  mode=CHECK)
    told = {problem["line"]: (problem["column"], problem["reason"], problem["value"])
            for problem in report.problems}
    assert told[2][0] == told[3][0] == "经办人" and told[4][0] == "责任部门"
    assert "无此人" in told[2][1] and told[2][2] == "无此人"
    assert told[3][1].startswith("Several people are called") and staff[0].name in told[3][1]
    assert "无此部门" in told[4][1]


@pytest.mark.parametrize(("decided", "name"), [
    ("Collection", "Collection"), (None, None), (ADD, "暴力催收")])
def test_a_category_that_is_in_no_list_is_mapped_added_or_left(house, read, decided, name):
    assert read(row(category="暴力催收"), mode=CHECK).unknown == {"category": {"暴力催收": 1}}
    read(row(category="暴力催收"), decisions={"category": {"暴力催收": decided}})
    [one] = complaints(house)
    assert (one.category.name if one.category else None) == name
    added = house.session.scalar(select(Category.id).where(Category.name == "暴力催收"))
    assert (added is not None) == (decided == ADD)


def test_who_may_not_edit_the_list_adds_nothing(house, read):
    report = read(row(category="暴力催收"), who="supervisor",
                  decisions={"category": {"暴力催收": ADD}})
    assert report.created == 0 and not complaints(house)


def test_what_is_there_is_brought_up_to_date_and_steps_are_not(house, read):
    read(row())
    changed = row(category="保险", severity="一般", owner="liuyang", result="另一结果")
    [change] = read(changed, mode=CHECK, on_existing=UPDATE).changes
    said = {label: (before, after) for label, before, after in change["fields"]}
    assert said["Category"] == ("催收行为", "保险") and said["Severity"] == ("严重", "一般")
    assert "Owner" in said and "Result" not in said
    read(changed, on_existing=UPDATE)
    [one] = complaints(house)
    assert (one.category.code, one.severity, one.result) == ("insurance", "normal", "退还违约金")
