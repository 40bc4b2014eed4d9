"""No page, file, answer, log or table tells a number to somebody who has not revealed it."""

from __future__ import annotations

import io

import orjson
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.access.models import AuditEntry
from app.customers.models import Customer
from app.notices.models import Notice
from app.sdk.services import create, update
from plugins.complaints.paper import record_form, report
from plugins.complaints.tests.helpers import step
from tests.integration.admin.sensitive.conftest import (
    CLEAR,
    CONTACT,
    CONTACT_MASK,
    ID_MASK,
    ID_NUMBER,
    MASK,
    PHONE,
    told,
)
from tests.integration.admin.test_imports import checked

CUSTOMER_COLUMNS = "columns=number&columns=name&columns=phone&columns=id_number"


def addresses(records) -> list[str]:
    """Return every address that shows the customer or the complaint."""
    pk, case = records.customer.id, records.complaint.id
    return [
        "/", "/customers/list/?all=1", f"/customers/show/{pk}", f"/customers/peek/{pk}",
        f"/customers/edit/{pk}", f"/customers/timeline/{pk}", f"/customers/fact/{pk}/phone",
        f"/customers/cell/{pk}/phone", f"/customers/cell/{pk}/phone?show=1",
        f"/customers/related/{pk}/ComplaintView", "/customers/filters?all=1",
        "/complaints/list/?all=1", "/complaints/list/?all=1&mode=board",
        "/complaints/list/?all=1&mode=calendar", f"/complaints/show/{case}",
        f"/complaints/peek/{case}", f"/complaints/edit/{case}", f"/complaints/timeline/{case}",
        f"/complaints/fact/{case}/contact", f"/complaints/earlier?customer={pk}",
        f"/complaints/add?customer={pk}", f"/complaints/{case}/record-form.pdf",
        f"/complaints/{case}/report.pdf",
        "/api/v1/complaints/", f"/api/v1/complaints/{case}",
        "/search/?q=王小明", "/search/?q=4321", "/palette/records?q=4321",
        "/palette/records?q=王小", "/api/v1/pick/record/customers.customer?q=4321",
        "/complaints/options/customer?q=4321", "/notices/",
    ]


@pytest.mark.parametrize("username", ["agent", "supervisor", "leader"])
def test_no_page_tells_a_number(records, desk, username):
    person, shown = desk(username), []
    for address in addresses(records):
        answer = person.get(address)
        assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code)
        assert told(answer.data) == [], address
        shown += [address] * (answer.status_code == 200)
    assert len(shown) > len(addresses(records)) / 2, shown


def test_masks_are_shown_where_the_numbers_were(records, desk):
    supervisor = desk("supervisor")
    page = supervisor.get(f"/customers/show/{records.customer.id}").text
    assert MASK in page and ID_MASK in page
    assert MASK in supervisor.get("/customers/list/?all=1").text
    assert CONTACT_MASK in supervisor.get(f"/complaints/show/{records.complaint.id}").text
    edit = supervisor.get(f"/customers/edit/{records.customer.id}").text
    assert f'value="{MASK}"' in edit and f'value="{ID_MASK}"' in edit
    answer = supervisor.get(f"/api/v1/complaints/{records.complaint.id}").json
    assert answer["result"]["contact"] == CONTACT_MASK


def test_the_pdf_holds_masks(house, records, desk):
    with house.app.test_request_context():
        house.app.preprocess_request()
        import app.web.request as web_request
        keep = web_request.current_actor
        web_request.current_actor = lambda: house.actor("supervisor")
        try:
            forms = [record_form(records.complaint), report(records.complaint)]
        finally:
            web_request.current_actor = keep
    text = orjson.dumps(forms, default=str).decode()
    assert CONTACT_MASK in text
    assert told(text) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_masks(records, desk, kind):
    supervisor = desk("supervisor")
    data = supervisor.get(f"/customers/export/{kind}?all=1").data
    text = data.decode("utf-8-sig") if kind == "csv" else str(
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())
    assert MASK in text
    assert told(text) == []
    chosen = supervisor.send("/customers/export/csv", {"row": str(records.customer.id)})
    assert MASK in chosen.text and told(chosen.text) == []


def test_searches_find_by_the_whole_number_and_its_last_four(records, desk):
    agent = desk("agent")
    for asked in (PHONE, "138 7654 4321", "%2B86 138-7654-4321", "4321", ID_NUMBER, "4258",
                  "110101 19900307 4258"):
        for address in ("/search/?q={}", "/customers/list/?all=1&q={}", "/palette/records?q={}",
                        "/complaints/options/customer?q={}",
                        "/api/v1/pick/record/customers.customer?q={}"):
            answer = agent.get(address.format(asked))
            page = answer.json if answer.is_json else answer.text
            assert "王小明" in str(page), (address, asked)
    for asked in ("7654", "38765", "13876544322", "9999"):
        assert records.customer.number not in agent.get(f"/customers/list/?all=1&q={asked}").text
    found = agent.get(f"/complaints/list/?all=1&q={CONTACT}").text
    assert records.complaint.number in found


def test_filters_take_any_spelling_of_the_whole_number(records, desk):
    agent = desk("agent")
    for asked in (PHONE, "138 7654 4321"):
        page = agent.get(f"/customers/list/?phone__is={asked}").text
        assert records.customer.number in page
    assert records.customer.number not in agent.get("/customers/list/?phone__is=4321").text
    assert records.customer.number in agent.get("/customers/list/?phone__not=4321").text
    assert records.customer.number in agent.get("/customers/list/?phone__filled=1").text
    for refused in ("phone__contains=4321", "phone__starts=138", "all=1&sort=phone"):
        assert agent.get(f"/customers/list/?{refused}").status_code == 400


@pytest.mark.usefixtures("unprotected")
def test_the_audit_trail_and_its_export_hold_masks(house, records, desk):
    update(house.session, house.actor("supervisor"), records.customer, {"phone": CONTACT})
    desk("supervisor").get(f"/customers/export/csv?phone__is={CONTACT}")
    desk("supervisor").get(f"/customers/export/csv?all=1&q={CONTACT}")
    admin = desk("admin")
    for address in ("/audit/", "/audit/?record_type=customers.customer", "/audit/export",
                    "/audit/operations/"):
        page = admin.get(address)
        assert page.status_code == 200 and told(page.data) == [], address
    changes = house.session.scalars(
        select(AuditEntry.changes).where(AuditEntry.record_type == "customers.customer",
                                         AuditEntry.action == "change")).all()
    assert changes == [{"phone": [MASK, CONTACT_MASK]}]


@pytest.mark.usefixtures("unprotected")
def test_a_conflict_shows_masks(house, records, desk):
    supervisor, pk = desk("supervisor"), records.customer.id
    version = records.customer.version
    update(house.session, house.actor("agent"), records.customer, {"phone": CONTACT})
    answer = supervisor.send(f"/customers/edit/{pk}", {
        "version": version, "name": "王大明", "phone": MASK, "phone__shown": MASK})
    assert answer.status_code == 409 and told(answer.data) == []
    assert "王大明" in answer.text
    typed = supervisor.send(f"/customers/edit/{pk}", {
        "version": version, "phone": "13700001111", "phone__shown": MASK})
    assert typed.status_code == 409 and told(typed.data) == []
    assert CONTACT_MASK in typed.text and "13700001111" in typed.text
    cell = supervisor.send(f"/customers/cell/{pk}/phone", {
        "version": version, "phone": "13700001111"})
    assert cell.status_code == 409 and told(cell.data) == []


def test_reports_of_imports_hold_masks(house, records, desk, work):
    table = (f"名称,电话,身份证号,客户等级\n甲,{PHONE},{ID_NUMBER},Z\n"
             f"乙,{CONTACT},{ID_NUMBER},A\n乙,{CONTACT},{ID_NUMBER},A\n丙,139****1234,,A\n")
    who = "supervisor"
    run = checked(desk(who), work, table, importer="records.core.Customer", mode="good")
    page = desk(who).get(run).text
    assert MASK in page or CONTACT_MASK in page
    assert told(page) == []
    jobs = desk(who).get("/jobs/")
    assert told(jobs.data) == []


def test_notices_name_records_by_number_and_name_only(house, records, desk):
    step(house, records.complaint, "agent", "assess", severity="serious", urgency="high",
         cause_analysis="合同条款告知不足")
    for notice in house.session.scalars(select(Notice)):
        values = {column.name: getattr(notice, column.key) for column in Notice.__table__.columns}
        assert told(str(values)) == []


def test_the_database_itself_holds_no_number(house, records, desk, database_text):
    agent = desk("agent")
    agent.send("/customers/draft/", {"name": "draft", "phone": PHONE, "id_number": ID_NUMBER})
    agent.send(f"/complaints/draft/{records.complaint.id}", {"contact": CONTACT})
    agent.send("/customers/views/save?all=1&phone__is=" + PHONE, {"title": "mine"})
    agent.send(f"/customers/views/save?all=1&q={PHONE}", {"title": "mine"})
    update(house.session, house.actor("agent"), records.customer, {"phone": CONTACT})
    update(house.session, house.actor("agent"), records.complaint, {
        "reason": "请回电"})
    create(house.session, house.actor("agent"), Customer, {"name": "other", "phone": PHONE})
    held = database_text()
    assert "王小明" in held or "KH-" in held
    assert [number for number in CLEAR if number in held] == []
    assert agent.get("/customers/draft/").json["values"]["phone"] == [PHONE]


def test_a_view_that_looks_for_a_number_is_refused(records, desk):
    agent = desk("agent")
    for asked in (f"phone__is={PHONE}", f"q={PHONE}", f"phone__not={PHONE}"):
        answer = agent.send(f"/customers/views/save?{asked}", {"title": "mine"})
        assert answer.status_code == 422 and "cannot be saved" in answer.text
    assert agent.send("/customers/views/save?phone__empty=1", {"title": "mine"}).status_code in (
        204, 302)
