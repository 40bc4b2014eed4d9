"""Keys are replaced while people work; a lost key loses values, and nothing else."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from app.access.actor import SYSTEM
from app.access.sensitive import key_store
from app.access.sensitive.keyring import KeyRing
from app.customers.models import Customer
from app.customers.services import find_by_phone, find_customers
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import define_field
from app.records.key_rotation import remaining, rotate
from app.records.models import FormerValue
from app.sdk.services import create, update
from app.wiring import FIELD_KEYS
from tests.integration.admin.sensitive.conftest import CONTACT, ID_NUMBER, PHONE

pytestmark = pytest.mark.both_databases


OLD = "the first key of these tests, which is to go away"
NEW = "the second key of these tests, which takes its place"


def test_rotation_writes_values_of_custom_fields_too(house, use_keys, records):
    for field in (CustomField(name="card", kind="card", label="Card", sensitive=True),
                  CustomField(name="income", kind="money", label="Income", sensitive=True)):
        define_field(house.session, SYSTEM, Customer, field)
    update(house.session, house.actor("agent"), records.customer,
           {"x_card": "6222021234567890128", "x_income": "20000"})
    customer_id = records.customer.id
    use_keys(NEW, OLD)
    assert remaining(house.session) > 0
    assert rotate(house.session)[1] == 0
    assert remaining(house.session) == 0
    ring = use_keys(NEW)
    customer = house.session.get(Customer, customer_id)
    assert [customer.extra[name].reveal() for name in ("card", "income")] == [
        "6222021234567890128", "20000"]
    assert all(ring.is_current(customer.extra[name].stored) for name in ("card", "income"))
    found = find_customers(house.session, house.actor("agent"), "6222021234567890128")
    assert [one.id for one in found] == [customer_id]


@pytest.fixture
def use_keys(house):
    """Let the application use keys, the newest first."""
    def use(*secrets: str) -> KeyRing:
        ring = house.app.extensions[FIELD_KEYS] = KeyRing.of(secrets)
        house.session.rollback()
        house.session.expire_all()
        house.session.expunge_all()
        return ring

    use(OLD)
    return use


def run(house, *command: str):
    """Run a command on the database of the test."""
    return house.app.test_cli_runner().invoke(args=["field-keys", *command])


def stored(house) -> list[str]:
    found = []
    for table, column in (("customers_customer", "phone"), ("customers_customer", "id_number"),
                          ("complaints_complaint", "contact"), ("records_former_value", "after"),
                          ("screens_draft", '"values"')):
        found += house.session.scalars(text(f'SELECT {column} FROM {table}')).all()
    house.session.rollback()
    return [value for value in found if value]


def test_rotation_writes_everything_with_the_new_key(house, use_keys, records, desk):
    agent = house.actor("agent")
    desk("agent").send("/customers/draft/", {"phone": PHONE})
    update(house.session, agent, records.customer, {"remarks": f"请改拨 {CONTACT}"})
    customer_id, case_id = records.customer.id, records.complaint.id
    before = stored(house)
    ring = use_keys(NEW, OLD)
    assert find_by_phone(house.session, agent, PHONE).id == customer_id
    assert [one.id for one in find_customers(house.session, agent, "4321")] == [customer_id]
    assert run(house, "check").exit_code == 1
    assert remaining(house.session) > 0
    # Beside what the old key wrote stands what the new one writes.
    second = create(house.session, agent, Customer, {"name": "李丽", "phone": PHONE})
    done = run(house, "rotate")
    assert done.exit_code == 0, done.output
    assert "customers_customer: 1 written" in done.output or "customers_customer" in done.output
    after = stored(house)
    assert len(after) > len(before) and not set(after) & set(before)
    assert all(ring.is_current(value) for value in after)
    assert run(house, "check").exit_code == 0
    use_keys(NEW)
    customer = house.session.get(Customer, customer_id)
    assert (customer.phone, customer.id_number) == (PHONE, ID_NUMBER)
    assert {one.id for one in find_customers(house.session, agent, PHONE)} == {
        customer_id, second.id}
    assert {one.id for one in find_customers(house.session, agent, "4321")} == {
        customer_id, second.id}
    assert desk("agent").get("/customers/draft/").json["values"]["phone"] == [PHONE]
    page = desk("agent").get(f"/complaints/list/?all=1&q={CONTACT}").text
    assert f"/complaints/show/{case_id}" in page
    assert "0 written" not in run(house, "rotate").output


def test_a_plugin_that_is_not_deployed_yet_has_no_table_to_rotate(house, use_keys, records):
    house.session.execute(text("DROP TABLE screens_draft"))
    house.session.commit()
    use_keys(NEW, OLD)
    assert run(house, "rotate").exit_code == 0
    assert run(house, "check").exit_code == 0


def test_values_that_somebody_saves_meanwhile_are_kept(house, use_keys, records, monkeypatch):
    pk = records.customer.id
    ids = [pk]
    use_keys(NEW, OLD)
    seal = KeyRing.seal

    def slow(ring, clear, **options):
        # Between reading the old value and writing the new one, somebody saves another number.
        if clear == PHONE and ids:
            house.session.connection().execute(
                text("UPDATE customers_customer SET phone = :new WHERE id = :id"),
                {"new": seal(ring, CONTACT), "id": ids.pop()})
        return seal(ring, clear)

    monkeypatch.setattr(KeyRing, "seal", slow)
    done, lost = rotate(house.session)
    assert done and not lost
    house.session.expire_all()
    assert house.session.get(Customer, pk).phone == CONTACT


def test_a_lost_key_loses_the_values_and_nothing_else(house, use_keys, records, desk):
    pk, case = records.customer.id, records.complaint.id
    supervisor = desk("supervisor")
    supervisor.send("/customers/draft/", {"name": "draft"})
    use_keys(NEW)
    assert supervisor.get("/customers/draft/").json["values"] is None
    for address in ("/customers/list/?all=1", f"/customers/show/{pk}", f"/customers/edit/{pk}",
                    f"/complaints/show/{case}", "/complaints/list/?all=1",
                    f"/complaints/{case}/report.pdf", "/customers/export/csv?all=1",
                    "/search/?q=王小明"):
        answer = supervisor.get(address)
        assert answer.status_code == 200, address
    assert "********" in supervisor.get(f"/customers/show/{pk}").text
    refused = supervisor.send(f"/customers/reveal/{pk}/phone", {"reason": "x"})
    assert refused.status_code == 422 and "cannot be read" in refused.text
    lost = run(house, "rotate")
    assert lost.exit_code == 1 and "cannot be read with any key" in lost.output
    # What else is changed leaves the unreadable value where it is: the key may be found again.
    agent = house.actor("agent")
    update(house.session, agent, house.session.get(Customer, pk), {"name": "王大明"})
    use_keys(NEW, OLD)
    assert house.session.get(Customer, pk).phone == PHONE


def test_former_values_rotate_too(house, use_keys, records):
    use_keys(NEW, OLD)
    run(house, "rotate")
    use_keys(NEW)
    values = house.session.query(FormerValue).filter_by(name="phone").all()
    assert [value.after for value in values] == [PHONE]


def test_an_installation_for_trying_it_out_keeps_a_key_of_its_own(tmp_path):
    made = [key_store.ring_of((), tmp_path) for _ in range(2)]
    assert made[0].open(made[1].seal(PHONE)) == PHONE
    path = tmp_path / key_store.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text().split()) == 1
    assert [item.name for item in tmp_path.iterdir()] == [key_store.FILE]


def test_processes_that_start_at_once_make_one_key_together(tmp_path):
    found: list[KeyRing] = []
    threads = [threading.Thread(target=lambda: found.append(key_store.ring_of((), tmp_path)))
               for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ring.keys[0].id for ring in found}) == 1


def test_keys_of_the_settings_win(tmp_path):
    assert key_store.ring_of((NEW, OLD), tmp_path).keys[1].id == KeyRing.of([OLD]).keys[0].id
    assert list(tmp_path.iterdir()) == []
