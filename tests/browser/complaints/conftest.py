"""The whole product with its demo people in place of the sample department."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask

from app import create_app
from app.admin.demo import customers as demo_customers
from app.admin.demo import people as demo_people
from app.cli.deploy import publish_definitions
from app.cli.permissions import sync_all
from app.database import db
from app.sdk.demo import DemoContext
from config import Settings
from tests.integration.screens import building
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def site_app(services: SharedServices, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with plugins, people and customers."""
    folder = tmp_path_factory.mktemp("complaints-site")
    settings = Settings.from_environment(
        {}, environment="test", secret_key=secrets.token_urlsafe(64), var_dir=folder / "var",
        database_url=sqlite_database(services.sqlite_template(), folder),
    )
    app = create_app(settings)
    with app.app_context():
        sync_all(app)
        publish_definitions(app)
        context = DemoContext(db.session, settings, 1, building.PASSWORD)
        demo_people.load(context)
        demo_customers.load(context)
        db.session.remove()
    return app
