"""An import is taken back as one: what it created goes, what it changed is as before."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.access.actor import SYSTEM
from app.access.audit import record_act, verify_chain
from app.access.models import AuditEntry
from app.customers.models import Customer, Vehicle
from app.database import write
from app.jobs.context import JobCancelled, JobContext
from app.jobs.portions import Pace
from app.people.models import Staff
from app.records.comments import comment
from app.records.importing.fields import ADD
from app.records.importing.models import ImportedRecords, WrittenImport
from app.records.importing.services import MayNotImport
from app.records.importing.withdrawals import NotTakenBack
from app.records.importing.written import purge_written
from app.sdk.importing import ALL, GOOD, UPDATE
from app.sdk.records import delete
from app.sdk.services import create, update, utcnow
from plugins.complaints.models import Channel, Complaint, RegulatorReport
from tests.integration.admin.withdrawing import (
    COMPLAINTS,
    CUSTOMERS,
    import_file,
    look,
    numbers,
    withdraw,
    written,
)

NEW = "Name,Phone,Address\n王小明,13800009991,长江路1号\n李丽,13800009992,长江路2号\n"


def customers(house) -> dict[str, Customer]:
    house.session.rollback()
    house.session.expire_all()
    found = house.session.scalars(select(Customer).where(
        Customer.address.startswith("长江路"), Customer.deleted_at.is_(None)))
    return {one.phone.reveal(): one for one in found}


@pytest.mark.both_databases
@pytest.mark.parametrize("mode", [ALL, GOOD])
def test_what_an_import_created_is_gone_and_can_be_read_in_again(house, mode):
    job = import_file(house, CUSTOMERS, NEW, mode=mode)
    assert numbers(look(house, job)) == (2, 0, 0)
    assert len(customers(house)) == 2, "a look writes nothing"
    done = withdraw(house, job)
    assert (done.state, numbers(done.result)) == ("done", (2, 0, 0))
    assert customers(house) == {}
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "import_taken_back")).one()
    assert entry.changes == {"file": "ours.csv", "records": 2, "restored": 0, "left": 0}
    assert list(verify_chain(house.session)) == []
    import_file(house, CUSTOMERS, NEW, mode=mode)
    assert len(customers(house)) == 2


@pytest.mark.both_databases
@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize("mode", [ALL, GOOD])
def test_what_an_import_changed_is_as_before_numbers_included(house, mode):
    import_file(house, CUSTOMERS, NEW)
    other = NEW.replace("长江路1号", "长江路9号").replace("Address", "Address,ID number")
    other = other.replace("9号", "9号,11010519491231002X").replace("2号", "2号,")
    job = import_file(house, CUSTOMERS, other, mode=mode, on_existing=UPDATE)
    changed = customers(house)["13800009991"]
    assert (changed.address, changed.id_number.reveal()) == ("长江路9号", "11010519491231002X")
    assert numbers(look(house, job)) == (0, 1, 0)
    assert numbers(withdraw(house, job).result) == (0, 1, 0)
    restored = customers(house)["13800009991"]
    assert (restored.address, str(restored.id_number)) == ("长江路1号", "")


def test_what_somebody_has_worked_on_since_stays_and_is_named(house):
    more = "赵敏,13800009993,长江路3号\n钱多,13800009994,长江路4号\n"
    job = import_file(house, CUSTOMERS, NEW + more)
    agent, found = house.actor("supervisor"), customers(house)
    update(house.session, agent, found["13800009991"], {"address": "长江路7号"})
    comment(house.session, agent, found["13800009992"], "电话打不通")
    create(house.session, agent, Vehicle, {
        "customer_id": found["13800009993"].id, "plate": "沪A12345"})
    for result in (look(house, job), withdraw(house, job).result):
        assert numbers(result) == (1, 0, 3)
        said = {row["record"].split(" ", 1)[1]: row["reason"] for row in result["rows"]}
        assert said == {
            "王小明": "Somebody has changed it since.", "李丽": "Somebody has changed it since.",
            "赵敏": "Somebody has changed it since.",
        }
        assert all(row["record_type"] == Customer.__record_type__ and row["record_id"]
                   for row in result["rows"])
    assert set(customers(house)) == {"13800009991", "13800009992", "13800009993"}


def test_looking_at_a_number_is_no_work_on_the_record(house):
    job = import_file(house, CUSTOMERS, NEW)
    with write(house.session):
        found = next(iter(customers(house).values()))
        record_act(house.session, house.actor("supervisor"), "reveal",
                   record_type=Customer.__record_type__, record_id=found.id)
    assert numbers(look(house, job)) == (2, 0, 0)


def test_a_value_that_was_changed_again_stays(house):
    import_file(house, CUSTOMERS, NEW)
    job = import_file(house, CUSTOMERS, NEW.replace("1号", "8号").replace("2号", "9号"),
                      on_existing=UPDATE)
    update(house.session, house.actor("supervisor"), customers(house)["13800009991"],
           {"address": "长江路77号"})
    for result in (look(house, job), withdraw(house, job).result):
        assert numbers(result) == (0, 1, 1)
    assert {phone: one.address for phone, one in customers(house).items()} == {
        "13800009991": "长江路77号", "13800009992": "长江路2号"}


def test_complaints_go_with_their_reports_and_the_new_values_of_lists(house):
    before = set(house.session.scalars(select(Channel.name)))
    text = "编号,投诉日期,主题,投诉渠道,答复,是否结案\nA-1,2026-01-05,违约金,抖音,已答复,是\n" \
        "A-2,2026-01-06,短信,抖音,,否\n"
    added = {"who": "admin", "decisions": {"channel": {"抖音": ADD}}}
    job = import_file(house, COMPLAINTS, text, **added)
    assert house.session.scalar(select(func.count()).select_from(Complaint)) == 2
    assert house.session.scalar(select(func.count()).select_from(RegulatorReport)) >= 1
    house.session.rollback()
    assert numbers(look(house, job, who="admin")) == (3, 0, 0)
    assert numbers(withdraw(house, job, who="admin").result) == (3, 0, 0)
    assert house.session.scalars(select(Complaint)).all() == []
    assert house.session.scalars(select(RegulatorReport)).all() == []
    assert set(house.session.scalars(select(Channel.name))) == before
    import_file(house, COMPLAINTS, text, **added)
    assert house.session.scalar(select(func.count()).select_from(Complaint)) == 2


def test_what_an_import_said_of_answers_is_as_before(house):
    text = ("编号,投诉日期,主题,答复,是否结案\n"
            "A-1,2026-01-05,违约金,一,否\nA-2,2026-01-05,短信,,否\n")
    import_file(house, COMPLAINTS, text)
    job = import_file(house, COMPLAINTS, text.replace(",一,", ",二,").replace(",,", ",三,"),
                      on_existing=UPDATE)
    responses = select(RegulatorReport.response).order_by(RegulatorReport.complaint_id)
    assert house.session.scalars(responses).all() == ["二", "三"]
    house.session.rollback()
    assert numbers(look(house, job)) == (1, 1, 0)
    assert numbers(withdraw(house, job).result) == (1, 1, 0)
    assert [one for one in house.session.scalars(responses) if one] == ["一"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_withdrawal_that_was_cancelled_goes_on_where_it_ended(house, monkeypatch):
    lines = [f"客户{n},1380000{n:04},长江路{n}号" for n in range(6)]
    import_file(house, CUSTOMERS, "Name,Phone,Address\n" + "\n".join(lines[:3]))
    job = import_file(house, CUSTOMERS, "Name,Phone,Address\n" + "\n".join(
        one.replace("号", "弄") for one in lines), on_existing=UPDATE)
    real = JobContext.progress

    def stop(self, done, total=None):
        if done >= 2:
            raise JobCancelled
        real(self, done, total)

    with monkeypatch.context() as patch:
        patch.setattr("app.records.importing.taking_back.Pace",
                      lambda **more: Pace(**more | {"least": 1, "first": 1, "most": 1, "pause": 0}))
        patch.setattr(JobContext, "progress", stop)
        assert withdraw(house, job).state == "cancelled"
    assert written(house, job).state == "withdrawing"
    assert numbers(withdraw(house, job).result) == (3, 3, 0)
    assert sorted(one.address for one in customers(house).values()) == [
        "长江路0号", "长江路1号", "长江路2号"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_who_imported_takes_back_and_only_once(house):
    job = import_file(house, CUSTOMERS, NEW)
    with pytest.raises(MayNotImport):
        withdraw(house, job, who="agent")
    with pytest.raises(MayNotImport):
        withdraw(house, job, who="admin")
    withdraw(house, job)
    with pytest.raises(NotTakenBack):
        withdraw(house, job)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_records_in_the_recycle_bin_go_as_well_unless_a_person_put_them_there(house):
    job = import_file(house, CUSTOMERS, NEW)
    delete(house.session, house.actor("supervisor"), customers(house)["13800009991"])
    result = withdraw(house, job).result
    assert numbers(result) == (1, 0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_others_refer_to_stays(house):
    job = import_file(house, CUSTOMERS, NEW)
    supervisor = house.actor("supervisor")
    vehicle = create(house.session, SYSTEM, Vehicle, {
        "customer_id": customers(house)["13800009991"].id, "plate": "沪A12345",
        "owner_id": supervisor.user_id})
    result = look(house, job)
    assert numbers(result) == (1, 0, 1)
    assert result["rows"][0]["reason"] == "Other records refer to it."
    delete(house.session, supervisor, house.session.get(Vehicle, vehicle.id))
    with write(house.session):
        house.session.delete(house.session.get(Vehicle, vehicle.id))
    # What deleting the vehicle changed about the customer was done by a person.
    assert numbers(withdraw(house, job).result) == (1, 0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_import_that_wrote_nothing_leaves_nothing_to_take_back(house):
    import_file(house, CUSTOMERS, NEW, mode=GOOD)
    job = import_file(house, CUSTOMERS, NEW, mode=GOOD)
    house.session.rollback()
    assert house.session.scalar(
        select(WrittenImport).where(WrittenImport.job_id == job.id)) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_old_imports_are_forgotten_with_their_jobs(house):
    import_file(house, CUSTOMERS, NEW)
    house.session.rollback()
    purge_written(house.session, utcnow() + dt.timedelta(days=89))
    assert house.session.scalar(select(func.count()).select_from(WrittenImport)) == 1
    house.session.rollback()
    purge_written(house.session, utcnow() + dt.timedelta(days=91))
    assert house.session.scalar(select(func.count()).select_from(WrittenImport)) == 0
    assert house.session.scalar(select(func.count()).select_from(ImportedRecords)) == 0
    assert house.session.scalar(select(func.count()).select_from(Staff)) > 0
