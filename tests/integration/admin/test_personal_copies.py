"""The copy of all that is held of a customer: everything of every plugin, for who asked alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.access.services import invalidate_rights
from app.admin.personal_copies import archive, jobs
from app.admin.personal_copies.archive import safe_name
from app.customers.contact_models import Consent
from app.customers.merging.operations import merge
from app.customers.models import Customer, Loan, Vehicle
from app.customers.privacy.copying import ask_for_copy, copied_customer
from app.customers.privacy.made_copies import KIND
from app.customers.privacy.models import ErasureRequest
from app.database import write
from app.errors import NotPermitted, Rejected
from app.jobs.context import JobCancelled, JobContext
from app.jobs.models import CANCELLED, DONE, FAILED, Job
from app.records.comments import comment
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import define_field
from app.records.files import FileStore, attach, detach
from app.records.purging import purge
from app.records.services import act, create, delete, update
from plugins.appraisals.referrals.models import Referral
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

PHONE, ID_NUMBER = "13876544321", "11010519491231002X"
REASON = "Asked in person, ID card seen"


@pytest.fixture
def customer(house, unprotected) -> Customer:
    """A customer with something of the core and of a plugin."""
    session, agent = house.session, house.actor("agent")
    made = create(session, agent, Customer, {
        "name": "王小明", "phone": PHONE, "address": "人民路 1 号", "grade": "A"})
    vehicle = create(session, agent, Vehicle, {"customer_id": made.id, "plate": "京A12345"})
    create(session, agent, Loan, {
        "customer_id": made.id, "vehicle_id": vehicle.id, "contract": "HT-1"})
    create(session, agent, Consent, {
        "customer_id": made.id, "from_on": dt.date(2026, 1, 5), "note": "口头同意"})
    registered(house, customer_id=made.id, contact=PHONE)
    comment(session, agent, made, "客户喜欢早上接电话")
    comment(session, agent, vehicle, "右前门有划痕")
    return made


class Copy:
    """An opened copy."""

    def __init__(self, body: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(body))
        self.names = self.archive.namelist()
        self.page = self.archive.read("copy.html").decode()
        self.text = self.archive.read("copy.json").decode()
        self.content: dict[str, Any] = json.loads(self.text)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return [row for one in self.content["tables"] if one["table"] == table
                for row in one["rows"]]


@pytest.fixture
def copied(house, work):
    """Make a copy as a person, and open it."""

    def make(customer: Customer, username: str = "admin", language: str = "en") -> Copy:
        ask_for_copy(house.session, house.actor(username), customer, REASON, language)
        job = work()
        assert job.state == DONE, job.error
        results = house.app.config["CARELINE_SETTINGS"].var_dir / "results" / str(job.id)
        assert [one.name for one in results.iterdir()] == [job.result_file]
        return Copy((results / job.result_file).read_bytes())

    return make


def store_of(house) -> FileStore:
    return FileStore(house.app.config["CARELINE_SETTINGS"])


def put(house, record: Any, name: str, content: bytes = b"abc") -> Any:
    return attach(house.session, house.actor("agent"), store_of(house), record, name,
                  io.BytesIO(content))


def test_a_copy_holds_what_belongs_to_the_customer_with_clear_values(house, customer, copied):
    found = copied(customer)
    [person] = found.rows("customers_customer")
    assert person["values"]["phone"] == PHONE and person["values"]["name"] == "王小明"
    [loan] = found.rows("customers_loan")
    assert loan["names"]["vehicle_id"].startswith("CL")
    assert {"customers_vehicle", "customers_consent", "complaints_complaint", "records_comment",
            "workflow_log"} <= {one["table"] for one in found.content["tables"]}
    for text in ("王小明", PHONE, "人民路 1 号", "京A12345", "口头同意", "客户喜欢早上接电话",
                 "右前门有划痕", "A: key customer", "Copy of all data",
                 "<dt>Step</dt><dd>Record</dd>"):
        assert text in found.page, text
    assert "****" not in found.page and "customer_id" not in found.page
    assert (found.content["customer"], found.content["format"]) == (customer.number, 1)


def test_the_page_is_in_the_language_that_was_asked_for(customer, copied):
    page = copied(customer, language="zh").page
    assert "个人信息副本" in page and "A：重点客户" in page and '<html lang="zh-CN">' in page
    assert "Copy of all data" not in page


def test_what_was_held_before_is_in_it(house, customer, copied):
    session, agent = house.session, house.actor("agent")
    update(session, agent, customer, {"phone": "13900000001", "address": "新街 2 号"})
    update(session, agent, customer, {"phone": "13900000002", "grade": "B"})
    found = copied(customer)
    former = {(one["values"]["name"], one["values"]["value"])
              for one in found.content["former_values"]}
    assert {("phone", PHONE), ("phone", "13900000001"), ("address", "人民路 1 号"),
            ("grade", "A")} <= former
    assert "人民路 1 号 (until" in found.page and "A: key customer (until" in found.page


def test_customers_that_were_merged_into_it_are_in_it(house, customer, copied):
    session, supervisor = house.session, house.actor("supervisor")
    twin = create(session, supervisor, Customer, {"name": "王晓明", "phone": "13811112222"})
    create(session, supervisor, Vehicle, {"customer_id": twin.id, "plate": "沪B54321"})
    merge(session, supervisor, customer, twin, [], "同一人")
    found = copied(customer)
    assert {row["values"]["number"] for row in found.rows("customers_customer")} == {
        customer.number, twin.number}
    assert "沪B54321" in found.text and "13811112222" in found.text
    # Whoever asks by the former customer is given the same.
    assert copied_customer(session, house.actor("admin"), twin.id).id == customer.id


def test_attachments_are_in_it_under_names_that_lead_nowhere(house, customer, copied):
    [complaint] = house.session.scalars(select(Complaint)).all()
    kept = put(house, complaint, "合同 1.txt", b"what was agreed")
    lost = put(house, customer, "lost.txt")
    gone = put(house, customer, "wrong person.txt")
    store_of(house).remove(lost.key)
    with write(house.session):
        kept.name = "..\\../../etc/合同 1.txt"
    detach(house.session, house.actor("agent"), customer, gone)
    found = copied(customer)
    [name] = [one for one in found.names if one.startswith("files/")]
    assert name == f"files/{kept.id}-_.._.._etc_合同_1.txt"
    assert found.archive.read(name) == b"what was agreed"
    rows = {row["values"]["id"]: row for row in found.rows("records_file")}
    assert rows[kept.id]["file"] == name and "file" not in rows[lost.id]
    assert gone.id not in rows and "wrong person" not in found.text
    assert {"table": "records_file", "title": "Attachments", "number": 1} in (
        found.content["left_out"])
    assert f'href="files/{kept.id}-' in found.page


@pytest.mark.parametrize("name", ["..", "/etc/passwd", "C:\\x.txt", "a\n.pdf", "‮gnp.exe", "."])
def test_names_within_a_copy_are_plain(name):
    folder, _, plain = safe_name(7, name).partition("/")
    assert folder == "files" and plain.startswith("7-")
    assert not set(plain) & set('/\\:\n\u202e"<>|')


def test_other_customers_are_not_in_it(house, customer, copied):
    session, agent = house.session, house.actor("agent")
    other = create(session, agent, Customer, {"name": "李新", "phone": "13700000000"})
    [mine] = session.scalars(select(Complaint)).all()
    theirs = registered(house, customer_id=other.id, customer_name="李新", contact="13700000000",
                        reason="别人的事")
    with write(session):
        theirs.merged_into_id = mine.id
    found = copied(customer)
    assert "李新" not in found.text + found.page and "别人的事" not in found.text
    with write(session):
        theirs.merged_into_id, mine.merged_into_id = None, theirs.id
    again = copied(customer)
    assert theirs.number not in again.text + again.page
    assert "merged_into_id" not in again.rows("complaints_complaint")[0]["values"]


def test_what_the_person_who_makes_it_may_not_see_is_counted(house, customer, copied):
    session = house.session
    with write(session):
        session.add(Referral(number="ZJ-1", customer_id=customer.id, remark="秘密奖励",
                             owner_id=house.actor("agent").user_id))
    define_field(session, SYSTEM, Customer, CustomField(
        name="secret", label="Secret", label_zh="秘密", seen_by=(999,)))
    update(session, SYSTEM, customer, {"x_secret": "只给少数人"})
    found = copied(customer, "supervisor")
    assert "秘密奖励" not in found.text + found.page and "只给少数人" not in found.text + found.page
    assert {"table": "appraisals_referral", "number": 1} in [
        {key: one[key] for key in ("table", "number")} for one in found.content["left_out"]]
    assert found.content["hidden_fields"] == 1
    assert "What is not in this copy" in found.page


def test_custom_fields_are_in_it_under_their_labels(house, customer, copied):
    define_field(house.session, SYSTEM, Customer, CustomField(
        name="card", kind="card", label="Bank card", label_zh="银行卡", sensitive=True))
    update(house.session, SYSTEM, customer, {"x_card": "6222021234567894"})
    found = copied(customer)
    assert found.rows("customers_customer")[0]["values"]["x_card"] == "6222021234567894"
    assert "<dt>Bank card</dt><dd>6222021234567894</dd>" in found.page


def test_nothing_that_people_wrote_runs_in_the_page(house, customer, copied):
    comment(house.session, house.actor("agent"), customer, "<script>alert(1)</script>")
    found = copied(customer)
    assert "<script>" not in found.page and "&lt;script&gt;" in found.page
    assert "script-src 'none'" in found.page and "copy.css" in found.names


def test_the_trail_keeps_who_made_it_and_why_and_no_value(house, customer, copied):
    copied(customer, "supervisor")
    [entry] = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "copy_personal_data")).all()
    assert (entry.record_id, entry.number, entry.reason) == (customer.id, customer.number, REASON)
    assert entry.actor_name == house.actor("supervisor").name
    assert set(entry.changes) <= {"rows", "files", "left_out"} and entry.changes["rows"] > 5


def test_who_may_not_finds_no_way_in(house, customer, desk):
    agent = desk("agent")
    assert agent.get(f"/customers/copy/{customer.id}").status_code == 404
    assert agent.send(f"/customers/copy/{customer.id}", {
        "reason": REASON, "language": "en"}).status_code == 404
    assert "/customers/copy/" not in agent.get(f"/customers/show/{customer.id}").text
    with pytest.raises(NotPermitted):
        ask_for_copy(house.session, house.actor("agent"), customer, REASON, "en")
    assert house.session.scalars(select(Job)).all() == []
    assert desk("supervisor").get("/customers/copy/99999").status_code == 404


def test_a_reason_is_asked_for_and_the_file_is_for_who_asked_alone(house, customer, desk, work):
    supervisor, admin = desk("supervisor"), desk("admin")
    assert f"/customers/copy/{customer.id}" in supervisor.get(f"/customers/show/{customer.id}").text
    address = f"/customers/copy/{customer.id}"
    assert "how was their identity checked" in supervisor.get(address).text
    refused = supervisor.send(address, {"reason": " ", "language": "en"})
    assert refused.status_code == 422 and "Say who asked" in refused.text
    assert supervisor.send(address, {"reason": REASON, "language": "fr"}).status_code == 422
    answer = supervisor.send(address, {"reason": REASON, "language": "en"})
    assert answer.status_code == 302
    job = work()
    assert answer.location.endswith(f"/jobs/{job.id}")
    assert f"/jobs/{job.id}/file" in supervisor.get(f"/jobs/{job.id}").text
    assert Copy(supervisor.get(f"/jobs/{job.id}/file").data).content["customer"] == customer.number
    # Whoever oversees all jobs sees that it was made, and is not given it.
    assert f"/jobs/{job.id}/file" not in admin.get(f"/jobs/{job.id}").text
    assert admin.get(f"/jobs/{job.id}/file").status_code == 404


def test_who_lost_the_right_is_given_no_file_and_no_copy(house, customer, desk, work):
    ask_for_copy(house.session, house.actor("supervisor"), customer, REASON, "en")
    job = work()
    with write(house.session):
        for role in house.session.scalars(select(Role)):
            role.permissions = [one for one in role.permissions if one.permission.name != (
                "can_copy_personal_data")]
        invalidate_rights(house.session)
    assert desk("supervisor").get(f"/jobs/{job.id}/file").status_code == 404


def test_a_customer_of_the_recycle_bin_is_copied_by_those_who_see_the_bin(
    house, customer, desk, copied
):
    lone = create(house.session, SYSTEM, Customer, {"name": "赵六", "phone": "13812340000"})
    delete(house.session, house.actor("admin"), lone)
    assert desk("supervisor").get(f"/customers/copy/{lone.id}").status_code == 404
    admin = desk("admin")
    assert f"/customers/copy/{lone.id}" in admin.get("/customers/bin/").text
    assert admin.get(f"/customers/copy/{lone.id}").status_code == 200
    assert "13812340000" in copied(lone).text


def test_a_purged_customer_fails_the_job_in_words(house, work):
    lone = create(house.session, SYSTEM, Customer, {"name": "赵六"})
    delete(house.session, house.actor("admin"), lone)
    ask_for_copy(house.session, house.actor("admin"), lone, REASON, "en")
    purge(house.session, SYSTEM, store_of(house), lone)
    job = work()
    assert (job.state, job.error) == (FAILED, jobs.GONE)


@pytest.mark.parametrize("error, state", [(JobCancelled, CANCELLED), (OSError, FAILED)])
def test_nothing_is_left_of_a_copy_that_does_not_come_to_its_end(
    house, customer, work, monkeypatch, error, state
):
    ask_for_copy(house.session, house.actor("admin"), customer, REASON, "en")
    seen = []

    def stop(self: JobContext, done: int, total: int | None = None) -> None:
        seen.append((done, total))
        if len(seen) == 12:
            raise error

    monkeypatch.setattr(JobContext, "progress", stop)
    job = work()
    assert (job.state, job.result_file) == (state, None)
    assert all(done <= total for done, total in seen)
    results = house.app.config["CARELINE_SETTINGS"].var_dir / "results" / str(job.id)
    assert list(results.iterdir()) == []
    assert house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "copy_personal_data")).all() == []


def test_no_reason_no_copy(house, customer):
    with pytest.raises(Rejected):
        ask_for_copy(house.session, house.actor("admin"), customer, " \x00 ", "en")


def test_memory_does_not_grow_with_what_is_held(house, customer, tmp_path, monkeypatch):
    """Rows are read in portions of the same size, however many there are."""
    from app.customers.privacy import held

    session = house.session
    with write(session):
        session.execute(Consent.__table__.insert(), [
            {"customer_id": customer.id, "channel": "phone", "purpose": f"p{number}",
             "from_on": dt.date(2026, 1, 5), "note": "x"} for number in range(700)])
    sizes: list[int] = []
    read = held._have
    monkeypatch.setattr(held, "_have", lambda columns, keys: sizes.append(len(keys)) or read(
        columns, keys))
    found = held.held_of(session, SYSTEM, customer)
    heading = dataclasses.replace(archive.heading_of(
        session, customer, "en", dt.datetime(2026, 1, 5, tzinfo=dt.UTC)))
    archive.write_archive(
        tmp_path / "copy.zip", session, SYSTEM, store_of(house), found, heading, lambda: None)
    assert max(sizes) == 300 and len(Copy((tmp_path / "copy.zip").read_bytes()).rows(
        "customers_consent")) == 701


def test_the_copies_of_an_erased_customer_go_with_the_person(house, unprotected, copied, work):
    session = house.session
    gone, stays = (create(session, house.actor("agent"), Customer, {"name": name})
                   for name in ("王小明", "李小红"))
    for one in (gone, stays):
        copied(one)
    of_gone, of_stays = session.scalars(
        select(Job.id).where(Job.kind == KIND).order_by(Job.id)).all()
    act(session, house.actor("supervisor"), gone, "erase", {"reason": "本人要求"})
    request = session.scalars(select(ErasureRequest)).one()
    act(session, house.actor("admin"), request, "approve")
    assert work().state == DONE
    assert session.scalars(select(Job.id).where(Job.kind == KIND)).all() == [of_stays]
    results = house.app.config["CARELINE_SETTINGS"].var_dir / "results"
    assert not (results / str(of_gone)).exists() and (results / str(of_stays)).exists()
