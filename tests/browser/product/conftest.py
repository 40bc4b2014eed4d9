"""The whole product with its demo people, customers and complaints in every state."""

from __future__ import annotations

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


@pytest.fixture(scope="module")
def site_app(site_settings: Settings) -> Flask:
    """The application with its generated demo data."""
    app = create_app(site_settings)
    with app.app_context():
        sync_all(app)
        publish_definitions(app)
        context = DemoContext(db.session, site_settings, 1, building.PASSWORD)
        for item in sorted(
            current_host().contributions("register_demo_data"), key=lambda item: item.order
        ):
            item.load(context)
        db.session.remove()
    return app
