"""How each private server is set up and started, and how one knows that it answers."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.services import guard
from tests.services.programs import ServiceMissing, postgresql_programs, redis_program

START_WITHIN_SECONDS = 30
# Data of a test run is thrown away: nothing has to survive a power cut.
POSTGRESQL_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # No standby follows, so copies of databases need not be logged; old logs go early.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "timezone": "UTC",
}


def start_postgresql(directory: Path, session_pid: int) -> tuple[int, str]:
    """Set up and start a PostgreSQL server that listens on a Unix socket only.

    Args:
        directory: empty folder for data, socket and log.
        session_pid: the server ends when this process ends.

    Returns:
        Process id of the guard and the SQLAlchemy address of the maintenance database.

    Raises:
        ServiceMissing: the programs are not installed, or there is no user to run them as.
    """
    programs = postgresql_programs()
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix = _as_other_user(directory)
    data = directory / "data"
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    subprocess.run(
        [*prefix, programs / "initdb", "--pgdata", data, "--username", "careline", "--no-sync",
         "--auth", "trust", "--encoding", "UTF8", "--locale", locale],
        check=True, capture_output=True, cwd=directory,
    )
    command = [*prefix, programs / "postgres", "-D", data, "-k", directory]
    for name, value in POSTGRESQL_OPTIONS.items():
        command += ["-c", f"{name}={value}"]
    pid = _start(directory, session_pid, [str(part) for part in command])
    url = f"postgresql+psycopg://careline@/postgres?host={directory}"
    # The socket appears before the server takes connections; PostgreSQL writes "ready" here.
    _wait(directory, lambda: _says_ready(data / "postmaster.pid"))
    return pid, url


def start_redis(directory: Path, session_pid: int) -> tuple[int, str]:
    """Start a Redis server on a free port of the loopback interface.

    Args:
        directory: empty folder for its log.
        session_pid: the server ends when this process ends.

    Returns:
        Process id of the guard and the address without a database number.

    Raises:
        ServiceMissing: redis-server is not installed.
    """
    program = redis_program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "",
        "--appendonly", "no", "--dir", str(directory),
    ]
    pid = _start(directory, session_pid, command)
    _wait(directory, lambda: _answers(port))
    return pid, f"redis://127.0.0.1:{port}"


def _as_other_user(directory: Path) -> list[str]:
    """PostgreSQL refuses to run as root: give the folder to another user and run as them."""
    if shutil.which("setpriv") is None:
        raise ServiceMissing("PostgreSQL does not run as root and setpriv is not installed")
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known.get("nobody")
    if user is None:
        raise ServiceMissing("PostgreSQL does not run as root and no other user was found")
    os.chown(directory, user.pw_uid, user.pw_gid)
    return ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]


def _start(directory: Path, session_pid: int, command: list[str]) -> int:
    with (directory / "log").open("wb") as log:
        # A session of its own: Ctrl-C must reach the tests first and the servers last.
        process = subprocess.Popen(
            [sys.executable, guard.__file__, str(session_pid), *command],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory,
            start_new_session=True,
        )
    return process.pid


def _wait(directory: Path, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    log = (directory / "log").read_text(errors="replace")
    raise RuntimeError(f"a test server did not start:\n{log[-2000:]}")


def _says_ready(postmaster_pid: Path) -> bool:
    return postmaster_pid.is_file() and postmaster_pid.read_text().rstrip().endswith("ready")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
