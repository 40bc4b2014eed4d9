"""Sheets and bonus lines from before calibration and overdue steps stay as they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import MetaData, insert, inspect, select

from app.host import migrations
from app.host.manifest import Manifest, read_manifest
from config import ROOT
from plugins.appraisals.models import Sheet

pytestmark = pytest.mark.both_databases
DAY, NOW = dt.date(2026, 1, 1), dt.datetime(2026, 2, 5, 1, 0)
NEW = {"waits_since", "closed_at", "final_score", "final_grade", "calibrated_points"}


@pytest.fixture
def appraisals() -> Manifest:
    """The manifest of appraisals, whose models are known."""
    assert Sheet.__tablename__
    return read_manifest(ROOT / "plugins" / "appraisals", "plugins.appraisals")


def tables(engine):
    """Return the tables as they are in the database."""
    found = MetaData()
    found.reflect(engine)
    return found.tables


@pytest.fixture
def engine(empty_engine, move, appraisals):
    """The database of the version before, with a signed sheet."""
    migrations.upgrade(empty_engine, ROOT, [])
    move("appraisals_0004", appraisals)
    held = tables(empty_engine)
    common = {"version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    with empty_engine.begin() as connection:
        def add(name: str, **values):
            return connection.execute(insert(held[name]).values(**values)).inserted_primary_key[0]

        user = add("ab_user", first_name="李", last_name="", username="li", active=True,
                   email="li@example.org")
        form = add("forms_form", code="x", title="", title_zh="", content={}, version=1,
                   retired=False, updated_at=NOW)
        version = add("forms_version", form_id=form, number=1, content={}, content_hash="",
                      published_at=NOW)
        cycle = add("appraisals_cycle", number="KQ-1", title="2026-01", kind="month",
                    starts_on=DAY, ends_on=DAY, status="open", note="", tasks="", weights={},
                    **common)
        add("appraisals_sheet", number="KH-1", cycle_id=cycle, owner_id=user, starts_on=DAY,
            ends_on=DAY, appraiser_id=user, form_version_id=version, quota=300, status="signed",
            self_answers={}, answers={}, left_out=[], left_out_reason="", weights={}, facts={},
            score=Decimal("90.67"), grade="excellent", frozen_hash="0" * 64, **common)
    return empty_engine


def test_a_signed_sheet_keeps_its_score_as_the_final_one(engine, move, appraisals):
    move("head", appraisals)
    sheet = tables(engine)["appraisals_sheet"].c
    with engine.connect() as connection:
        [row] = connection.execute(select(
            sheet.score, sheet.final_score, sheet.final_grade, sheet.calibrated_points,
            sheet.closed_at, sheet.waits_since == sheet.updated_at)).all()
    assert tuple(row) == (Decimal("90.67"), Decimal("90.67"), "excellent", None, None, True)
    assert migrations.differences(engine, appraisals) == []


def test_the_way_back(engine, move, appraisals):
    move("head", appraisals)
    move("appraisals_0004", appraisals, down=True)
    sheet = tables(engine)["appraisals_sheet"]
    assert not NEW & set(sheet.c.keys())
    with engine.connect() as connection:
        assert connection.execute(select(sheet.c.score)).scalars().all() == [Decimal("90.67")]
    assert not inspect(engine).has_table("appraisals_calibration")
    assert not inspect(engine).has_table("appraisals_year_rule")
