"""What a department's own register tells: severity, category, people, department, result."""

from __future__ import annotations

import zoneinfo

import pytest
from sqlalchemy import select

from app.people.models import Staff
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import change_field, define_field
from app.records.importing.fields import ADD
from app.sdk.importing import CHECK, GOOD, SKIP, UPDATE, Import, Table, importers, suggest
from app.sdk.services import search_filter, write
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


# --- custom fields -----------------------------------------------------------------------------
COMPLAINTS = Complaint.__record_type__


@pytest.fixture
def custom(house):
    """An amount, a day, choices and a masked phone that an admin added to complaints."""
    levels = (CustomChoice("low", "Low", "低"), CustomChoice("high", "High", "高"))
    with write(house.session):
        for field in (
            CustomField(name="loss", kind="money", label="Loss", label_zh="损失金额"),
            CustomField(name="since", kind="date", label="Since", label_zh="起始日期"),
            CustomField(name="risk", kind="choice", label="Risk", label_zh="风险", choices=levels),
            CustomField(name="signs", kind="choices", label="Signs", label_zh="迹象",
                        choices=levels),
            CustomField(name="second", kind="phone", label="Second phone", label_zh="备用电话",
                        sensitive=True),
        ):
            define_field(house.session, house.actor("admin"), Complaint, field)


CUSTOM_HEADER = "投诉编号,投诉日期,投诉理由,是否结案,损失金额,起始日期,风险,迹象,备用电话"
CUSTOM_ROW = "A-1,2026-03-01,提前还款,{closed},1200.5,2026/2/1,高,低；高,13800001111"


def read_custom(house, tmp_path, *rows, who="admin", on_existing=UPDATE, mode=GOOD):
    path = tmp_path / "custom.csv"
    path.write_text("\n".join((CUSTOM_HEADER, *rows)), encoding="utf-8")
    table, importer = Table.open(path), importers()[IMPORTER.name]
    return Import(
        table=table, importer=importer, mapping=suggest(importer, table.header), mode=mode,
        on_existing=on_existing, rejects=tmp_path / "custom-rejects.csv",
        zone=zoneinfo.ZoneInfo("Asia/Shanghai"),
    ).run(house.session, house.actor(who))


@pytest.mark.parametrize("closed", ["否", "是"])
def test_custom_fields_are_filled_and_found(house, custom, tmp_path, closed):
    assert read_custom(house, tmp_path, CUSTOM_ROW.format(closed=closed)).created == 1
    [one] = complaints(house)
    second = one.extra.pop("second")
    assert one.extra == {"loss": 1200.5, "since": "2026-02-01", "risk": "high",
                         "signs": ["low", "high"]}
    assert second.reveal() == "13800001111"
    found = select(Complaint.id).where(search_filter(house.session, Complaint, "13800001111"))
    assert house.session.scalars(found).all() == [one.id]
    again = read_custom(house, tmp_path, CUSTOM_ROW.format(closed=closed))
    assert (again.skipped, again.updated) == (1, 0)


def test_a_custom_field_is_brought_up_to_date_and_compared(house, custom, tmp_path):
    read_custom(house, tmp_path, CUSTOM_ROW.format(closed="否"))
    changed = CUSTOM_ROW.format(closed="否").replace("1200.5", "99").replace("1111", "2222")
    report = read_custom(house, tmp_path, changed, mode=CHECK)
    assert report.as_dict()["changes"]
    shown = str(report.as_dict()["changes"])
    assert "1200.5" in shown and "99" in shown and "13800002222" not in shown
    assert read_custom(house, tmp_path, changed).updated == 1
    [one] = complaints(house)
    assert one.extra["loss"] == 99 and one.extra["second"].reveal() == "13800002222"


@pytest.mark.parametrize(("good", "bad"), [
    ("1200.5", "viel"), ("2026/2/1", "2026/2/31"), ("高", "极高"), ("低；高", "低；无"),
    ("13800001111", "138****1111"), ("13800001111", "12"),
])
def test_what_does_not_fit_a_custom_field_costs_the_row(house, custom, tmp_path, good, bad):
    row = CUSTOM_ROW.format(closed="否").replace(f",{good}", f",{bad}")
    report = read_custom(house, tmp_path, row)
    assert (report.created, report.rejected) == (0, 1)


def test_a_field_of_other_roles_is_refused(house, custom, tmp_path):
    roles = tuple(house.actor("hr").role_ids)
    with write(house.session):
        change_field(house.session, house.actor("admin"), COMPLAINTS, CustomField(
            name="loss", kind="money", label="Loss", label_zh="损失金额", edited_by=roles))
    report = read_custom(house, tmp_path, CUSTOM_ROW.format(closed="是"), who="supervisor")
    assert (report.created, report.rejected) == (0, 1)
