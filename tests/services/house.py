"""Fills an empty database with all tables and the demo people.

Run as ``python -m tests.services.house URL``.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app import create_app
from app.database import db, write
from app.sdk.testing import PASSWORD, move_in
from config import Settings
from tests.services.schema import create_tables


def quicken_passwords(session: Session) -> None:
    """Hash everybody's password so that it is quickly checked: tests sign in all the time."""
    quick = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1000")
    with write(session):
        session.execute(update(User).values(password=quick))


def create_house(url: str) -> None:
    """Create all tables, rights, definitions and people in the database at ``url``."""
    create_tables(url)
    with tempfile.TemporaryDirectory() as folder:
        # Like its tables, the people belong to the plugins that are tested.
        given = {name: value for name, value in os.environ.items()
                 if name == "CARELINE_PLUGINS_DIR"}
        app = create_app(Settings.from_environment(
            given, environment="test", secret_key=secrets.token_urlsafe(64), database_url=url,
            var_dir=Path(folder),
        ))
        with app.app_context():
            move_in(app)
            quicken_passwords(db.session)
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    create_house(sys.argv[1])
