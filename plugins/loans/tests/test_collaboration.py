"""What other plugins may ask for, hear of and see on customers; imports; products."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.sdk.abilities import call
from app.sdk.errors import Invalid
from app.sdk.records import create, links_of, update
from app.sdk.services import SYSTEM
from plugins.loans.models import LoanApplication, LoanDocumentKind, LoanProduct, Requirement
from plugins.loans.tests.helpers import approved, customer, key_of, received, step

PRODUCT = {"code": "x", "name": "Test", "rate": Decimal(5), "terms": "36, 12",
           "amount_from": Decimal(1_000), "amount_to": Decimal(2_000),
           "down_payment_share": Decimal(0)}


def test_an_application_is_opened_by_name(house):
    one, agent = customer(house), house.actor("agent")
    made = call(house.session, agent, "loans.open", {
        "customer_id": one.id, "product_id": key_of(house, LoanProduct, "new_car"),
        "amount": Decimal(100_000), "term_months": 12, "source": "enquiry"}, origin=one)
    assert isinstance(made, LoanApplication) and made.owner_id == agent.user_id
    assert [link.summary.number for link in links_of(house.session, agent, one)] == [made.number]


def test_telling_is_an_event_and_a_link_to_the_loan(house):
    from app.jobs.models import OutboxRow

    application = approved(house)
    step(house, application, "agent", "tell", told_channel="phone", told_text="x", takes_up=True)
    agent = house.actor("agent")
    kinds = {link.summary.record_type for link in links_of(house.session, agent, application)}
    assert "customers.loan" in kinds
    sent = [row.payload for row in house.session.scalars(select(OutboxRow))
            if row.payload.get("event") == "loans.told"]
    assert sent and all(one["data"] == {"result": "approved"} for one in sent)


def test_a_product_is_checked(house):
    hr = house.actor("admin")
    post = house.session.scalars(select(LoanProduct.first_post_id)).first()
    made = create(house.session, hr, LoanProduct, {**PRODUCT, "first_post_id": post})
    assert made.terms == "12, 36"
    for wrong, column in (({"terms": "x"}, "terms"), ({"rate": Decimal(101)}, "rate"),
                          ({"amount_to": Decimal(10)}, "amount_to"),
                          ({"second_post_id": post}, "second_post_id")):
        with pytest.raises(Invalid, match=column):
            update(house.session, hr, made, wrong)
    update(house.session, hr, made, {"active": False})
    with pytest.raises(Invalid, match="product_id"):
        received(house, product_id=made.id, amount=Decimal(1_500), term_months=12,
                 vehicle_price=None, down_payment=None)


def test_a_product_asks_for_a_document_once(house):
    values = {"product_id": key_of(house, LoanProduct, "new_car"),
              "kind_id": key_of(house, LoanDocumentKind, "identity")}
    with pytest.raises(Invalid, match="kind_id"):
        create(house.session, SYSTEM, Requirement, values)
    made = create(house.session, SYSTEM, Requirement, {**values, "condition": "retired"})
    with pytest.raises(Invalid, match="valid_days"):
        update(house.session, SYSTEM, made, {"valid_days": 0})


def test_a_change_of_the_rate_leaves_applications_as_they_are(house):
    application = received(house)
    product = house.session.get(LoanProduct, application.product_id)
    update(house.session, SYSTEM, product, {"rate": Decimal(9)})
    update(house.session, house.actor("agent"), application, {"term_months": 24})
    assert (application.rate, application.instalment) == (Decimal("4.80"), Decimal("4378.19"))


def test_shipped_lists_stay_as_an_admin_left_them(house):
    from app.sdk.services import write
    from plugins.loans.initial_data import load

    product = house.session.get(LoanProduct, key_of(house, LoanProduct, "new_car"))
    update(house.session, SYSTEM, product, {"name": "Other"})
    count = house.session.query(Requirement).count()
    with write(house.session):
        load(house.session)
    house.session.refresh(product)
    assert product.name == "Other" and house.session.query(Requirement).count() == count
