"""The whole product with its demo people, customers and complaints in every state."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask

from app import create_app
from app.cli.deploy import publish_definitions
from app.cli.permissions import sync_all
from app.database import db
from app.host.host import current_host
from app.sdk.demo import DemoContext
from config import Settings
from tests.integration.screens import building
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices


@pytest.fixture(scope="module")
def site_app(services: SharedServices, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with its generated demo data."""
    folder = tmp_path_factory.mktemp("product-site")
    settings = Settings.from_environment(
        {}, environment="test", secret_key=secrets.token_urlsafe(64), var_dir=folder / "var",
        database_url=sqlite_database(services.sqlite_template(), folder),
        # Generated data only: the public register would add 15,000 rows and half a minute.
        data_dir=folder / "no-data",
    )
    app = create_app(settings)
    with app.app_context():
        sync_all(app)
        publish_definitions(app)
        context = DemoContext(db.session, settings, 1, building.PASSWORD)
        for item in sorted(
            current_host().contributions("register_demo_data"), key=lambda item: item.order
        ):
            item.load(context)
        db.session.remove()
    return app
