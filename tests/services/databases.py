"""Databases for single tests, each a cheap copy of a template that is made once.

There is a template of each kind: ``tables`` has no rows, ``house`` the demo people with their
rights, ``demo`` all generated demo data, ``sample`` the department that the tests of screens work
in.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[2]
# Who fills the template of a kind; each is run as ``python -m MODULE URL``, in a process of its
# own, so that models defined by tests never end up in it.
FILLERS = {
    "tables": "tests.services.schema",
    "house": "tests.services.house",
    "demo": "tests.services.demo",
    "sample": "tests.integration.screens.building",
}
_numbers = itertools.count(1)


def fill(url: str, kind: str) -> None:
    """Fill the empty database at ``url`` as its kind says, in a fresh process.

    Raises:
        RuntimeError: it failed; the message holds what the process wrote.
    """
    done = subprocess.run(
        [sys.executable, "-m", FILLERS[kind], url],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the database of kind {kind} failed:\n{done.stderr[-4000:]}")


def create_postgresql_template(server: str, kind: str) -> None:
    """Create the database that PostgreSQL copies for each test."""
    name = template_name(kind)
    with _connected(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        fill(_with_database(server, name), kind)
        connection.execute(f"ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false")


def template_name(kind: str) -> str:
    """Return the name of PostgreSQL's template of a kind."""
    return f"template_{kind}"


@contextlib.contextmanager
def postgresql_database(
    server: str, template: str = "template0", name: str = ""
) -> Iterator[str]:
    """Give the address of a fresh copy of a template; it is dropped at the end.

    Args:
        server: address of the maintenance database.
        template: see ``template_name``; PostgreSQL's own is an empty database.
        name: name of the copy; one that was never used by default.
    """
    name = name or f"test_{os.getpid()}_{next(_numbers)}"
    with _connected(server) as connection:
        # A third of the time that the way over the log takes; older servers know no other.
        copied = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{copied}")
    try:
        yield _with_database(server, name)
    finally:
        with _connected(server) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def sqlite_database(template: Path, directory: Path) -> str:
    """Copy the template into ``directory`` and return the address of the copy."""
    path = directory / "careline.sqlite"
    # A new file, not the old one written over: SQLite shares what it knows of a file among all
    # connections of a process, and a test may have left one open.
    for rest in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def _with_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _connected(server: str) -> psycopg.Connection:
    address = make_url(server).set(drivername="postgresql")
    return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)
