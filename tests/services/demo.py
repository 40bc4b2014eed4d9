"""Fills an empty database with all tables and the generated demo data.

Run as ``python -m tests.services.demo URL``.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path

from app import create_app
from app.cli.deploy import publish_definitions
from app.cli.permissions import sync_all
from app.database import db
from app.host.host import current_host
from app.sdk.demo import DemoContext
from app.sdk.testing import PASSWORD
from config import Settings
from tests.services.house import quicken_passwords
from tests.services.schema import create_tables


def create_demo(url: str) -> None:
    """Create all tables, rights, definitions and demo data in the database at ``url``."""
    create_tables(url)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment(
            {}, environment="test", secret_key=secrets.token_urlsafe(64), database_url=url,
            # The public register would add 15,000 rows and half a minute.
            var_dir=Path(folder) / "var", data_dir=Path(folder) / "no-data",
        )
        app = create_app(settings)
        with app.app_context():
            sync_all(app)
            publish_definitions(app)
            context = DemoContext(db.session, settings, 1, PASSWORD)
            for item in sorted(
                current_host().contributions("register_demo_data"), key=lambda item: item.order
            ):
                item.load(context)
            quicken_passwords(db.session)
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    create_demo(sys.argv[1])
