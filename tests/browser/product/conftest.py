"""The whole product with its demo people, customers and complaints in every state."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app import create_app
from app.access.services import actor_for
from app.database import db
from app.screens.saved_views.store import ROLES, keep_view
from config import Settings
from tests.browser.imports.conftest import work
from tests.services.databases import sqlite_database
from tests.services.shared import SharedServices

__all__ = ["work"]


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
    """The application with its generated demo data, and a view that is shared."""
    app = create_app(site_settings)
    with app.app_context():
        keep_view(
            db.session, actor_for(db.session, _user_id("supervisor")), "complaints.Complaint",
            {"title": "重大投诉 Major complaints", "query": "is_major__is=true",
             "shared": ROLES, "roles": ["agent", "admin"]},
        )
        db.session.remove()
    return app


def _user_id(username: str) -> int:
    return db.session.scalar(select(User.id).where(User.username == username))
