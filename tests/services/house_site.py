"""A browser's site over an installation with the demo people and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from config import Settings
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def site_settings(
    site_settings: Settings, services: SharedServices, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of an installation with the demo people, for the tests of one module."""
    folder = tmp_path_factory.mktemp("house")
    return dataclasses.replace(
        site_settings, database_url=sqlite_database(services.sqlite_template("house"), folder)
    )
