"""Figures are counted anew beside people who work, and of databases that never had any."""

from __future__ import annotations

import re

import pytest
from alembic import command
from sqlalchemy import text, update

from app.host import migrations
from app.host.host import EXTENSION
from app.metrics import folding, rebuilding
from app.metrics.models import BY_GROUP_AND_MONTH, WHOLE, MetricChange, MetricState, MetricSum
from app.sdk.metrics import count, count_by
from app.sdk.services import write
from config import ROOT
from plugins.complaints import metrics
from plugins.complaints.tests.helpers import assigned, registered, step


def forget(session) -> None:
    """Bring figures to the state in which nothing has been counted."""
    with write(session):
        for model in (MetricChange, MetricSum, MetricState):
            session.execute(model.__table__.delete())


@pytest.mark.both_databases
def test_what_is_written_meanwhile_counts_once(house, monkeypatch):
    registered(house)
    forget(house.session)
    recount = rebuilding.recount

    def beside(connection, model, wanted):
        monkeypatch.undo()
        found = recount(connection, model, wanted)
        registered(house)
        return found

    monkeypatch.setattr(rebuilding, "recount", beside)
    rebuilding.rebuild(house.session)
    assert rebuilding.check(house.session) == []
    assert count(house.session, house.actor("admin"), metrics.RECEIVED) == 2


@pytest.mark.both_databases
def test_of_two_that_count_anew_the_later_one_goes_on(house, monkeypatch):
    registered(house)
    forget(house.session)
    recount = rebuilding.recount

    def beside(connection, model, wanted):
        found = recount(connection, model, wanted)
        monkeypatch.undo()
        rebuilding.rebuild(house.session)
        return found

    monkeypatch.setattr(rebuilding, "recount", beside)
    with pytest.raises(rebuilding.CountSuperseded):
        rebuilding.rebuild(house.session)
    assert rebuilding.check(house.session) == []
    assert count(house.session, house.actor("admin"), metrics.RECEIVED) == 1


@pytest.mark.both_databases
def test_corrections_are_written_in_small_transactions(house, monkeypatch):
    for number in range(4):
        registered(house, product=f"产品{number}")
    forget(house.session)
    portions, add = [], rebuilding.add_to_sums
    monkeypatch.setattr(rebuilding, "PORTION", 8)

    def noted(session, changes):
        portions.append(len(changes))
        add(session, changes)

    monkeypatch.setattr(rebuilding, "add_to_sums", noted)
    rebuilding.rebuild(house.session)
    assert len(portions) > 3 and max(portions) <= 8
    assert rebuilding.check(house.session) == []


@pytest.mark.parametrize("level", [BY_GROUP_AND_MONTH, WHOLE])
def test_sums_that_were_changed_by_hand_are_found_and_put_right(house, level):
    registered(house)
    rebuilding.rebuild(house.session)
    folding.fold(house.session)
    table = MetricSum.__table__
    with write(house.session):
        house.session.execute(update(table).values(amount=7).where(
            table.c.measure == "complaints.received", table.c.level == level))
    assert {one.level for one in rebuilding.check(house.session)} >= {level}
    rebuilding.rebuild(house.session)
    assert rebuilding.check(house.session) == []


# Columns of customers that refer to others and came after that version.
_LATER_REFERENCES = "reviewed_by_id|membership_id|tier_id"


def _as_migrations_made_it(connection) -> None:
    """Let the later references of customers be as migrations write them: beside no column at all.

    SQLite drops no column that a constraint of the whole table names, as in a table made at once.
    """
    if connection.dialect.name != "sqlite":
        return
    made = connection.scalar(
        text("SELECT sql FROM sqlite_master WHERE name = 'customers_customer'"))
    loose = re.sub(
        rf",\s*CONSTRAINT \w+ FOREIGN KEY\(({_LATER_REFERENCES})\) REFERENCES \w+ \(id\)", "",
        made)
    assert loose != made
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        text("UPDATE sqlite_master SET sql = :sql WHERE name = 'customers_customer'"),
        {"sql": loose})
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    connection.commit()


def _back_to_the_version_before(house) -> None:
    plugins = house.app.extensions[EXTENSION].loaded
    with house.session.get_bind().connect() as connection:
        _as_migrations_made_it(connection)
        # Tables are copied on the way, as by an upgrade.
        migrations._pragmas(connection, "foreign_keys=OFF")
        for manifest in (None, *(one.manifest for one in plugins if one.manifest)):
            if manifest is None or (manifest.path / "migrations").is_dir():
                command.stamp(migrations._config(ROOT, manifest, connection), "head")
        for one in plugins:
            # Others hold nothing here, and their tables may refer to younger ones of the core.
            if one.manifest and one.name != "complaints" and (
                    one.manifest.path / "migrations").is_dir():
                command.downgrade(migrations._config(ROOT, one.manifest, connection), "base")
        command.downgrade(migrations._config(ROOT, None, connection), "core_0010")
        connection.commit()
        migrations._pragmas(connection, "foreign_keys=ON")


def test_complaints_of_the_version_before_are_counted_at_the_deployment(house):
    registered(house, product="车贷")
    withdrawn = assigned(house, product="保险")
    step(house, withdrawn, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    session, admin = house.session, house.actor("admin")
    session.rollback()
    _back_to_the_version_before(house)
    result = house.app.test_cli_runner().invoke(args=["deploy"])
    assert result.exit_code == 0, result.output
    assert "complaints.received" in result.output
    assert count(session, admin, metrics.RECEIVED) == 2
    assert count(session, admin, metrics.CLOSED) == 1
    assert count_by(session, admin, metrics.RECEIVED, "product") == {"车贷": 1, "保险": 1}
    assert set(rebuilding.definitions(session).values()) == {
        rebuilding.facts.definition_of(one, rebuilding.local_zone())
        for one in rebuilding.held_measures()}
    assert rebuilding.check(session) == []
    assert "Counted" not in house.app.test_cli_runner().invoke(args=["deploy"]).output
