"""The page of a customer takes few statements, whatever is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from app.access.actor import SYSTEM
from app.customers.models import Customer, Investment, Membership, ServiceTier
from app.customers.ready_made_template import TEMPLATE
from app.customers.verification_models import DocumentKind
from app.records.custom_fields.store import import_fields
from app.sdk.records import act
from app.sdk.services import create

MOST = 12


@pytest.fixture
def statements(house) -> Iterator[list[str]]:
    """Every statement that reaches the database, in order."""
    seen: list[str] = []
    engine = house.session.get_bind()

    def note(_connection, _cursor, statement, *_others):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_of_a_customer_of_whom_everything_is_known(house, desk, statements):
    session, agent = house.session, house.actor("agent")
    import_fields(session, SYSTEM, Customer, TEMPLATE)
    customer = create(session, agent, Customer, {
        "name": "王小明", "phone": "13876544321", "x_monthly_income": 20_000,
        "tier_id": session.scalars(select(ServiceTier.id)).first(),
        "membership_id": session.scalars(select(Membership.id)).first(),
        "x_work_unit": "Great Wall", "x_card_number": "6222021234567890128"})
    create(session, agent, Investment, {
        "customer_id": customer.id, "contract": "TZ-1", "amount": 50_000,
        "started_on": dt.date(2026, 1, 31)})
    act(session, agent, customer, "verify", {
        "items": ["x_monthly_income", "x_card_number"],
        "document_kind_id": session.scalars(select(DocumentKind.id)).first()})
    person, path = desk("agent"), f"/customers/show/{customer.id}"
    person.get(path)
    statements.clear()
    assert person.get(path).status_code == 200
    assert len(statements) <= MOST, "\n\n".join(statements)
