"""Databases for single tests, each a cheap copy of a template that is made once."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "template_careline"
_numbers = itertools.count(1)


def create_schema(url: str) -> None:
    """Create every table of the product in the empty database at ``url``, in a fresh process.

    Raises:
        RuntimeError: it failed; the message holds what the process wrote.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.schema", url],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the test schema could not be created:\n{done.stderr[-4000:]}")


def create_postgresql_template(server: str) -> None:
    """Create the database that PostgreSQL copies for each test."""
    _execute(server, f"CREATE DATABASE {TEMPLATE}")
    create_schema(_with_database(server, TEMPLATE))
    _execute(server, f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false")


@contextlib.contextmanager
def postgresql_database(server: str, template: str = TEMPLATE) -> Iterator[str]:
    """Give the address of a fresh copy of the template; it is dropped at the end.

    Args:
        server: address of the maintenance database.
        template: ``template0`` for an empty database.
    """
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _with_database(server, name)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def sqlite_database(template: Path, directory: Path) -> str:
    """Copy the template into ``directory`` and return the address of the copy."""
    path = directory / "careline.sqlite"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def _with_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
