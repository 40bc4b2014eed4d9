"""Loans are watched: status files change them, and a worse one is somebody's task."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import func, select

from app.collaboration.timeline import entries
from app.customers.models import Customer, Loan
from app.customers.status_folder import look
from app.customers.status_models import StatusFile
from app.database import utcnow
from app.jobs.models import Job
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION
from app.notices.models import Notice
from app.people.clock import local_today
from app.sdk.services import create, update
from plugins.callbacks.models import Task
from plugins.complaints.tests.test_api import call

HEADER = "合同号,状态,逾期天数,五级分类,数据日期\n"


@pytest.fixture
def loan(house) -> Loan:
    """An active loan of a customer of the agent."""
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer,
                      {"name": "王小明", "phone": "13876544321", "owner_id": agent.user_id})
    return create(house.session, agent, Loan, {"customer_id": customer.id, "contract": "HT-1"})


@pytest.fixture
def post(house):
    """Deliver all events as the worker would."""

    def deliver() -> None:
        house.session.rollback()
        deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)
        house.session.rollback()

    return deliver


@pytest.fixture
def folder(house, tmp_path):
    """A folder of status files, and what looks through it."""
    path = tmp_path / "status"
    path.mkdir()
    settings = dataclasses.replace(house.app.config["CARELINE_SETTINGS"], status_dir=path)

    def run() -> int:
        house.session.rollback()
        return look(house.session, settings)

    return path, run


def tasks(house) -> list[Task]:
    return list(house.session.scalars(select(Task).order_by(Task.id)))


def test_a_worse_repayment_is_a_task_of_the_agent_and_stands_on_the_timeline(house, loan, post):
    agent = house.actor("agent")
    update(house.session, agent, loan, {"status": "overdue", "overdue_days": 3})
    post()
    post()
    (task,) = tasks(house)
    assert (task.owner_id, task.customer_id) == (agent.user_id, loan.customer_id)
    assert "HT-1" in task.subject
    found = entries(house.session, agent, loan.customer_id, 20)
    assert [one.values["days"] for one in found if one.kind == "customers.loan_worsened"] == [3]
    update(house.session, agent, loan, {"overdue_days": 4})
    post()
    assert len(tasks(house)) == 1
    update(house.session, agent, loan, {"overdue_days": 31})
    post()
    assert len(tasks(house)) == 2


def test_without_callbacks_the_agent_gets_a_notice(house, loan, post, monkeypatch):
    monkeypatch.setattr("app.admin.loan_watch.has_ability", lambda *_: False)
    update(house.session, house.actor("supervisor"), loan, {"risk_class": "attention"})
    post()
    notices = house.session.scalars(select(Notice).where(
        Notice.user_id == house.actor("agent").user_id)).all()
    assert [one.text_values["contract"] for one in notices
            if "contract" in one.text_values] == ["HT-1"]
    assert tasks(house) == []


def test_a_loan_that_is_new_or_better_is_nobodys_task(house, loan, post):
    agent = house.actor("agent")
    create(house.session, agent, Loan, {
        "customer_id": loan.customer_id, "contract": "HT-2", "status": "overdue",
        "overdue_days": 90})
    update(house.session, agent, loan, {"status": "settled"})
    post()
    assert tasks(house) == []


def test_a_file_of_the_folder_is_read_once_when_it_is_whole(house, loan, post, folder, work):
    path, run = folder
    today = local_today()
    (path / "daily.csv").write_text(HEADER + f"HT-1,逾期,5,关注,{today}\nHT-9,逾期,5,,{today}\n")
    (path / ".partial.csv").write_text(HEADER)
    (path / "notes.txt").write_text("nothing")
    assert run() == 0
    (path / "daily.csv").write_text(
        HEADER + f"HT-1,逾期,6,关注,{today}\nHT-9,逾期,5,,{today}\nHT-1x,\n")
    assert run() == 0
    assert run() == 1
    job = work()
    assert (job.state, job.result["updated"], job.result["rejected"]) == ("done", 1, 2)
    house.session.expire_all()
    assert (loan.status, loan.overdue_days, loan.risk_class) == ("overdue", 6, "attention")
    post()
    assert len(tasks(house)) == 1
    assert run() == 0
    # The same content once more, under another name, and with another time.
    (path / "again.csv").write_text((path / "daily.csv").read_text())
    (path / "daily.csv").touch()
    assert [run(), run(), run()] == [0, 0, 0]
    states = house.session.execute(
        select(StatusFile.name, StatusFile.state).order_by(StatusFile.id)).all()
    assert sorted(states) == [("again.csv", "known"), ("daily.csv", "known"),
                              ("daily.csv", "started")]
    assert house.session.scalar(
        select(func.count()).select_from(Job).where(Job.kind == "records.import")) == 1


def test_a_file_that_is_no_table_is_named_with_the_reason(house, folder, desk):
    path, run = folder
    (path / "wrong.csv").write_text("a,b\n1,2\n")
    (path / "broken.xlsx").write_bytes(b"no workbook")
    assert [run(), run()] == [0, 0]
    found = house.session.scalars(select(StatusFile)).all()
    assert {one.state for one in found} == {"refused"} and all(one.reason for one in found)
    assert "wrong.csv" in desk("admin").get("/status-files/list/?all=1").text


def test_an_older_status_changes_nothing(house, loan, folder, work):
    path, run = folder
    today = local_today()
    update(house.session, house.actor("agent"), loan, {"status_on": today, "overdue_days": 0})
    (path / "old.csv").write_text(HEADER + f"HT-1,逾期,50,,{today - dt.timedelta(days=1)}\n")
    assert [run(), run()] == [0, 1]
    assert work().result["skipped"] == 1
    house.session.expire_all()
    assert loan.status == "active"


def test_nothing_is_looked_for_without_a_folder(house):
    assert look(house.session, house.app.config["CARELINE_SETTINGS"]) == 0


def test_loans_are_read_and_written_over_rest_and_a_worse_one_is_told(house, loan, post):
    supervisor = house.client("supervisor")
    held = supervisor.get(f"/api/v1/loans/{loan.id}").json["result"]
    assert held["contract"] == "HT-1" and held["customer"]["id"] == loan.customer_id
    listed = supervisor.get("/api/v1/loans/?contract__is=HT-1&columns=number").json
    assert listed["result"] == [{"number": loan.number}]
    answer = call(supervisor, "PUT", f"/api/v1/loans/{loan.id}", status="overdue",
                  overdue_days=5, version=held["version"])
    assert answer.status_code == 200
    post()
    assert len(tasks(house)) == 1
