"""Careline: the application factory. Wiring only, readable from top to bottom."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

# What Gunicorn takes for "this cannot start", and does not try again and again.
_START_FAILED = 3


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: settings to use. By default they are read from the environment, as where a
            process starts: then a bad one ends the process with one sentence.

    Raises:
        SystemExit: no settings are given, and one of the environment is bad or weak, or its
            database does not answer.
    """
    if settings is None:
        return _start()
    # Imported here, so that ``import app.deadlines`` and the like stay free of Flask.
    from flask import Flask

    from app import cli, wiring
    from app.access import security
    from app.database import db, end_session
    from app.web.routing import LazyMap, LazyRule

    app = Flask(__name__, static_folder=None)
    app.url_rule_class = LazyRule
    app.url_map = LazyMap()
    wiring.configure(app, settings)
    wiring.install_field_keys(app, settings)
    db.init_app(app)
    app.teardown_appcontext(end_session)
    with app.app_context():
        host = wiring.start_host(app, settings)
        builder = wiring.build_screens(app, settings, host)
        wiring.apply_contributions(app, builder, host)
        # Last: a plugin whose screens cannot be made brings no jobs either.
        wiring.install_jobs(app, settings, host)
    security.install(app)
    cli.install(app)
    return app


def _start() -> Flask:
    from app.startup import made_to_stay, settings_at_start

    settings = settings_at_start()
    with made_to_stay():
        return _created(settings)


def _created(settings: Settings) -> Flask:
    from sqlalchemy.exc import OperationalError

    try:
        return create_app(settings)
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        sys.stderr.write(
            f"Error: the database of CARELINE_DATABASE_URL does not answer: {reason}\n"
        )
        raise SystemExit(_START_FAILED) from None
