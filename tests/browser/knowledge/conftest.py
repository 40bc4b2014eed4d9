"""The whole product with its demo people, customers and the library of the demonstration."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.admin.demo import customers as demo_customers
from app.database import db
from app.sdk.demo import DemoContext
from app.testing.plugin_fixtures import PASSWORD
from config import Settings
from plugins.knowledge import demo
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def site_settings(
    site_settings: Settings, services: SharedServices, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of an installation with the demo people, for the tests of one module."""
    folder: Path = tmp_path_factory.mktemp("house")
    return dataclasses.replace(
        site_settings, database_url=sqlite_database(services.sqlite_template("house"), folder)
    )


@pytest.fixture(scope="module")
def site_app(site_settings: Settings) -> Flask:
    """The application with plugins, people, customers and articles."""
    app = create_app(site_settings)
    with app.app_context():
        context = DemoContext(db.session, site_settings, 1, PASSWORD)
        demo_customers.load(context)
        demo.load(context)
        db.session.remove()
    return app
