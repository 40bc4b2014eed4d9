"""Files on their way in: kept under ``VAR_DIR/uploads`` until they are read, a day at most."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from pathlib import Path
from typing import IO

from app.i18n import N_
from app.records.importing.files import UnreadableFile

KEEP = dt.timedelta(days=1)
_CHUNK = 1024 * 1024
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def store(folder: Path, stream: IO[bytes], most_megabytes: int) -> str:
    """Keep a file and return the token by which it is found again.

    Args:
        folder: ``VAR_DIR/uploads``.
        stream: the content.
        most_megabytes: largest size that is taken.

    Raises:
        UnreadableFile: it is larger.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    path = folder / token
    size = 0
    try:
        with path.open("xb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most_megabytes * 1024 * 1024:
                    raise UnreadableFile(
                        N_("The file is larger than %(most)s MB."), most=most_megabytes
                    )
                file.write(chunk)
    except BaseException:
        # Too large, or the disk is full: nothing half-written stays.
        path.unlink(missing_ok=True)
        raise
    return token


def stored_path(folder: Path, token: str) -> Path:
    """Return where a kept file lies.

    Args:
        folder: ``VAR_DIR/uploads``.
        token: what ``store`` returned; anything else is refused.

    Raises:
        UnreadableFile: there is no such file (any more).
    """
    path = folder / token
    if not _TOKEN.match(token) or not path.is_file():
        raise UnreadableFile(N_("The file is not there any more. Upload it again."))
    return path


def purge(folder: Path, now: dt.datetime) -> int:
    """Delete files that were kept for more than a day; return how many."""
    if not folder.is_dir():
        return 0
    old = [
        path for path in folder.iterdir()
        if dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) < now - KEEP
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
