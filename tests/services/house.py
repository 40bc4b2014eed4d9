"""Fills an empty database with all tables and the demo people.

Run as ``python -m tests.services.house URL``.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import update
from werkzeug.security import generate_password_hash

from app import create_app
from app.database import db, write
from app.testing.plugin_fixtures import PASSWORD, move_in
from config import Settings
from tests.services.schema import FIELD_KEY, create_tables
from tests.services.verdicts import share


@contextlib.contextmanager
def moved_in(url: str) -> Iterator[Flask]:
    """Give an application, in its context, with rights, definitions and people in a database.

    At the end passwords are hashed so that they are quickly checked: tests sign in all the time.

    Args:
        url: address of an empty database.
    """
    create_tables(url)
    with tempfile.TemporaryDirectory() as folder:
        # Like its tables, the people belong to the plugins that are tested.
        given = {name: value for name, value in os.environ.items()
                 if name == "CARELINE_PLUGINS_DIR"}
        app = create_app(Settings.from_environment(
            given, environment="test", secret_key=secrets.token_urlsafe(64), database_url=url,
            # The public register would add 15,000 rows and half a minute.
            field_keys=(FIELD_KEY,), var_dir=share(Path(folder) / "var"),
            data_dir=Path(folder) / "no-data",
        ))
        with app.app_context():
            move_in(app)
            yield app
            quick = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1000")
            with write(db.session):
                db.session.execute(update(User).values(password=quick))
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    with moved_in(sys.argv[1]):
        pass
