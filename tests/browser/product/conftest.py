"""The whole product with its demo people, customers and complaints in every state."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.access.services import actor_for
from app.database import db
from app.screens.saved_views.store import ROLES, keep_view
from config import Settings
from tests.browser.imports.conftest import work

__all__ = ["work"]


@pytest.fixture(scope="module")
def database_of_site() -> str:
    """All generated demo data."""
    return "demo"


@pytest.fixture(scope="module")
def site_settings(site_settings: Settings) -> Settings:
    """Settings of an installation with demo data, for the tests of one module."""
    # What is looked for on every page is in its first rows already.
    return dataclasses.replace(site_settings, page_size_most=25)


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with its generated demo data, and a view that is shared."""
    with product.app_context():
        keep_view(
            db.session, actor_for(db.session, _user_id("supervisor")), "complaints.Complaint",
            {"title": "重大投诉 Major complaints", "query": "is_major__is=true",
             "shared": ROLES, "roles": ["agent", "admin"]},
        )
        db.session.remove()
    return product


def _user_id(username: str) -> int:
    return db.session.scalar(select(User.id).where(User.username == username))
