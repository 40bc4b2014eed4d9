"""Verification of customers' information: rights, evidence, every way in by which it lapses."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, select

from app.access.actor import SYSTEM, Actor
from app.access.audit import change_set, record_act
from app.customers.changes.operations import undecided
from app.customers.items import REJECTED, UNVERIFIED, VERIFIED
from app.customers.metrics import METRICS
from app.customers.profile_settings import SETTINGS
from app.customers.verification import current_verifications
from app.customers.verification_models import DocumentKind, Verification
from app.database import db
from app.errors import Invalid, NotPermitted, Rejected
from app.metrics import rebuilding
from app.records.bulk import BulkFieldChange, run
from app.records.files import FileStore
from app.records.importing.services import importers
from app.records.operations import operations_of
from app.records.purging import purge
from app.records.undo import undo
from app.sdk.customers import note_contact
from app.sdk.demo import acting_at
from app.sdk.importing import REJECTED as REJECTED_ROW
from app.sdk.importing import UPDATE, ImportRow
from app.sdk.metrics import count
from app.sdk.models import Customer, File
from app.sdk.records import delete
from app.sdk.services import act, create, update, write
from app.settings.services import save_settings

NOON = dt.datetime(2026, 3, 3, 4, tzinfo=dt.UTC)


def customer(house, **values) -> Customer:
    return create(house.session, SYSTEM, Customer, {
        "name": "Wang Wu", "phone": "13800005678", "id_number": "110101199001011237", **values})


def document(house) -> int:
    return house.session.scalar(select(DocumentKind.id).where(DocumentKind.code == "id_card"))


def verify(house, who: Customer, *items: str, by: str = "agent", **values) -> None:
    act(house.session, house.actor(by), who, "verify", {
        "items": list(items), "document_kind_id": document(house), **values})


def states(house, who: Customer) -> dict[str, str]:
    return {name: row.state for name, row in
            current_verifications(house.session, who.id).items()}


def test_items_are_verified_with_who_when_and_on_what(house):
    who = customer(house)
    verify(house, who, "name", "phone", note="No. 110101199001011237")
    held = current_verifications(house.session, who.id)
    assert states(house, who) == {"name": VERIFIED, "phone": VERIFIED}
    row = held["phone"]
    assert row.by_id == house.actor("agent").user_id and row.document_kind.code == "id_card"
    assert "19900101" not in row.note and row.at is not None


def test_an_item_is_rejected_with_a_reason(house):
    who = customer(house)
    with pytest.raises(Invalid):
        act(house.session, house.actor("agent"), who, "reject", {"items": ["phone"]})
    act(house.session, house.actor("agent"), who, "reject", {
        "items": ["phone"], "reason": "Nobody of that name"})
    row = current_verifications(house.session, who.id)["phone"]
    assert (row.state, row.reason) == (REJECTED, "Nobody of that name")


def test_only_who_may_verify_does_so(house):
    who = customer(house)
    with pytest.raises(NotPermitted):
        verify(house, who, "name", by="leader")
    with pytest.raises(NotPermitted):
        act(house.session, Actor(user_id=10**6, username="x", name="x"), who, "reject",
            {"items": ["name"], "reason": "x"})


def test_only_what_is_there_and_counts_can_be_verified(house):
    who = customer(house, id_number="")
    for item in ("id_number", "qq", "grade"):
        with pytest.raises(Invalid):
            verify(house, who, item)
    save_settings(house.session, house.actor("admin"), SETTINGS, {
        "required_items": ["qq"], "optional_items": [], "verified_items": [],
        "review_months": 12}, 0)
    with pytest.raises(Rejected):
        verify(house, who, "name")
    who = customer(house, qq="10001")
    verify(house, who, "qq")
    assert states(house, who) == {"qq": VERIFIED}


def test_a_retired_document_is_refused(house):
    who = customer(house)
    with pytest.raises(Invalid):
        act(house.session, house.actor("agent"), who, "verify", {
            "items": ["name"], "document_kind_id": 10**6})


@pytest.mark.usefixtures("unprotected")
def test_a_changed_item_is_unverified_again_and_the_log_keeps_it(house):
    who = customer(house)
    verify(house, who, "name", "phone")
    update(house.session, house.actor("agent"), who, {"phone": "13900001111", "grade": "A"})
    assert states(house, who) == {"name": VERIFIED}
    rows = house.session.execute(
        select(Verification.state, Verification.is_current)
        .where(Verification.customer_id == who.id, Verification.item == "phone")
        .order_by(Verification.id)).all()
    assert [tuple(row) for row in rows] == [(VERIFIED, False), (UNVERIFIED, True)]


def test_nothing_is_looked_up_of_a_customer_who_is_being_entered(house):
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    customer(house)
    event.remove(db.engine, "before_cursor_execute", note)
    assert seen and not [one for one in seen if "customers_verification" in one]


def test_the_same_number_in_another_spelling_stays_verified(house):
    who = customer(house)
    verify(house, who, "phone")
    update(house.session, house.actor("agent"), who, {"phone": "138 0000 5678"})
    assert states(house, who) == {"phone": VERIFIED}


def test_the_log_is_written_by_the_actions_only(house):
    who = customer(house)
    verify(house, who, "name")
    row, rows = current_verifications(house.session, who.id)["name"], operations_of(Verification)
    with pytest.raises(Rejected):
        rows.change(house.session, SYSTEM, row, {"state": REJECTED})
    with pytest.raises(Rejected):
        rows.delete(house.session, SYSTEM, row)
    with pytest.raises(Invalid):
        rows.create(house.session, SYSTEM, {"customer_id": who.id, "item": "name",
                                            "state": VERIFIED})


def in_contact(house, who: Customer) -> list[tuple[str, bool]]:
    """Return what the agent has verified, and whether in a contact, in order."""
    return [tuple(row) for row in house.session.execute(
        select(Verification.item, Verification.contact_id.is_not(None))
        .where(Verification.customer_id == who.id, Verification.state == VERIFIED)
        .order_by(Verification.id))]


def contacted(house, who: Customer, by: str = "agent", *, reached: bool = True) -> None:
    note_contact(house.session, house.actor(by), who.id, "phone", "service", reached)


def test_an_item_counts_once_for_each_contact_of_whoever_verified_it(house):
    who = customer(house)
    with acting_at(NOON):
        contacted(house, who, "supervisor")
        contacted(house, who, reached=False)
        verify(house, who, "name")
    assert in_contact(house, who) == [("name", False)]
    with acting_at(NOON + dt.timedelta(days=1)):
        contacted(house, who)
        verify(house, who, "name")
        verify(house, who, "name", "phone")
    assert in_contact(house, who)[1:] == [("name", True), ("name", False), ("phone", True)]


def test_what_was_verified_during_the_call_counts_when_its_outcome_is_entered(house):
    who = customer(house)
    with acting_at(NOON - dt.timedelta(days=1)):
        verify(house, who, "id_number")
    with acting_at(NOON):
        verify(house, who, "name")
        verify(house, who, "phone", by="supervisor")
    with acting_at(NOON + dt.timedelta(minutes=5)):
        contacted(house, who)
    assert in_contact(house, who) == [("id_number", False), ("name", True), ("phone", False)]


def test_figures_forget_what_was_verified_of_a_purged_customer(house):
    rebuilding.rebuild(house.session)
    who = customer(house)
    verify(house, who, "name", "phone")
    [metric] = [one for one in METRICS if one.name == "customers.items_verified"]
    assert count(house.session, SYSTEM, metric.numerator) == 2
    delete(house.session, house.actor("admin"), who)
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    purge(house.session, house.actor("admin"), store, who)
    assert count(house.session, SYSTEM, metric.numerator) == 0
    assert rebuilding.check(house.session) == []


def by_bulk(house, _agent, who: Customer) -> None:
    run(house.session, house.actor("agent"), Customer, {who.id: who.version},
        BulkFieldChange({"name": "Li Si"}))


def by_import(house, _agent, who: Customer) -> None:
    row = ImportRow(2, {"name": "Wang Wu", "phone": "13800005678", "born_on": None,
                        "id_number": "11010119900101890X"})
    with write(house.session):
        [outcome] = importers()["records.core.Customer"].write(
            house.session, house.actor("supervisor"), [row], UPDATE)
    assert outcome.action != REJECTED_ROW, outcome.message


def by_undo(house, _agent, who: Customer) -> None:
    session, actor = house.session, house.actor("agent")
    with write(session):
        together = change_set(session)
        record_act(session, actor, "change", record_type=Customer.__record_type__,
                   record_id=who.id, number=who.number, changes={"name": ["Li Si", "Wang Wu"]})
    assert undo(session, actor, Customer, together).count == 1


def by_api(_house, agent, who: Customer) -> None:
    answer = agent._apart(
        agent._client.put, f"/api/v1/customers/{who.id}",
        json={"name": "Li Si", "version": who.version}, headers={"X-CSRFToken": agent.token})
    assert answer.status_code == 200, answer.text


def _posted(path: str, **values):
    def send(_house, agent, who: Customer) -> None:
        answer = agent.send(path.format(who.id), {"version": str(who.version), **values})
        assert answer.status_code in (200, 302), answer.text[:2000]

    return send


WAYS = {
    "form": _posted("/customers/edit/{}", name="Li Si", phone="13800005678", grade="C",
                    id_number="110101199001011237", preferred_contact="phone"),
    "fact": _posted("/customers/fact/{}/name", name="Li Si"),
    "cell": _posted("/customers/cell/{}/phone", phone="13900001111"),
    "bulk": by_bulk, "import": by_import, "undo": by_undo, "api": by_api,
}


@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize("way", WAYS)
def test_it_lapses_on_every_way_in(house, desk, way):
    who = customer(house)
    verify(house, who, "name", "phone", "id_number")
    WAYS[way](house, desk("agent"), who)
    house.session.expire_all()
    assert len(states(house, who)) == 2


def test_it_lapses_when_a_second_person_lets_a_change_of_it_through(house):
    who = customer(house)
    verify(house, who, "name", "phone")
    agent, supervisor = house.actor("agent"), house.actor("supervisor")
    update(house.session, agent, who, {"phone": "13900001111"})
    [request] = undecided(house.session, who.id)
    assert states(house, who) == {"name": VERIFIED, "phone": VERIFIED}
    act(house.session, agent, request, "document", {
        "reason": "换号", "document_kind": "id_card", "document_number": "身份证 1"})
    act(house.session, supervisor, request, "approve", {})
    assert states(house, who) == {"name": VERIFIED}


def test_the_page_shows_items_masked_and_verifies_them(house, desk):
    who, agent = customer(house), desk("agent")
    page = agent.get(f"/customers/show/{who.id}").text
    assert "Unverified" in page and "138****5678" in page and "13800005678" not in page
    form = agent.get(f"/customers/act/{who.id}/verify?item=phone").text
    assert 'value="phone"' in form
    answer = agent.send(f"/customers/act/{who.id}/verify", {
        "items": ["phone", ""], "document_kind_id": str(document(house)),
        "note": "Shown at the desk", "version": "1"})
    assert answer.status_code == 302, answer.text[:2000]
    page = agent.get(f"/customers/show/{who.id}").text
    assert "Shown at the desk" in page and "Identity card" in page
    assert "Shown at the desk" in agent.get("/verifications/list/").text
    assert "verified: Phone" in page
    leader = desk("leader").get(f"/customers/show/{who.id}").text
    card = leader.split('id="items-title"')[1].split("</section>")[0]
    assert "Shown at the desk" in card and "/act/" not in card


def test_an_attachment_of_the_customer_is_evidence(house, desk):
    who = customer(house)
    session = house.session
    files = []
    for key in (who.id, customer(house).id):
        files.append(File(record_type="customers.customer", record_id=key, author_name="x",
                          name="card.pdf", media_type="application/pdf", size=1, sha256="x",
                          key=f"k{key}"))
    session.add_all(files)
    session.commit()
    with pytest.raises(Invalid):
        verify(house, who, "name", file_id=str(files[1].id))
    verify(house, who, "name", file_id=str(files[0].id))
    page = desk("agent").get(f"/customers/show/{who.id}").text
    assert f"/customers/files/{who.id}/{files[0].id}" in page


def test_an_admin_says_what_counts(house, desk):
    admin = desk("admin")
    assert "Required items" in admin.get("/customer-rules/").text
    answer = admin.send("/customer-rules/", {
        "seen": "0", "required_items": "qq", "review_months": "12"})
    assert answer.status_code == 302
    page = admin.get(f"/customers/show/{customer(house).id}").text
    page = page.split('id="items-title"')[1].split("</section>")[0]
    assert "QQ" in page and "ID number" not in page
    assert desk("agent").get("/customer-rules/").status_code in (302, 403)
