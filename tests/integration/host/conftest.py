"""Fixtures of the tests of migrations: an empty database, and the way to a version and back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine

from app.access.sensitive import key_store, keyring
from app.database import engine_options
from app.host import migrations
from app.host.manifest import Manifest
from config import ROOT, Settings


@pytest.fixture
def empty_engine(empty_database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without any table, with the keys of sensitive columns."""
    settings = Settings.from_environment({
        "CARELINE_SECRET_KEY": secrets.token_urlsafe(64), "CARELINE_ENV": "test",
        "CARELINE_VAR_DIR": str(tmp_path), "CARELINE_DATABASE_URL": empty_database_url,
    })
    keyring.use(key_store.ring_of(settings.field_keys, settings.var_dir))
    engine = create_engine(settings.database_url, **engine_options(settings))
    yield engine
    engine.dispose()


@pytest.fixture
def move(empty_engine: Engine) -> Callable[..., None]:
    """Bring the database to a version: ``move("core_0007")``, ``move("head", plugin)``.

    ``down=True`` goes back to it.
    """

    def to(version: str, manifest: Manifest | None = None, *, down: bool = False) -> None:
        with empty_engine.connect() as connection:
            go = command.downgrade if down else command.upgrade
            go(migrations._config(ROOT, manifest, connection), version)
            connection.commit()

    return to
