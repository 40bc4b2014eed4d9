"""The database of another system is asked how loans stand, and never written."""

from __future__ import annotations

import dataclasses
import sqlite3

import pytest
from sqlalchemy import select

from app.customers.models import Customer, Loan
from app.customers.status_database import ask
from app.customers.status_models import StatusFile
from app.sdk.services import create

QUERY = "SELECT contract AS Contract, state AS '状态', days AS '逾期天数' FROM loans"


@pytest.fixture
def loan(house) -> Loan:
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {"name": "王小明"})
    return create(house.session, agent, Loan, {"customer_id": customer.id, "contract": "HT-1"})


@pytest.fixture
def other(tmp_path):
    """The other system: a function that runs SQL in its database, and the address of it."""
    path = tmp_path / "other.sqlite"

    def run(sql: str) -> list[tuple]:
        with sqlite3.connect(path) as connection:
            return connection.execute(sql).fetchall()

    run("CREATE TABLE loans (contract TEXT, state TEXT, days INTEGER)")
    run("INSERT INTO loans VALUES ('HT-1', '逾期', 12)")
    return run, f"sqlite:///{path}"


def asking(house, address: str, query: str = QUERY) -> bool:
    house.session.rollback()
    settings = dataclasses.replace(
        house.app.config["CARELINE_SETTINGS"], status_database_url=address, status_query=query)
    return ask(house.session, settings)


def states(house) -> list[str]:
    return list(house.session.scalars(select(StatusFile.state).order_by(StatusFile.id)))


def test_what_it_says_is_imported_once(house, loan, other, work):
    run, address = other
    assert asking(house, address) is True
    assert work().result["updated"] == 1
    house.session.expire_all()
    assert (loan.status, loan.overdue_days) == ("overdue", 12)
    assert [asking(house, address), asking(house, address)] == [False, False]
    assert states(house) == ["started", "known"]
    run("UPDATE loans SET days = 40")
    assert asking(house, address) is True
    work()
    house.session.expire_all()
    assert loan.overdue_days == 40


@pytest.mark.parametrize(("query", "reason"), [
    ("DELETE FROM loans", "SELECT"),
    ("WITH gone AS (SELECT 1) DELETE FROM loans", "OperationalError"),
    ("SELECT nothing FROM loans", "OperationalError"),
    ("SELECT 1 AS a", ""),
])
def test_it_is_never_written_and_the_reason_is_named(house, other, query, reason):
    run, address = other
    house.session.rollback()
    assert [asking(house, address, query), asking(house, address, query)] == [False, False]
    assert run("SELECT count(*) FROM loans") == [(1,)]
    [row] = house.session.scalars(select(StatusFile)) if reason else [
        house.session.scalars(select(StatusFile).order_by(StatusFile.id)).first()]
    assert row.state == "refused" and reason in row.reason and row.reason


def test_a_password_is_not_named(house):
    assert asking(house, "postgresql+psycopg://user:Secret1@127.0.0.1:1/none") is False
    [row] = house.session.scalars(select(StatusFile))
    assert row.state == "refused" and "Secret1" not in row.reason


def test_nothing_is_asked_without_a_setting(house, other):
    assert asking(house, "") is False and asking(house, other[1], "") is False
    assert states(house) == []
