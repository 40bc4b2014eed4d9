"""Writes the first migration of the core or of a plugin anew, while nothing has been released.

    python -m scripts.baseline            the core's
    python -m scripts.baseline complaints a plugin's
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

from config import ROOT, Settings

MESSAGES = {None: "First tables of the core"}


def add_search_index(file: Path) -> None:
    """Append what create_all does for the search index; no difference of tables shows it."""
    from app.records.models import POSTGRESQL_DDL, SQLITE_DDL

    end = "    # ### end Alembic commands ###\n"
    index = (
        "    if op.get_bind().dialect.name == 'sqlite':\n"
        f"        op.execute({SQLITE_DDL!r})\n"
        "    else:\n"
        f"        op.execute({POSTGRESQL_DDL!r})\n"
    )
    file.write_text(file.read_text().replace(end, end + index, 1))


def main(name: str | None) -> None:
    """Compare the models with a database that has everything but this history."""
    from app import create_app
    from app.database import db
    from app.host import migrations
    from app.host.host import current_host

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({
            **os.environ, "CARELINE_ENV": "development", "CARELINE_VAR_DIR": folder,
            "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
            "CARELINE_DATABASE_URL": f"sqlite:///{Path(folder) / 'baseline.sqlite'}",
        })
        app = create_app(settings)
        with app.app_context():
            manifests = current_host().active_manifests
            manifest = next((m for m in manifests if m.name == name), None)
            if name and manifest is None:
                raise SystemExit(f"There is no active plugin {name}.")
            folder_of = manifest.path / "migrations" if manifest else ROOT / "migrations/versions"
            for old in folder_of.glob("*.py"):
                old.unlink()
            if manifest:
                migrations.upgrade(db.engine, ROOT, [])
            message = f"First tables of {name}" if name else MESSAGES[None]
            migrations.revise(db.engine, ROOT, manifest, message)
            if manifest is None:
                add_search_index(next(folder_of.glob("*.py")))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
