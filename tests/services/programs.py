"""Finds the server programs that the tests start."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

POSTGRESQL_OLDEST = 15


class ServiceMissing(Exception):
    """A server cannot be started on this machine; the message is one sentence that says why."""


def postgresql_programs() -> Path:
    """Return the folder that holds ``initdb`` and ``postgres``, newest version first.

    Debian keeps them out of PATH, under ``/usr/lib/postgresql/VERSION/bin``.

    Raises:
        ServiceMissing: no PostgreSQL of version 15 or later was found.
    """
    folders = [Path(found).parent for found in [shutil.which("postgres")] if found]
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    usable = [
        (version, folder)
        for folder in folders
        if (folder / "initdb").is_file()
        and (version := _major_version(folder / "postgres")) >= POSTGRESQL_OLDEST
    ]
    if not usable:
        raise ServiceMissing(f"PostgreSQL {POSTGRESQL_OLDEST} or later is not installed")
    return max(usable)[1]


def _major_version(postgres: Path) -> int:
    if not postgres.is_file():
        return 0
    shown = subprocess.run(
        [postgres, "--version"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"(\d+)", shown)
    return int(found.group(1)) if found else 0


def redis_program() -> Path:
    """Return the path of ``redis-server``.

    Raises:
        ServiceMissing: it is not in PATH.
    """
    found = shutil.which("redis-server")
    if found is None:
        raise ServiceMissing("redis-server is not installed")
    return Path(found)
