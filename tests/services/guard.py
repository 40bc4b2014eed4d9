"""Runs a server for as long as the test session lives: ``python guard.py PID COMMAND...``.

A test session can be killed without a chance to clean up. The guard watches the session's process
and stops the server when that is gone, so that no server is ever left behind.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

LOOK_EVERY_SECONDS = 0.5
STOP_WITHIN_SECONDS = 10


def is_alive(pid: int) -> bool:
    """Return whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def guard(session_pid: int, command: list[str]) -> int:
    """Run ``command`` until it ends, the session ends, or SIGTERM arrives.

    Args:
        session_pid: process id of the test session.
        command: program with its arguments.

    Returns:
        The exit code of the program.
    """
    asked_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    server = subprocess.Popen(command)
    while server.poll() is None and not asked_to_stop and is_alive(session_pid):
        try:
            server.wait(LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    if server.poll() is None:
        # SIGINT is PostgreSQL's "fast shutdown"; Redis takes it as a plain stop.
        server.send_signal(signal.SIGINT)
    try:
        return server.wait(STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


if __name__ == "__main__":
    sys.exit(guard(int(sys.argv[1]), sys.argv[2:]))
