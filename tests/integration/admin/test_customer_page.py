"""The page of a customer takes few statements, whatever is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from app.access.actor import SYSTEM
from app.collaboration.links import RELATED, link
from app.customers.models import Customer, Investment, Loan, Membership, ServiceTier, Vehicle
from app.customers.ready_made_template import TEMPLATE
from app.customers.verification_models import DocumentKind
from app.database import utcnow
from app.records.comments import comment
from app.records.custom_fields.store import import_fields
from app.records.models import CustomerEntry, File
from app.sdk.records import act
from app.sdk.services import create, update, write
from plugins.callbacks.models import Task

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
    _more(session, agent, customer)
    person, path = desk("agent"), f"/customers/show/{customer.id}"
    person.get(path)
    statements.clear()
    assert person.get(path).status_code == 200
    assert len(statements) <= MOST, "\n\n".join(statements)


def _more(session, agent, customer) -> None:
    """Add what a customer gathers over years: 1,000 entries, files, links, comments, open work."""
    other = create(session, agent, Customer, {"name": "李四", "phone": "13876544322"})
    link(session, agent, customer, other, RELATED)
    vehicle = create(session, agent, Vehicle, {"customer_id": customer.id, "plate": "沪A12345"})
    create(session, agent, Loan, {"customer_id": customer.id, "contract": "DK-1",
                                  "vehicle_id": vehicle.id})
    task = create(session, agent, Task, {"customer_id": customer.id, "vehicle_id": vehicle.id})
    update(session, agent, customer, {"remarks": "老客户", "membership_id": session.scalars(
        select(Membership.id).order_by(Membership.id.desc())).first()})
    with write(session):
        comment(session, agent, customer, "客户要求下周回电")
        session.add_all(File(
            record_type=customer.__record_type__, record_id=customer.id, author_name="周",
            name=f"行驶证{place}.txt", media_type="text/plain", size=1, sha256="a" * 64,
            key=f"{place:032}", at=utcnow()) for place in range(3))
        session.add_all(CustomerEntry(
            customer_id=customer.id, record_type=task.__record_type__, record_id=task.id,
            number=task.number, at=utcnow(), kind="done", text="was called back", values={},
            icon="phone") for _ in range(1000))
