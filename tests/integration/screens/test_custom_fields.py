"""Custom fields: defined as data, and from then on everywhere a column is."""

from __future__ import annotations

import io
import re

import pytest

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.database import db
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import (
    BadDefinition,
    change_field,
    custom_fields_of,
    define_field,
    retire_field,
)
from app.records.services import create, update
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case

COLOUR = CustomField(
    name="colour", kind="choice", label="Colour", label_zh="颜色",
    choices=(CustomChoice("red", "Red", "红色"), CustomChoice("blue", "Blue", "蓝色")),
)
FIELDS = (
    COLOUR,
    CustomField(name="plate", kind="text", label="Plate", label_zh="车牌", required=True),
    CustomField(name="story", kind="long_text", label="Story"),
    CustomField(name="mileage", kind="number", label="Mileage"),
    CustomField(name="bought", kind="date", label="Bought on"),
    CustomField(name="member", kind="boolean", label="Member"),
    CustomField(name="wishes", kind="choices", label="Wishes", choices=(
        CustomChoice("call", "Call back"), CustomChoice("visit", "Visit"),
        CustomChoice("no_sms", "No SMS"))),
)
FILLED = {
    "x_colour": "blue", "x_plate": "苏A12345", "x_mileage": "12000.5", "x_bought": "2026-03-01",
    "x_member": "y", "x_wishes": ["", "visit", "call"], "x_story": "两行\n文字",
}


@pytest.fixture
def defined(app):
    with app.app_context():
        for field in FIELDS:
            define_field(db.session, SYSTEM, Case, field)


def newest(app) -> Case:
    with app.app_context():
        return db.session.query(Case).order_by(Case.id.desc()).first()


@pytest.mark.both_databases
def test_a_field_is_on_form_and_page_and_kept_as_data(browser, app, defined):
    agent = browser("agent")
    form = agent.get("/sample/cases/add").text
    assert "More information" in form and 'name="x_plate"' in form and ">Blue<" in form
    assert agent.send("/sample/cases/add", {"subject": "x", **FILLED}).status_code == 302
    case = newest(app)
    assert case.extra == {
        "colour": "blue", "plate": "苏A12345", "mileage": 12000.5, "bought": "2026-03-01",
        "member": True, "wishes": ["call", "visit"], "story": "两行\n文字",
    }
    page = agent.get(f"/sample/cases/show/{case.id}").text
    assert "苏A12345" in page and "Call back, Visit" in page and "12,000.5" in page
    edit = agent.get(f"/sample/cases/edit/{case.id}").text
    assert 'value="2026-03-01"' in edit and 'value="12000.5"' in edit


def test_a_question_that_nobody_answered_stays_unanswered(browser, app, defined):
    with app.app_context():
        (key,) = add_cases(1, subject="before the field", extra={"plate": "A1"})
    agent, page = browser("agent"), f"/sample/cases/show/{key}"
    path = f"/sample/cases/edit/{key}"
    form = agent.get(path).text
    sent = {
        "subject": "after it", "version": re.search(r'name="version"[^>]*value="(\d+)"', form)[1],
        "x_plate": "A1", "x_member": "", "x_wishes": "",
    }
    assert agent.send(path, sent).status_code == 302
    with app.app_context():
        assert "member" not in (db.session.get(Case, key).extra or {})
    assert "Member" not in agent.get(page).text.split("timeline")[-1]
    for answer, held in (("false", False), ("true", True), ("", None)):
        form = agent.get(path).text
        sent["version"] = re.search(r'name="version"[^>]*value="(\d+)"', form)[1]
        assert agent.send(path, {**sent, "x_member": answer}).status_code == 302
        with app.app_context():
            assert db.session.get(Case, key).extra.get("member") is held


def test_a_question_that_must_be_answered_takes_no_for_an_answer(browser, app):
    with app.app_context():
        define_field(db.session, SYSTEM, Case, CustomField(
            name="member", kind="boolean", label="Member", required=True))
    agent = browser("agent")
    assert agent.send("/sample/cases/add", {"subject": "x", "x_member": ""}).status_code == 422
    assert agent.send("/sample/cases/add", {"subject": "x", "x_member": "false"}).status_code == 302
    assert newest(app).extra["member"] is False


def test_the_language_of_the_reader_decides_on_labels(browser, app, defined):
    agent = browser("agent")
    agent.send("/account/language", {"locale": "zh"})
    form = agent.get("/sample/cases/add").text
    assert "更多信息" in form and "车牌" in form and "蓝色" in form and ">Blue<" not in form


def test_values_are_checked_by_kind_and_required_ones_asked_for(browser, app, defined):
    agent = browser("agent")
    answer = agent.send("/sample/cases/add", {
        "subject": "x", "x_plate": "", "x_colour": "green", "x_mileage": "far",
        "x_bought": "yesterday", "x_wishes": ["", "fly"],
    })
    assert answer.status_code == 422
    for key in ("x_plate", "x_colour", "x_mileage", "x_bought", "x_wishes"):
        assert f'href="#{key}"' in answer.text, key
    with app.app_context():
        assert db.session.query(Case).count() == 0


def test_the_service_itself_refuses_what_does_not_fit(app, defined):
    with app.app_context():
        for values in ({"x_colour": "green"}, {"x_nothing": 1}, {"x_mileage": "1e400"},
                       {"x_member": "perhaps"}, {"x_bought": "2026-13-01"}):
            with pytest.raises(BadValue):
                create(db.session, SYSTEM, Case, {"subject": "x", **values})
        assert db.session.query(Case).count() == 0


@pytest.mark.both_databases
def test_what_is_not_sent_stays_and_the_history_names_each_field(browser, app, defined):
    agent = browser("agent")
    agent.send("/sample/cases/add", {"subject": "x", **FILLED})
    case = newest(app)
    agent.send(f"/sample/cases/edit/{case.id}",
               {"version": case.version, "x_colour": "red", "x_wishes": ""})
    changed = newest(app)
    assert changed.extra["plate"] == "苏A12345" and changed.extra["colour"] == "red"
    assert "wishes" not in changed.extra
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="change").one()
        assert entry.changes == {
            "x_colour": ["blue", "red"], "x_wishes": [["call", "visit"], None]}
    page = agent.get(f"/sample/cases/show/{case.id}").text
    assert "<del>Blue</del>" in page and "<ins>Red</ins>" in page
    assert "<del>Call back, Visit</del>" in page


@pytest.mark.both_databases
@pytest.mark.parametrize(("query", "found"), [
    ("x_colour__in=red", ["a"]), ("x_colour__not_in=red", ["b", "c"]),
    ("x_wishes__in=no_sms", ["a"]), ("x_wishes__in=call&x_wishes__in=no_sms", ["a", "b"]),
    ("x_wishes__not_in=call", ["a", "c"]), ("x_mileage__at_least=100", ["b"]),
    ("x_mileage__between=1&x_mileage__between=99.5", ["a"]), ("x_bought__before=2026-02-01", ["a"]),
    ("x_bought__on=2026-03-01", ["b"]), ("x_member__is=true", ["a"]),
    ("x_member__is=false", ["b"]), ("x_member__empty=1", ["c"]), ("x_plate__contains=b1", ["b"]),
    ("x_plate__empty=1", ["c"]), ("x_mileage__filled=1", ["a", "b"]),
])
def test_lists_filter_by_custom_fields(browser, app, defined, query, found):
    with app.app_context():
        for subject, extra in (
            ("a", {"colour": "red", "wishes": ["no_sms"], "mileage": 9.5, "member": True,
                   "bought": "2026-01-31", "plate": "A1"}),
            ("b", {"colour": "blue", "wishes": ["call", "visit"], "mileage": 100,
                   "bought": "2026-03-01", "plate": "B1", "member": False}),
            ("c", {}),
        ):
            add_cases(1, subject=f"case-{subject}", extra=extra)
    page = browser("agent").get(f"/sample/cases/list/?{query}&sort=number").text
    assert [name for name in "abc" if f"case-{name}<" in page] == found, page


@pytest.mark.both_databases
@pytest.mark.parametrize("sort", ["x_mileage", "-x_bought", "x_plate", "-x_colour", "x_member"])
def test_lists_sort_by_custom_fields_and_page_on(browser, app, defined, sort):
    with app.app_context():
        for place in range(5):
            add_cases(1, subject=f"case-{place}", extra={} if place == 4 else {
                "mileage": place * 2.5, "bought": f"2026-03-0{place + 1}", "plate": f"A{place}",
                "colour": "red" if place % 2 else "blue", "member": place > 1})
    agent, seen, address = browser("agent"), [], f"?sort={sort}&size=2&search="
    api = "/api/v1/sample-cases/"
    after = ""
    for _ in range(3):
        body = agent.get(f"{api}{address}&after={after}").json
        seen += [row["subject"] for row in body["result"]]
        after = body["next"]
    assert sorted(seen) == [f"case-{place}" for place in range(5)]
    if sort == "x_mileage":
        assert seen == [f"case-{place}" for place in range(5)]
    if sort == "-x_bought":
        assert seen == ["case-3", "case-2", "case-1", "case-0", "case-4"]


@pytest.mark.both_databases
def test_columns_exports_and_search_know_the_fields(browser, app, defined):
    supervisor = browser("supervisor")
    supervisor.send("/sample/cases/add", {"subject": "x", **FILLED})
    supervisor.send("/sample/cases/columns", {"column": ["number", "x_wishes", "x_colour",
                                                         "x_member", "x_mileage"]})
    page = supervisor.get("/sample/cases/list/").text
    assert "Mileage" in page and "Call back, Visit" in page and ">12,000.5<" in page
    text = supervisor.get("/sample/cases/export/csv").text
    assert "Wishes,Colour,Member,Mileage" in text and '"Call back, Visit",Blue,Yes,12000.5' in text
    assert supervisor.get("/sample/cases/export/xlsx").status_code == 200
    for words in ("苏A123", "蓝色", "Blue", "两行"):
        assert "SC-2" in supervisor.get("/sample/cases/list/", query_string={"q": words}).text


def test_the_api_reads_and_writes_them(browser, app, defined):
    agent = browser("agent")
    made = agent.json_call("POST", "/api/v1/sample-cases/", {
        "subject": "x", "x_plate": "B2", "x_mileage": 7, "x_wishes": ["visit"], "x_member": True})
    assert made.status_code == 201, made.text
    result = made.json["result"]
    assert result["x_wishes"] == ["visit"] and result["x_plate"] == "B2"
    assert float(result["x_mileage"]) == 7 and result["x_member"] in (True, 1)
    key = made.json["id"]
    bad = agent.json_call("PUT", f"/api/v1/sample-cases/{key}",
                          {"version": result.get("version", 1), "x_wishes": "visit"})
    assert bad.status_code == 422 and "x_wishes" in bad.json["errors"]
    missing = agent.json_call("POST", "/api/v1/sample-cases/", {"subject": "x"})
    assert missing.status_code == 422 and "x_plate" in missing.json["errors"]


def test_a_retired_field_keeps_its_values_and_is_read_only(browser, app, defined):
    agent = browser("agent")
    agent.send("/sample/cases/add", {"subject": "x", **FILLED})
    with app.app_context():
        retire_field(db.session, SYSTEM, "sample.case", "plate")
    case = newest(app)
    assert 'name="x_plate"' not in agent.get(f"/sample/cases/edit/{case.id}").text
    assert "苏A12345" in agent.get(f"/sample/cases/show/{case.id}").text
    with app.app_context(), pytest.raises(BadValue):
        update(db.session, SYSTEM, db.session.get(Case, case.id), {"x_plate": "other"})
    agent.send("/sample/cases/add", {"subject": "without"})
    assert "Plate" not in agent.get(f"/sample/cases/show/{newest(app).id}").text


def test_definitions_cost_no_statement_once_they_are_known(browser, app, defined, statements):
    agent = browser("agent")
    agent.get("/sample/cases/list/")
    statements.clear()
    agent.get("/sample/cases/list/")
    agent.get("/sample/cases/add")
    assert not [text for text in statements if "records_custom_field" in text]


def test_definitions_are_checked(app, defined):
    bad = (
        CustomField(name="Colour", label="x"), CustomField(name="colour", label="x"),
        CustomField(name="a__b", label="x"), CustomField(name="ok", label=" "),
        CustomField(name="ok", label="x", kind="picture"),
        CustomField(name="ok", label="x", kind="record"),
        CustomField(name="ok", label="x", kind="record", target="sample.nothing"),
        CustomField(name="ok", label="x", target="sample.case"),
        CustomField(name="ok", label="x", kind="choice"),
        CustomField(name="ok", label="x", choices=(CustomChoice("a", "A"),)),
        CustomField(name="ok", label="x", kind="choice",
                    choices=(CustomChoice("a", "A"), CustomChoice("a", "B"))),
    )
    with app.app_context():
        for field in bad:
            with pytest.raises(BadDefinition):
                define_field(db.session, SYSTEM, Case, field)
        with pytest.raises(BadDefinition):
            change_field(db.session, SYSTEM, "sample.case",
                   CustomField(name="colour", label="Colour", choices=COLOUR.choices[:1]))
        assert len(custom_fields_of(db.session, "sample.case")) == len(FIELDS)
        with pytest.raises(LookupError):
            retire_field(db.session, SYSTEM, "sample.case", "nothing")


# --- the admin's screen --------------------------------------------------------------------------
KIND = "customers.customer"


def test_an_admin_adds_orders_retires_and_files_fields(browser, app):
    admin = browser("admin")
    assert admin.get("/fields/").status_code == 200
    for label, kind, choices in (("车身颜色", "choice", "红色\nblue = Blue | 蓝色"),
                                 ("Nickname", "text", "")):
        answer = admin.send(f"/fields/{KIND}/new", {
            "label_zh": label, "label": "", "kind": kind, "choices": choices, "name": ""})
        assert answer.status_code == 302, answer.text
    with app.app_context():
        first, second = custom_fields_of(db.session, KIND)
        assert (first.name, first.label, first.label_zh) == ("che_shen_yan_se", "车身颜色",
                                                            "车身颜色")
        assert [one.value for one in first.choices] == ["hong_se", "blue"]
    admin.send(f"/fields/{KIND}/order", {"move": f"up {second.name}"})
    page = admin.get(f"/fields/{KIND}").text
    assert page.index("Nickname") < page.index("车身颜色") and "x_nickname" in page
    held = f"/fields/{KIND}/field/{first.name}"
    assert "hong_se = 红色" in admin.get(held).text
    answer = admin.send(held, {"label": "Colour", "label_zh": "颜色", "choices": "blue = Blue"})
    assert answer.status_code == 422 and "hong_se" in answer.text
    admin.send(f"{held}/retire", {"retired": "1"})
    assert "Retired" in admin.get(f"/fields/{KIND}").text
    saved = admin.get(f"/fields/{KIND}/export").data
    assert "che_shen_yan_se" in saved.decode()
    changed = saved.replace(b"label: Nickname", b"label: Short name")
    admin.send(f"/fields/{KIND}/import", {"file": (io.BytesIO(changed), "fields.yaml")})
    with app.app_context():
        assert {field.label for field in custom_fields_of(db.session, KIND)} == {
            "Short name",
            "车身颜色",
        }
        actions = [row.action for row in db.session.query(AuditEntry).filter_by(
            record_type="core.custom_field").order_by(AuditEntry.id)]
        assert actions == ["create", "create", "change", "change", "change"]


@pytest.mark.parametrize("content", [
    b"\xff\xfe", b"a: [", b"- 1", b"record_type: other\nfields: []",
    b"record_type: customers.customer\nfields: [{name: 1, kind: text, label: x}]",
    b"record_type: customers.customer\nfields: [{name: a, kind: choice, label: x, choices: [1]}]",
    b"record_type: customers.customer\nfields: [{name: good, kind: text, label: x},"
    b" {name: BAD, kind: text, label: x}]",
    b"!!python/object/apply:os.system [ls]",
])
def test_a_file_that_does_not_fit_changes_nothing(browser, app, content):
    admin = browser("admin")
    answer = admin.send(f"/fields/{KIND}/import", {"file": (io.BytesIO(content), "f.yaml")},
                        follow_redirects=True)
    assert answer.status_code == 200 and "alert-danger" in answer.text
    with app.app_context():
        assert custom_fields_of(db.session, KIND) == ()


def test_only_those_with_the_right_see_the_screen(browser):
    for path in ("/fields/", f"/fields/{KIND}", f"/fields/{KIND}/export", f"/fields/{KIND}/new"):
        assert browser("agent").get(path).status_code == 403
        assert browser("").get(path).status_code in (302, 401)
    assert browser("agent").send(f"/fields/{KIND}/order", {"move": "up x"}).status_code == 403
    assert browser("admin").get("/fields/nothing.there").status_code == 404
    assert browser("admin").get(f"/fields/{KIND}/field/nothing").status_code == 404
