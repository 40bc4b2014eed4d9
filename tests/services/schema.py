"""Creates every table in an empty database: ``python -m tests.services.schema URL``.

A process of its own, so that models defined by tests never end up in the template.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from sqlalchemy import create_engine

import app
from app.database import metadata
from config import ROOT


def import_models() -> None:
    """Import every table of the core, of Flask-AppBuilder and of the plugins in the folder."""
    importlib.import_module("flask_appbuilder.security.sqla.models")
    for path in sorted(Path(app.__file__).parent.glob("*/models.py")):
        if path.parent.name != "sdk":
            importlib.import_module(f"app.{path.parent.name}.models")
    for path in sorted((ROOT / "plugins").glob("*/models.py")):
        importlib.import_module(f"plugins.{path.parent.name}.models")


def create_tables(url: str) -> None:
    """Create all tables in the database at ``url``, a SQLAlchemy address."""
    import_models()
    engine = create_engine(url)
    metadata().create_all(engine)
    engine.dispose()


if __name__ == "__main__":
    create_tables(sys.argv[1])
