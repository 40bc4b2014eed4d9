"""Servers and templates that all processes of one test session share."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.services import databases, guard, servers
from tests.services.programs import ServiceMissing

STOP_WITHIN_SECONDS = 15
# Tests write databases and throw them away. In memory a PostgreSQL database is copied five times as
# fast as on a disk, and SQLite, which waits for the disk with each commit, need not wait.
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 2 * 1024**3
_PREFIX = "careline-tests-"
STARTERS: dict[str, Callable[[Path, int], tuple[int, str]]] = {
    "postgresql": servers.start_postgresql,
    "redis": servers.start_redis,
}


class SharedServices:
    """Starts what is asked for, once for the session, and stops everything at its end.

    With xdist each worker process has its own object on the same folder; a file lock lets one of
    them do the work while the others wait for the result.
    """

    def __init__(self, directory: Path, session_pid: int) -> None:
        self.directory = directory
        self.session_pid = session_pid

    @classmethod
    def create(cls) -> SharedServices:
        """Make the folder of this session; called by the process that runs the session."""
        parent = MEMORY if _fits(MEMORY) else Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
        # PostgreSQL runs as another user when we are root and must get through to its folder.
        directory.chmod(0o711)
        return cls(directory, os.getpid())

    def address(self, name: str) -> str:
        """Return the address of a server, started now if it does not run yet.

        Args:
            name: ``postgresql`` or ``redis``.

        Raises:
            ServiceMissing: this machine cannot run it.
        """
        with self._once(name) as state:
            if not state:
                try:
                    pid, address = STARTERS[name](self._folder(name), self.session_pid)
                    state |= {"pid": pid, "address": address}
                except ServiceMissing as missing:
                    state["missing"] = str(missing)
            if "missing" in state:
                raise ServiceMissing(state["missing"])
            return state["address"]

    def sqlite_template(self, kind: str = "tables") -> Path:
        """Return the path of a SQLite database of a kind; to be copied."""
        with self._once(f"sqlite-{kind}") as state:
            path = self._folder("sqlite") / f"{kind}.sqlite"
            _make(state, lambda: databases.fill(f"sqlite:///{path}", kind))
            return path

    def postgresql_template(self, kind: str = "tables") -> tuple[str, str]:
        """Return the address of the server and the name of its database of a kind; to be copied.

        Raises:
            ServiceMissing: this machine cannot run PostgreSQL.
        """
        server = self.address("postgresql")
        with self._once(f"postgresql-{kind}") as state:
            _make(state, lambda: databases.create_postgresql_template(server, kind))
            return server, databases.template_name(kind)

    def stop(self) -> None:
        """Stop all servers, wait until they are gone and remove the folder."""
        pids = []
        for name in STARTERS:
            with self._once(name) as state:
                if "pid" in state:
                    pids.append(state["pid"])
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        while any(_runs(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _folder(self, name: str) -> Path:
        folder = self.directory / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @contextlib.contextmanager
    def _once(self, name: str) -> Iterator[dict]:
        """Give the named state under a lock; what the block puts in, others find."""
        path = self.directory / f"{name}.json"
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            content = file.read()
            state = json.loads(content) if content else {}
            before = dict(state)
            try:
                yield state
            finally:
                if state != before:
                    file.seek(0)
                    file.truncate()
                    json.dump(state, file)


def _make(state: dict, make: Callable[[], None]) -> None:
    """Make something once; when it failed, fail again at once with the same words."""
    if not state:
        try:
            make()
            state["ready"] = True
        except RuntimeError as error:
            state["failed"] = str(error)
    if "failed" in state:
        raise RuntimeError(state["failed"])


def _fits(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free > MEMORY_NEEDED_BYTES and os.access(folder, os.W_OK)
    except OSError:
        return False


def _remove_abandoned(parent: Path) -> None:
    """Remove what killed sessions left; in memory it would stay until a restart."""
    for folder in parent.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not guard.is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether the guard still runs; collects it first when it is a child of this process."""
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return guard.is_alive(pid)
    return ended == 0
