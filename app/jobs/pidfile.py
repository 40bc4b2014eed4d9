"""A process's number in a file, so that others can ask it to start anew."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def pid_file(path: Path) -> Iterator[None]:
    """Keep this process's number in a file while the block runs.

    A second process takes the file over; it is then the one that is told, and the first one does
    not remove what is no longer its own.

    Args:
        path: where; folders are made.
    """
    own = str(os.getpid())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(own, encoding="ascii")
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            if path.read_text(encoding="ascii") == own:
                path.unlink()
