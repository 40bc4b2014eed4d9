"""The whole product with its demo people, customers and the library of the demonstration."""

from __future__ import annotations

import pytest
from flask import Flask

from app.admin.demo import customers as demo_customers
from app.database import db
from app.sdk.demo import DemoContext
from app.testing.plugin_fixtures import PASSWORD
from config import Settings
from plugins.knowledge import demo
from tests.services.house_site import database_of_site

__all__ = ["database_of_site"]


@pytest.fixture(scope="module")
def site_app(product: Flask, site_settings: Settings) -> Flask:
    """The application with plugins, people, customers and articles."""
    with product.app_context():
        context = DemoContext(db.session, site_settings, 1, PASSWORD)
        demo_customers.load(context)
        demo.load(context)
        db.session.remove()
    return product
