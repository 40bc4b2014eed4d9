"""Two customers that are one: found, merged with all that any plugin knows of them, and parted."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    select,
)

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.collaboration.links import link
from app.collaboration.timeline import entries
from app.customers.changes.models import ChangeRequest
from app.customers.contact_models import Consent, DoNotContact
from app.customers.event_models import CustomerEvent
from app.customers.merging.finding import duplicates
from app.customers.merging.models import CustomerMerge
from app.customers.merging.operations import belongings, merge, survivor_of, undo
from app.customers.models import Customer, Loan, Vehicle
from app.database import metadata, write
from app.errors import NotPermitted, Rejected
from app.records import moving
from app.records.comments import comment
from app.records.models import Comment, RecordLink
from app.records.services import restore
from app.sdk.services import create, find, update, utcnow
from plugins.callbacks.models import Task
from plugins.complaints.tests.helpers import registered

PHONE = "13876544321"


@pytest.fixture
def pair(house) -> tuple[Customer, Customer]:
    """A customer that stays, and the same one once more."""
    agent = house.actor("agent")
    return (
        create(house.session, agent, Customer, {"name": "王小明", "phone": PHONE}),
        create(house.session, agent, Customer, {
            "name": "王晓明", "phone": "138 7654 4321", "address": "人民路 1 号", "grade": "A"}),
    )


def fill(house, customer: Customer) -> dict[type, int]:
    """Let a customer have one of everything; return the keys by model."""
    session, agent = house.session, house.actor("agent")
    vehicle = create(session, agent, Vehicle, {"customer_id": customer.id, "plate": "京A12345"})
    made = [
        vehicle,
        create(session, agent, Loan, {
            "customer_id": customer.id, "vehicle_id": vehicle.id, "contract": "HT-1"}),
        create(session, agent, CustomerEvent, {
            "customer_id": customer.id, "kind": "delivered", "happened_at": utcnow()}),
        create(session, agent, Consent, {
            "customer_id": customer.id, "from_on": utcnow().date()}),
        create(session, agent, DoNotContact, {"customer_id": customer.id, "reason": "x"}),
        registered(house, "agent", customer_id=customer.id, contact=PHONE),
        create(session, agent, Task, {
            "customer_id": customer.id, "subject": "回访", "due_until": utcnow()}),
    ]
    comment(session, agent, customer, "请注意")
    link(session, agent, customer, made[-1])
    return {type(one): one.id for one in made}


def holders(house, keys: dict[type, int]) -> set[int]:
    house.session.expire_all()
    return {house.session.get(model, key).customer_id for model, key in keys.items()}


def merged(house, pair, taken=(), username: str = "supervisor"):
    done = merge(house.session, house.actor(username), *pair, taken, "同一人")
    house.session.expire_all()
    return done


def test_everything_of_every_plugin_moves_and_goes_back(house, pair):
    survivor, other = pair
    keys = fill(house, other)
    counts = belongings(house.session, other)
    assert {"customers_vehicle", "customers_loan", "customers_event", "customers_consent",
            "customers_do_not_contact", "complaints_complaint", "callbacks_task",
            "records_comment", "records_link", "records_timeline"} <= set(counts)
    done = merged(house, pair, ["address", "grade"])
    assert holders(house, keys) == {survivor.id}
    assert belongings(house.session, other) == {}
    assert house.session.scalars(select(Comment.record_id)).all() == [survivor.id]
    assert house.session.scalars(select(RecordLink.a_id)).all() == [survivor.id]
    assert entries(house.session, house.actor("agent"), survivor.id, 10)
    assert (survivor.address, survivor.grade, survivor.plates) == ("人民路 1 号", "A", "京A12345")
    assert other.is_away and survivor_of(house.session, other.id) == survivor.id
    later = create(house.session, house.actor("agent"), Loan, {
        "customer_id": survivor.id, "contract": "HT-2"})

    undo(house.session, house.actor("supervisor"), done.merge)
    assert holders(house, keys) == {other.id} and not other.is_away
    assert (survivor.address, survivor.grade, survivor.plates, survivor.former_numbers) == (
        "", "C", "", "")
    assert other.plates == "京A12345" and later.customer_id == survivor.id
    assert survivor_of(house.session, other.id) is None
    with pytest.raises(Rejected, match="already"):
        undo(house.session, house.actor("supervisor"), done.merge)


def test_address_and_number_of_the_merged_lead_to_the_survivor(house, desk, pair):
    survivor, other = pair
    merged(house, pair)
    agent = desk("agent")
    assert agent.get(f"/customers/show/{other.id}").location.endswith(
        f"/customers/show/{survivor.id}")
    assert survivor.number in agent.get(f"/search/?q={other.number}").text
    assert find(house.session, house.actor("agent"), Customer, other.id) is None
    with pytest.raises(Rejected, match="undo the merge"):
        restore(house.session, house.actor("admin"), other)


def test_what_is_protected_waits_for_a_second_person(house, pair):
    survivor = pair[0]
    done = merged(house, pair, ["name", "grade"])
    assert done.waiting is not None
    assert (survivor.name, survivor.grade) == ("王小明", "A")
    [request] = house.session.scalars(select(ChangeRequest))
    assert (request.customer_id, request.fields, request.status) == (
        survivor.id, "name", "incomplete")
    undo(house.session, house.actor("supervisor"), done.merge)
    house.session.expire_all()
    assert request.status == "withdrawn"


def test_what_has_followed_keeps_them_merged(house, pair):
    done = merged(house, pair)
    update(house.session, SYSTEM, pair[0], {"address": "和平路 2 号"})
    with pytest.raises(Rejected, match="changed since"):
        undo(house.session, house.actor("supervisor"), done.merge)


def test_who_may_not_merge_and_what_is_not_merged(house, desk, pair):
    survivor, other = pair
    with pytest.raises(NotPermitted):
        merged(house, pair, username="agent")
    with pytest.raises(Rejected, match="two different"):
        merged(house, (survivor, survivor))
    with pytest.raises(Rejected, match="why"):
        merge(house.session, house.actor("supervisor"), survivor, other, (), " ")
    assert desk("agent").get("/customer-duplicates/").status_code == 403
    assert desk("agent").send(f"/customer-duplicates/{survivor.id}/{other.id}").status_code == 403


def test_the_audit_trail_names_both(house, pair):
    survivor, other = pair
    merged(house, pair)
    found = house.session.scalars(select(AuditEntry).where(AuditEntry.action == "merge")).all()
    assert {one.number: one.changes["with"] for one in found} == {
        survivor.number: other.number, other.number: survivor.number}


def test_duplicates_are_found_by_number_and_name(house, pair):
    create(house.session, SYSTEM, Customer, {"name": "李雷"})
    twin = create(house.session, SYSTEM, Customer, {"name": "李雷", "id_number": "1101011990"})
    create(house.session, SYSTEM, Customer, {"name": "韩梅梅", "id_number": "1101011990"})
    for number in ("1", "2"):
        # Namesakes with a phone and an ID number of their own are two people.
        create(house.session, SYSTEM, Customer, {
            "name": "张伟", "phone": f"1390000000{number}", "id_number": f"110102199{number}"})
    for name in ("周杰", "邹杰"):
        create(house.session, SYSTEM, Customer, {"name": name})
    found = {(one.reason, len(one.customers)) for one in duplicates(house.session)}
    assert found == {("Same phone", 2), ("Same name", 2), ("Same ID number", 2),
                     ("Name sounds alike", 2)}
    assert twin.id


def test_pages_lead_from_the_list_to_the_merge_and_back(house, desk, pair):
    survivor, other = pair
    fill(house, other)
    supervisor, compare = desk("supervisor"), f"/customer-duplicates/{survivor.id}/{other.id}"
    assert compare in supervisor.get("/customer-duplicates/").text
    page = supervisor.get(compare).text
    assert "Vehicles: 1" in page and "Complaints: 1" in page and "138****4321" in page
    assert PHONE not in page and 'name="take__address" value="other" checked' in page
    assert supervisor.send(compare, {"reason": ""}).status_code == 422
    answer = supervisor.send(compare, {"reason": "同一人", "take__address": "other"})
    assert answer.location.endswith(f"/customers/show/{survivor.id}")
    row = house.session.scalars(select(CustomerMerge)).one()
    assert "同一人" in supervisor.get("/customer-duplicates/").text
    supervisor.send(f"/customer-duplicates/undo/{row.id}")
    house.session.expire_all()
    assert row.undone_at is not None
    assert supervisor.get(f"/customer-duplicates/{survivor.id}/999999").status_code == 404


def test_a_table_that_nobody_knows_of_is_moved_too(house, pair, monkeypatch):
    survivor, other = pair
    extra = Table(
        "unknown_visit", MetaData(),
        Column("id", Integer, primary_key=True), Column("customer_id", Integer),
        Column("kind", String(10)), Column("about_type", String(64)), Column("about_id", Integer),
        UniqueConstraint("customer_id", "kind"))
    extra.create(house.session.get_bind())
    known = Table(
        "unknown_visit", MetaData(),
        Column("id", Integer, primary_key=True),
        Column("customer_id", Integer, ForeignKey(metadata().tables["customers_customer"].c.id)),
        Column("kind", String(10)), Column("about_type", String(64)), Column("about_id", Integer))
    real = moving.tables_of
    monkeypatch.setattr(moving, "tables_of", lambda session: (*real(session), known))
    rows = [
        {"id": 1, "customer_id": survivor.id, "kind": "a"},
        {"id": 2, "customer_id": other.id, "kind": "a"},
        {"id": 3, "customer_id": other.id, "kind": "b"},
        {"id": 4, "about_type": "customers.customer", "about_id": other.id, "kind": "c"},
        {"id": 5, "about_type": "complaints.complaint", "about_id": other.id, "kind": "d"},
    ]
    with write(house.session):
        for row in rows:
            house.session.execute(known.insert().values(**row))

    def seen() -> list[tuple]:
        return [tuple(row) for row in house.session.execute(
            select(known.c.customer_id, known.c.about_id).order_by(known.c.id))]

    before = seen()
    done = merged(house, pair)
    # The second row would stand there twice by the table's own rule: it stays where it is.
    assert seen() == [(survivor.id, None), (other.id, None), (survivor.id, None),
                      (None, survivor.id), (None, other.id)]
    undo(house.session, house.actor("supervisor"), done.merge)
    assert seen() == before
