"""Pages, documents, figures and API of loan applications, by role and language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event

from app.sdk.errors import Invalid
from app.sdk.services import write
from plugins.loans.checklist.services import documents_of
from plugins.loans.models import LoanApplication, LoanProduct
from plugins.loans.tests.helpers import (
    INTAKE,
    approved,
    customer,
    hand_in,
    handed_over,
    in_approval,
    in_review,
    key_of,
    reason,
    received,
    step,
)


@pytest.fixture
def statements(house):
    """Collect the SQL statements that run while a test clears and reads the list."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    engine = house.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def token(client, address):
    return client.get(address).text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def page_of(application, what="show"):
    """Return the address of a page of an application."""
    return f"/loan-applications/{what}/{application.id}"


def in_language(client, language):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def test_pages_open_for_every_role(house):
    application = in_approval(house)
    for username in ("agent", "supervisor", "songwei", "admin"):
        client = house.client(username)
        for address in ("/loan-applications/list/", page_of(application),
                        "/loan-products/list/",
                        "/loan-problems/list/",
                        "/loan-refusal-reasons/list/",
                        f"/loan-applications/panel/{application.id}/loans/course.html"):
            answer = client.get(address)
            assert answer.status_code in (200, 404) and "Traceback" not in answer.text
            if "panel" not in address:
                assert answer.status_code == 200, (username, address)


def test_the_form_takes_an_application_in(house):
    client = house.client("agent")
    answer = client.post("/loan-applications/add", data={
        "customer": customer(house).id, "product": key_of(house, LoanProduct, "new_car"),
        "amount": "100000", "term_months": "36", "vehicle_text": "汉", "source": "showroom",
        "csrf_token": token(client, "/loan-applications/add")})
    assert answer.status_code == 302, answer.text[:2000]
    house.session.rollback()
    [made] = house.session.query(LoanApplication).all()
    assert made.state == "received" and made.instalment == Decimal("2988.12")


def test_income_and_credit_record_are_masked(house):
    application = received(house, credit_record="两次逾期 35 天")
    page = house.client("agent").get(page_of(application)).text
    assert "12000" not in page and "逾期 35" not in page
    stored = house.session.connection().exec_driver_sql(
        "SELECT monthly_income, credit_record FROM loans_application").one()
    assert "12000" not in str(stored) and "逾期" not in str(stored)
    answer = house.client("agent").get(f"/api/v1/loan-applications/{application.id}")
    assert "12000" not in answer.text


def test_what_is_to_be_brought_is_shown_with_words_for_it(house):
    application = received(house)
    page = in_language(house.client("agent"), "zh").get(page_of(application)).text
    assert "客户待交材料" in page and "身份证明" in page and "5 份材料待交" in page
    page = in_language(house.client("agent"), "en").get(page_of(application)).text
    assert "Identity document" in page and "5 documents to bring" in page
    of_customer = house.client("agent").get(f"/customers/show/{application.customer_id}").text
    assert "5 份材料待交" in of_customer or "5 documents to bring" in of_customer


def test_a_row_of_the_checklist_opens_its_dialog(house):
    application = in_review(house)
    kind = documents_of(house.session, application)[0].kind_id
    for name in ("enter_document", "check_document"):
        answer = house.client("wanghao").get(
            page_of(application, "act") + f"/{name}?kind={kind}")
        assert answer.status_code == 200 and f'value="{kind}"' in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_is_printed_in_both_languages(house, language):
    application = step(house, in_approval(house), "songwei", "refuse",
                       refusal_reason_id=reason(house))
    step(house, application, "agent", "tell_refusal", told_channel="phone", told_text="说明")
    client = in_language(house.client("agent"), language)
    answer = client.get(f"/loan-applications/{application.id}/application.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


def test_figures_open_the_records_behind_them(house):
    approved(house)
    step(house, in_approval(house), "songwei", "refuse", refusal_reason_id=reason(house))
    client = in_language(house.client("supervisor"), "en")
    page = client.get("/loan-applications/figures?period=this_year")
    assert page.status_code == 200 and "50.0 %" in page.text and "1 of 2" in page.text.replace(
        "1 / 2", "1 of 2")
    assert "Income not sufficient" in page.text
    for name in ("reasons", "months", "states"):
        answer = client.get(f"/loan-applications/figures/{name}?period=this_year")
        assert sum(answer.json["series"][0]["values"]) in (1, 2)
        assert client.get(f"/loan-applications/figures/{name}?format=csv").mimetype == "text/csv"
    assert client.get("/loan-applications/figures/nothing").status_code == 404
    assert house.client("agent").get("/loan-applications/figures").status_code == 403


def test_telling_begins_with_words_for_the_customer(house):
    application = approved(house)
    page = in_language(house.client("agent"), "zh").get(page_of(application, "act") + "/tell").text
    assert "月供 2,988.12 元" in page and "身份证和银行卡" in page


def test_the_api_takes_in_and_moves_on(house):
    client = house.client("agent")
    headers = {"X-CSRFToken": token(client, "/loan-applications/add")}
    answer = client.post("/api/v1/loan-applications/", headers=headers, json={
        "customer": customer(house).id, "product": key_of(house, LoanProduct, "new_car"),
        **{name: float(INTAKE[name]) for name in ("amount", "down_payment", "vehicle_price")},
        "term_months": 36, "employment": "employed", "monthly_income": "12000",
        "vehicle_text": "汉"})
    assert answer.status_code == 201, answer.text
    house.session.rollback()
    [made] = house.session.query(LoanApplication).all()
    answer = client.post(
        f"/api/v1/loan-applications/{made.id}/actions/ask_documents", headers=headers,
        json={"asked_text": "请补交", "version": made.version})
    assert answer.status_code == 200, answer.text
    house.session.rollback()
    house.session.refresh(made)
    assert made.state == "documents_missing"
    wrong = client.post("/api/v1/loan-applications/", headers=headers, json={
        "customer": made.customer_id, "product": made.product_id, "amount": 1,
        "term_months": 7})
    assert wrong.status_code == 422 and {"amount", "term_months"} <= set(wrong.json["errors"])


def test_other_departments_see_nothing(house):
    application = handed_over(house)
    for username in ("linna", "luoting", "mengdie"):
        assert house.client(username).get(page_of(application)).status_code == 404
    assert house.client("tangli").get(page_of(application)).status_code == 200


def test_a_record_page_costs_few_statements(house, statements):
    application = in_review(house)
    client = house.client("agent")
    client.get(page_of(application))
    statements.clear()
    client.get(page_of(application))
    assert len(statements) <= 12, statements


def test_a_list_costs_few_statements(house, statements):
    for _ in range(3):
        received(house)
    client = house.client("agent")
    client.get("/loan-applications/list/")
    statements.clear()
    client.get("/loan-applications/list/")
    assert len(statements) <= 8, statements


def test_a_file_that_is_taken_off_is_missing_again(house):
    from app.records.files import detach, file_of

    application = hand_in(house, received(house))
    document = documents_of(house.session, application)[0]
    with write(house.session):
        detach(house.session, house.actor("agent"), application,
               file_of(house.session, application, document.file_id))
    house.session.expire_all()
    page = in_language(house.client("agent"), "en").get(page_of(application)).text
    assert "Not handed in" in page


def test_each_role_is_offered_what_it_may_do(house):
    application = in_review(house)
    page = house.client("wanghao").get(page_of(application)).text
    assert "check_document?kind=" in page and "enter_document?kind=" in page
    page = house.client("leader").get(page_of(application)).text
    assert "check_document?kind=" not in page and "enter_document?kind=" not in page
    assert "/loan-applications/figures" in house.client("supervisor").get(
        "/loan-applications/list/").text
    assert "/loan-applications/figures" not in house.client("agent").get(
        "/loan-applications/list/").text


def test_the_dialog_of_a_document_takes_its_file(house):
    application = received(house)
    address = f"/loan-applications/act/{application.id}/enter_document"
    page = house.client("agent").get(address, headers={"Accept-Language": "en"}).text
    assert f'data-upload="/loan-applications/files/{application.id}"' in page
    assert "No file yet" in page
    [kind] = [one.kind_id for one in documents_of(house.session, application)][:1]
    for chosen in ("", "0", "999"):
        with pytest.raises(Invalid) as refused:
            step(house, application, "agent", "enter_document", kind_id=kind, file_id=chosen)
        assert list(refused.value.errors) == ["file_id"]
