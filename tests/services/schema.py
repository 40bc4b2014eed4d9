"""Creates every table in an empty database: ``python -m tests.services.schema URL``.

A process of its own, so that models defined by tests never end up in the template.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from sqlalchemy import create_engine

from app.database import metadata
from config import ROOT

# One for all installations of tests: a database that one has filled is read by another.
FIELD_KEY = "a-key-of-sensitive-columns-for-tests-and-nothing-else"


def import_models() -> None:
    """Make every table of the core, of Flask-AppBuilder and of the plugins in the folder known."""
    importlib.import_module("app.models")
    folder = Path(os.environ.get("CARELINE_PLUGINS_DIR", ROOT / "plugins"))
    for path in sorted(folder.glob("*/models.py")):
        importlib.import_module(f"plugins.{path.parent.name}.models")


def create_tables(url: str) -> None:
    """Create all tables in the database at ``url``, a SQLAlchemy address."""
    import_models()
    engine = create_engine(url)
    metadata().create_all(engine)
    engine.dispose()


if __name__ == "__main__":
    create_tables(sys.argv[1])
