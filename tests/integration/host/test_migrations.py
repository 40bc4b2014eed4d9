"""Migrations bring an empty database to exactly what the models say."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect

import app.models
from app.database import Base, engine_options
from app.host import migrations
from config import ROOT, Settings


@pytest.fixture
def empty_engine(empty_database_url, tmp_path):
    settings = Settings.from_environment(
        {"CARELINE_SECRET_KEY": "0123456789abcdefghij" * 3, "CARELINE_ENV": "test",
         "CARELINE_VAR_DIR": str(tmp_path), "CARELINE_DATABASE_URL": empty_database_url}
    )
    engine = create_engine(settings.database_url, **engine_options(settings))
    yield engine
    engine.dispose()


def test_upgrade_from_nothing_leaves_no_difference_to_the_models(empty_engine):
    assert migrations.upgrade(empty_engine, ROOT, []) == ["core"]
    assert migrations.differences(empty_engine, None) == []
    assert inspect(empty_engine).has_table("records_search")
    assert app.models


def test_a_second_upgrade_does_nothing(empty_engine):
    migrations.upgrade(empty_engine, ROOT, [])
    assert migrations.upgrade(empty_engine, ROOT, []) == []


def test_every_table_of_the_core_belongs_to_the_history_of_the_core():
    # Tables that no history owns are in no comparison: they are missed on a new machine only.
    folders = {mapper.class_.__module__.partition(".models")[0]: mapper.local_table.name
               for mapper in Base.registry.mappers
               if mapper.class_.__module__.startswith("app.")}
    assert "app.settings" in folders
    assert {name for name in folders.values() if not migrations.owns(name, None)} == set()


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_references_are_enforced_again_after_an_upgrade(empty_engine):
    for moved in (["core"], []):
        assert migrations.upgrade(empty_engine, ROOT, []) == moved
        with empty_engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 0
