"""Every record is read in by its own form: customers, staff, plugins' records, custom fields."""

from __future__ import annotations

import dataclasses
import zoneinfo

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor
from app.access.models import AuditEntry
from app.access.sensitive import keyring
from app.access.sensitive.keyring import FieldKey, KeyRing, ring
from app.customers.event_models import CustomerEvent
from app.customers.models import Customer, Vehicle
from app.database import write
from app.people.models import Absence, Staff, Team
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import define_field
from app.records.importing.fields import ADD
from app.records.importing.services import importers
from app.sdk.importing import ALL, CHECK, GOOD, SKIP, UPDATE, Import, Table
from app.sdk.services import create
from plugins.complaints.models import Complaint, Incident
from plugins.training.exams.models import Topic
from tests.integration.admin.test_imports import checked

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
CUSTOMERS = "records.core.Customer"


@pytest.fixture
def read(house, tmp_path):
    """Read lines in as a person; the first line names the columns."""
    def run(name, text, *, who="supervisor", mode=ALL, on_existing=UPDATE, decisions=None):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        importer = importers()[name]
        table = Table.open(path)
        by_label = {field.label: field.name for field in importer.fields}
        by_label |= {alias: field.name for field in importer.fields for alias in field.aliases}
        report = Import(
            table=table, importer=importer, zone=SHANGHAI, mode=mode, on_existing=on_existing,
            decisions=decisions or {},
            mapping={by_label[column]: column for column in table.header},
            rejects=tmp_path / "rejects.csv",
        ).run(house.session(), who if isinstance(who, Actor) else house.actor(who))
        found = report.as_dict()
        rejects = tmp_path / "rejects.csv"
        found["why"] = rejects.read_text(encoding="utf-8-sig") if rejects.exists() else ""
        house.session.expire_all()
        return found

    return run


def numbers(report):
    return tuple(report[name] for name in ("created", "updated", "skipped", "rejected"))


def test_customers_come_in_as_if_typed(house, read):
    report = read(CUSTOMERS, "名称,电话,客户等级,Born on,Owner\n"
                             "王小明,138 0000 9999,B,1990/5/6,李晓雯\n"
                             "李丽,+86 139 0000 9999,B,,agent\n")
    assert numbers(report) == (2, 0, 0, 0), report["why"]
    first = house.session.scalar(select(Customer).where(Customer.name == "王小明"))
    assert (first.phone, first.grade, first.born_on.isoformat()) == (
        "13800009999", "B", "1990-05-06")
    agent = house.actor("agent")
    assert first.owner_id == agent.user_id and first.number.startswith("KH-")
    # Like any other, the record has a history, is found by search and belongs to the importer.
    acts = house.session.scalars(select(AuditEntry.action).where(
        AuditEntry.record_type == Customer.__record_type__, AuditEntry.record_id == first.id))
    assert list(acts) == ["create"]
    assert first.created_by_id == house.actor("supervisor").user_id


def test_a_second_time_makes_nothing_twice(house, read):
    text = "Name,Phone,Address\n王小明,13800009999,旧址\n"
    assert numbers(read(CUSTOMERS, text)) == (1, 0, 0, 0)
    assert numbers(read(CUSTOMERS, text)) == (0, 0, 1, 0)
    assert numbers(read(CUSTOMERS, text.replace("旧址", "新址"))) == (0, 1, 0, 0)
    assert numbers(read(CUSTOMERS, text, on_existing=SKIP)) == (0, 0, 1, 0)
    [customer] = house.session.scalars(select(Customer).where(Customer.phone == "13800009999"))
    assert customer.address == "新址" and customer.version == 2
    # A column that is not in the file is not touched.
    assert numbers(read(CUSTOMERS, "Name,Phone,WeChat\n王小明,13800009999,wx1\n")) == (0, 1, 0, 0)
    house.session.refresh(customer)
    assert (customer.address, customer.wechat) == ("新址", "wx1")


@pytest.mark.parametrize(("line", "said"), [
    ("张三,13800001111,B,没有此人", "nothing of this name"),
    ("张三,x,B,", ""),
    ("张三,1.38111E+10,B,", "rounded"),
    (",13800001111,B,", "required"),
])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_form_refuses_is_refused(house, read, line, said):
    before = house.session.scalar(select(func.count()).select_from(Customer))
    text = f"Name,Phone,Grade,Owner\n{line}\n李四,13800002222,B,\n"
    for mode in (CHECK, ALL):
        report = read(CUSTOMERS, text, mode=mode)
        assert report["rejected"] == (1 if said else 0)
        assert said.lower() in report["why"].lower()
    report = read(CUSTOMERS, text, mode=GOOD)
    after = house.session.scalar(select(func.count()).select_from(Customer))
    assert after - before == (1 if said else 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_values_that_no_list_holds_are_asked_about_and_never_guessed(house, read):
    define_field(house.session, house.actor("admin"), Customer, CustomField(
        name="source", kind="choice", label="Source", label_zh="来源",
        choices=(CustomChoice("shop", "Shop", "门店"), CustomChoice("web", "Website", "网站"))))
    text = "Name,Phone,Grade,Source\n张三,13800001111,特级,抖音\n李四,13800002222,A,门店\n"
    report = read(CUSTOMERS, text, mode=CHECK)
    assert report["unknown"] == {"grade": {"特级": 1}, "x_source": {"抖音": 1}}
    assert report["rejected"] == 0
    # Nobody has decided: nothing is written.
    report = read(CUSTOMERS, text)
    assert (report["outcome"], report["rejected"]) == ("refused", 1)
    decided = {"grade": {"特级": "A"}, "x_source": {"抖音": None}}
    assert numbers(read(CUSTOMERS, text, decisions=decided)) == (2, 0, 0, 0)
    found = house.session.scalar(select(Customer).where(Customer.name == "张三"))
    assert (found.grade, found.extra) == ("A", {})


QUESTIONS = "records.training.Question"
QUESTION = "知识点,类别,难度,语言,试题,答案\n新主题,判断题,容易,中文,题目一,对\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_new_values_of_a_dictionary_are_added_only_where_that_was_decided(house, read):
    names = select(Topic.name)
    assert read(QUESTIONS, QUESTION, who="admin", mode=CHECK)["unknown"] == {
        "topic": {"新主题": 1}}
    assert read(QUESTIONS, QUESTION, who="admin")["outcome"] == "refused"
    assert "新主题" not in set(house.session.scalars(names))
    report = read(QUESTIONS, QUESTION, who="admin", decisions={"topic": {"新主题": ADD}})
    assert numbers(report) == (1, 0, 0, 0), report["why"]
    assert "新主题" in set(house.session.scalars(names))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_check_writes_nothing_and_leaves_the_session_whole(house, read):
    before = house.session.scalar(select(func.count()).select_from(Customer))
    report = read(CUSTOMERS, "Name,Phone\n王小明,13800009999\n", mode=CHECK)
    assert numbers(report)[3] == 0
    assert house.session.scalar(select(func.count()).select_from(Customer)) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_records_name_each_other_by_number_or_name(house, read):
    supervisor = house.actor("supervisor")
    customer = create(house.session, supervisor, Customer, {"name": "王小明", "phone": "1"})
    create(house.session, supervisor, Customer, {"name": "李丽", "phone": "2"})
    create(house.session, supervisor, Customer, {"name": "李丽", "phone": "3"})
    vehicles = "records.core.Vehicle"
    report = read(vehicles, f"Customer,Plate number\n{customer.number},沪A12345\n"
                            f"{customer},沪A12346\n王小明,沪A12347\n李丽,沪A12348\n",
                  mode=GOOD)
    assert numbers(report) == (3, 0, 0, 1)
    assert "give the number" in report["why"]
    owners = set(house.session.scalars(
        select(Vehicle.customer_id).where(Vehicle.plate.startswith("沪A1234"))))
    assert owners == {customer.id}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_without_versions_and_keys_of_several_fields(house, read):
    assert numbers(read("records.core.Team", "名称,Department\n新组,客户服务部\n",
                        who="hr")) == (1, 0, 0, 0)
    team = house.session.scalar(select(Team).where(Team.name == "新组"))
    # What the file does not tell has the default that the form would show.
    assert team is not None and team.active
    text = "Member of staff,From,Until,Reason\n1004,2030-01-02 09:00,2030-01-05 18:00,培训\n"
    staff = house.session.scalar(select(Staff).where(Staff.number == "1004"))
    assert numbers(read("records.core.Absence", text, who="hr")) == (1, 0, 0, 0)
    assert numbers(read("records.core.Absence", text, who="hr")) == (0, 0, 1, 0)
    [absence] = house.session.scalars(select(Absence).where(
        Absence.staff_id == staff.id, Absence.reason == "培训"))
    assert absence.starts_at.isoformat() == "2030-01-02T01:00:00+00:00"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_moment_to_the_second_is_known_again(house, read):
    """The form keeps minutes: asked for by the second, each reading made one more."""
    text = "Member of staff,From,Until\n1004,2030-01-02 09:00:30,2030-01-05 18:00:59\n"
    assert numbers(read("records.core.Absence", text, who="hr")) == (1, 0, 0, 0)
    assert numbers(read("records.core.Absence", text, who="hr")) == (0, 0, 1, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_plugins_records_and_custom_fields_come_in_too(house, read):
    define_field(house.session, house.actor("admin"), Customer, CustomField(
        name="size", kind="choices", label="Size", label_zh="规模",
        choices=(CustomChoice("s", "Small", "小"), CustomChoice("l", "Large", "大")),
    ))
    report = read(CUSTOMERS, "Name,Phone,规模\n王小明,13800009999,小；Large\n")
    assert numbers(report) == (1, 0, 0, 0), report["why"]
    customer = house.session.scalar(select(Customer).where(Customer.name == "王小明"))
    assert customer.extra == {"size": ["s", "l"]}
    assert numbers(read("records.complaints.Incident", "主题\n刹车异响集中投诉\n",
                        who="admin")) == (1, 0, 0, 0)
    assert house.session.scalar(select(Incident.subject)) == "刹车异响集中投诉"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rules_of_the_record_hold_for_files(read):
    report = read("records.complaints.Incident", "主题,Representatives (at most 5)\n"
                  "多人,王一、王二、王三、王四、王五、王六\n", who="admin")
    assert numbers(report) == (0, 0, 0, 1) and "There are 6 names" in report["why"], report


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_may_not_has_no_importer(house, desk):
    agent, supervisor = desk("agent"), desk("supervisor")
    assert "/imports/records.core.Customer/" in supervisor.get("/customers/list/").text
    assert "/imports/records.core.Customer/" not in agent.get("/customers/list/").text
    assert supervisor.get("/imports/records.core.Customer/").status_code == 200
    assert agent.get("/imports/records.core.Customer/").status_code == 403
    assert supervisor.get("/imports/records.core.Staff/").status_code == 403
    for kind in ("csv", "xlsx"):
        answer = supervisor.get(f"/imports/records.core.Customer/template/{kind}")
        assert answer.status_code == 200 and answer.data


def test_the_worker_reads_customers_in_from_the_screen(house, desk, work):
    supervisor = desk("supervisor")
    text = "名称,电话,出生日期\n王小明,13800009999,1990-05-06\n李丽,13900009999,X\n"
    run = checked(supervisor, work, text, "records.core.Customer")
    page = supervisor.get(run).text
    assert "Enter a date like 2026-01-31." in page
    started = supervisor.send(f"{run}/start", {"mode": "good"})
    report = work().result
    assert (report["created"], report["rejected"]) == (1, 1)
    assert "王小明" in supervisor.get("/customers/list/?q=13800009999").text
    assert supervisor.get(started.location).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_right_to_import_is_not_the_right_to_add_or_change(house, read):
    text = "Name,Phone,Address\n王小明,13800009999,旧址\n"
    assert numbers(read(CUSTOMERS, text)) == (1, 0, 0, 0)
    whole = house.actor("supervisor")
    less = dataclasses.replace(whole, permissions=whole.permissions - {
        ("can_add", "core.Customer"), ("can_edit", "core.Customer")})
    for line, said in (("王小明,13800009999,新址", "may not change"), ("新人,1,x", "may not add")):
        report = read(CUSTOMERS, f"Name,Phone,Address\n{line}\n", who=less)
        assert numbers(report) == (0, 0, 0, 1) and said in report["why"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_others_have_is_neither_changed_nor_shown(house, read):
    # Loans are seen where the customer is; these belong to nobody whom the agent may see.
    with write(house.session):
        house.session.add(Incident(
            number="QT-2026-000001", subject="Theirs", department_id=None, version=1, extra={}))
    report = read("records.complaints.Incident", "Subject,Description\nTheirs,taken\n",
                  who=dataclasses.replace(house.actor("supervisor"), permissions=frozenset({
                      (name, "complaints.Incident")
                      for name in ("can_import", "can_add", "can_edit", "can_list", "can_show")})))
    assert numbers(report) == (0, 0, 0, 1), report
    assert "may not see" in report["why"]
    assert house.session.scalar(select(Incident.description)) != "taken"


def test_reasons_name_the_columns_of_the_file(read):
    """Whether a rule of the field or the form refuses, the person looks for the same word."""
    report = read("records.core.Team", "名称,Department\n,客户服务部\n新组,没有部门\n", who="admin")
    assert [problem["column"] for problem in report["problems"]] == [
        "名称", "Department",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", [CUSTOMERS, "complaints.complaints"])
def test_templates_name_custom_fields_in_the_language_of_the_page(house, desk, name):
    model = {CUSTOMERS: Customer}.get(name, Complaint)
    define_field(house.session, house.actor("admin"), model, CustomField(
        name="loss", kind="money", label="Loss", label_zh="损失金额"))
    admin = desk("admin")
    for language, label in (("zh", "损失金额"), ("en", "Loss")):
        admin.send("/account/language", {"locale": language})
        header = admin.get(f"/imports/{name}/template/csv").text
        assert label in header.strip("\ufeff\r\n").split(",")


def test_words_behind_a_number_are_named_with_their_cell(read):
    report = read(CUSTOMERS, "名称,电话\n王小明,13800138000 (妈妈)\n李娜,13800138001\n", mode=GOOD)
    assert numbers(report) == (1, 0, 0, 1)
    assert "王小明" in report["why"] and "李娜" not in report["why"]
    assert "one number alone" in report["why"] or "只填写一个号码" in report["why"]


def test_events_of_customers_come_in_once(house, read):
    customer = create(house.session, house.actor("agent"), Customer, {"name": "王小明"})
    text = (f"Customer,Kind,Happened at,Details\n{customer.number},Delivery,2026-11-20 10:00,交车\n"
            f"{customer.number},Workshop visit,2026-11-21 09:30,保养\n"
            "KH-0000-000000,Delivery,2026-11-20 10:00,nobody\n")
    report = read("records.core.CustomerEvent", text, mode=GOOD)
    assert numbers(report) == (2, 0, 0, 1)
    events = house.session.scalars(select(CustomerEvent).order_by(CustomerEvent.id)).all()
    assert [(one.customer_id, one.kind, one.detail) for one in events] == [
        (customer.id, "delivered", "交车"), (customer.id, "workshop_visit", "保养")]
    again = read("records.core.CustomerEvent", text, mode=GOOD, on_existing=SKIP)
    assert numbers(again) == (0, 0, 2, 1)


@pytest.mark.both_databases
def test_rows_are_known_again_however_their_number_is_written(house, read):
    read(CUSTOMERS, "Name,Phone,Address\n王小明,13800009999,一号\n李丽,13900009999,二号\n")
    report = read(CUSTOMERS, "Name,Phone,Address\n"
                             "王小明,138 0000 9999,三号\n李丽,+86 139-0000-9999,二号\n"
                             "李丽,13800009999,四号\n张伟,,五号\n", mode=GOOD)
    assert numbers(report) == (1, 1, 1, 1), report["why"]
    held = house.session.execute(select(Customer.name, Customer.address).order_by(Customer.id))
    assert [tuple(row) for row in held] == [
        ("王小明", "三号"), ("李丽", "二号"), ("李丽", "四号")]


def test_what_older_keys_have_encrypted_is_known_again(house, read, monkeypatch):
    text = "Name,Phone\n王小明,13800009999\n"
    read(CUSTOMERS, text)
    newer = KeyRing((FieldKey("a newer key, of which nothing is stored yet"), *ring().keys))
    monkeypatch.setattr(keyring, "_sources", [lambda: newer])
    assert numbers(read(CUSTOMERS, text)) == (0, 0, 1, 0)


def test_a_row_that_names_the_same_as_one_before_it_in_the_file_makes_nothing_twice(house, read):
    report = read(CUSTOMERS, "Name,Phone,Address\n"
                             "王小明,13800009999,一号\n王小明,138 0000 9999,二号\n", mode=GOOD)
    assert numbers(report) == (1, 1, 0, 0), report["why"]
    assert list(house.session.scalars(select(Customer.address))) == ["二号"]


def test_hundreds_of_rows_are_checked_and_written_with_few_statements(house, read):
    def lines(first):
        return "Name,Phone\n" + "".join(
            f"客户{place},{13800000000 + place}\n" for place in range(first, first + 300))

    def statements(mode, first):
        found = house.statements_of(lambda: read(CUSTOMERS, lines(first), mode=mode))
        return sum("customers_customer" in statement for statement, _ in found)

    assert statements(CHECK, 0) <= 20
    # Portions of at first 25 rows, each looked up, written and shown.
    assert statements(GOOD, 0) <= 150
    # Known again: those that are there are read as well.
    assert statements(CHECK, 0) <= 25
