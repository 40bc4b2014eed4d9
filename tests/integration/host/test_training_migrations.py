"""Tutoring from before its rules stays as it is, there and back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select

from app.host import migrations
from app.host.manifest import Manifest, read_manifest
from config import ROOT
from plugins.training.models import Tutoring

pytestmark = pytest.mark.both_databases
DAY, NOW = dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def training() -> Manifest:
    """The manifest of training, whose models are known."""
    assert Tutoring.__tablename__
    return read_manifest(ROOT / "plugins" / "training", "plugins.training")


def table(engine):
    """Return the table of tutoring as it is in the database."""
    found = MetaData()
    found.reflect(engine, only=["training_tutoring", "ab_user"])
    return found.tables["training_tutoring"]


@pytest.fixture
def engine(empty_engine, move, training):
    """The database of the version before, with tutoring."""
    migrations.upgrade(empty_engine, ROOT, [])
    move("training_0002", training)
    tutoring = table(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(tutoring.insert().values(
            number="FD-2026-000001", version=1, created_at=NOW, updated_at=NOW, extra={},
            reason="other", goal="提高", measures="", starts_on=DAY, until_on=DAY, status="open",
            outcome=""))
    return empty_engine


def goals(engine):
    with engine.connect() as connection:
        return connection.execute(select(table(engine).c.goal)).scalars().all()


def test_what_a_person_wrote_stays_and_the_tables_are_those_of_the_models(
    engine, move, training
):
    move("head", training)
    assert goals(engine) == ["提高"]
    assert migrations.differences(engine, training) == []
    with engine.connect() as connection:
        assert connection.execute(select(table(engine).c.rule_id)).scalars().all() == [None]


def test_the_way_back(engine, move, training):
    move("head", training)
    move("training_0002", training, down=True)
    assert goals(engine) == ["提高"]
    assert not inspect(engine).has_table("training_tutoring_rule")
    assert not inspect(engine).has_table("training_duty_escalation")
