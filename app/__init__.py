"""Careline: the application factory. Wiring only, readable from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: settings to use; read from the environment by default.

    Raises:
        SettingsError: a setting has a bad or weak value.
    """
    # Imported here, so that ``import app.deadlines`` and the like stay free of Flask.
    from flask import Flask

    from app import cli, wiring
    from app.access import security
    from app.database import db
    from app.screens.routing import LazyRule
    from config import Settings

    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.url_rule_class = LazyRule
    wiring.configure(app, settings)
    db.init_app(app)
    with app.app_context():
        host = wiring.start_host(app, settings)
        wiring.install_jobs(app, settings, host)
        builder = wiring.build_screens(app, settings, host)
        wiring.apply_contributions(app, builder, host)
    security.install(app)
    cli.install(app)
    return app
