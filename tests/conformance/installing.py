"""A whole installation on an empty database, with the plugins of a folder of choice."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask

from app import create_app
from app.database import db
from app.host import migrations
from app.host.host import current_host
from app.testing.plugin_fixtures import move_in
from config import ROOT, Settings
from tests.services.verdicts import share

EXAMPLE = ROOT / "tests" / "conformance" / "example" / "plugins"
REAL = ROOT / "plugins"


def settings_for(folder: Path, database_url: str, plugins: Path) -> Settings:
    """Return settings of an installation.

    Args:
        folder: where it writes.
        database_url: its database.
        plugins: where its plugins are looked for.
    """
    return Settings.from_environment({
        "CARELINE_ENV": "test", "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
        "CARELINE_VAR_DIR": str(share(folder)), "CARELINE_DATABASE_URL": database_url,
        "CARELINE_PLUGINS_DIR": str(plugins),
    })


def deployed(settings: Settings) -> Flask:
    """Return an application after the steps of ``flask deploy``, with the demo people."""
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine, ROOT, current_host().active_manifests)
        move_in(app)
    return app
