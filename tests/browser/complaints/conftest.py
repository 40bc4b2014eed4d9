"""The whole product with its demo people and customers in place of the sample department."""

from __future__ import annotations

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


@pytest.fixture(scope="module")
def site_app(site_settings: Settings) -> Flask:
    """The application with plugins, people and customers."""
    app = create_app(site_settings)
    with app.app_context():
        sync_all(app)
        publish_definitions(app)
        context = DemoContext(db.session, site_settings, 1, building.PASSWORD)
        demo_people.load(context)
        demo_customers.load(context)
        db.session.remove()
    return app
