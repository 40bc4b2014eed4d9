"""Creates every table of core and plugins in an empty database: ``python -m tests.services.schema URL``.

A process of its own, so that models defined by tests never end up in the template.
"""

from __future__ import annotations

import importlib
import sys

from sqlalchemy import create_engine

from app.database import metadata
from config import ROOT


def import_models() -> None:
    """Make every table of the core and of Flask-AppBuilder known."""
    importlib.import_module("app.models")


def create_tables(url: str) -> None:
    """Create all tables in the database at ``url``, a SQLAlchemy address."""
    import_models()
    engine = create_engine(url)
    metadata().create_all(engine)
    engine.dispose()


if __name__ == "__main__":
    create_tables(sys.argv[1])
