"""The whole product with its demo people, customers and complaints in every state."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import Settings
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def site_settings(
    site_settings: Settings, services: SharedServices, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of an installation with demo data, for the tests of one module."""
    folder: Path = tmp_path_factory.mktemp("demo")
    return dataclasses.replace(
        site_settings, database_url=sqlite_database(services.sqlite_template("demo"), folder),
        # What is looked for on every page is in its first rows already.
        page_size_most=25,
    )


@pytest.fixture(scope="module")
def site_app(site_settings: Settings) -> Flask:
    """The application with its generated demo data."""
    return create_app(site_settings)
