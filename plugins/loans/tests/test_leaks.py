"""An application of others does not exist; income and credit record are masked in every output."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.sdk.abilities import call
from app.sdk.errors import CarelineError
from app.sdk.records import update
from plugins.loans.checklist.services import documents_of
from plugins.loans.tests.helpers import hand_in, in_approval, in_review, received
from plugins.loans.tests.test_screens import page_of

INCOME, CREDIT, NAME = "73219", "两次逾期记录", "别人的客户"


@pytest.fixture
def foreign(house):
    """An application that the second hotline team has taken in."""
    return hand_in(house, received(house, "liuyang", monthly_income=INCOME, credit_record=CREDIT,
                                   customer_name=NAME))


def test_every_way_to_a_foreign_application_is_a_404(house, foreign):
    client, key = house.client("agent"), foreign.id
    file = documents_of(house.session, foreign)[0].file_id
    for address in (
        page_of(foreign), f"/loan-applications/edit/{key}", f"/loan-applications/flow/{key}",
        f"/loan-applications/peek/{key}", f"/loan-applications/{key}/application.pdf",
        f"/loan-applications/files/{key}/{file}", f"/loan-applications/act/{key}/enter_document",
        f"/api/v1/loan-applications/{key}",
    ):
        assert client.get(address).status_code == 404, address
        assert house.client("liuyang").get(address).status_code == 200, address
    own = received(house, "agent")
    assert client.get(f"/loan-applications/files/{own.id}/{file}").status_code == 404


def test_no_list_card_or_page_of_the_customer_tells_of_a_foreign_application(house, foreign):
    client = house.client("agent")
    for address in (
        "/", "/loan-applications/list/", "/loan-applications/list/?mode=board",
        f"/loan-applications/list/?q={NAME}", "/api/v1/loan-applications/",
        f"/customers/show/{foreign.customer_id}", f"/palette/?q={foreign.number}",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.text
        assert f"/loan-applications/show/{foreign.id}" not in page, address
        assert f"{foreign.number} " not in page.replace(f"q={foreign.number}", ""), address
    with pytest.raises(CarelineError):
        call(house.session, house.actor("agent"), "customers.note", {"text": "x"}, origin=foreign)


def test_income_and_credit_record_are_masked_in_every_output(house):
    application = in_review(house)
    update(house.session, house.actor("supervisor"), application,
           {"monthly_income": INCOME, "credit_record": CREDIT})
    key = application.id
    for username in ("agent", "supervisor", "admin"):
        client = house.client(username)
        for address in (
            page_of(application), f"/loan-applications/edit/{key}",
            "/loan-applications/list/", f"/loan-applications/peek/{key}",
            f"/loan-applications/flow/{key}", f"/api/v1/loan-applications/{key}",
            "/api/v1/loan-applications/", "/loan-applications/export/csv?all=1",
            f"/customers/show/{application.customer_id}", "/audit/", "/",
            "/loan-applications/list/?mode=board",
        ):
            answer = client.get(address)
            assert answer.status_code in (200, 403), address
            text = answer.text
            assert INCOME not in text and CREDIT not in text, (username, address)
    body = house.client("supervisor").get("/loan-applications/export/xlsx?all=1").data
    sheet = zipfile.ZipFile(io.BytesIO(body))
    held = "".join(sheet.read(name).decode(errors="replace") for name in sheet.namelist())
    assert application.number in held and INCOME not in held and CREDIT not in held


def test_an_approver_reads_masks(house):
    application = in_approval(house)
    page = house.client("songwei").get(page_of(application)).text
    assert "12000" not in page and "1****" in page


def test_the_reminder_names_neither_income_nor_numbers(house):
    application = received(house, "agent", monthly_income=INCOME)
    page = house.client("agent").get(page_of(application)).text
    text = page.split('id="to-bring-text"', 1)[1].split("</p>", 1)[0]
    assert application.number in text and "138" not in text
