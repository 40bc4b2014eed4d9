"""Status files that another system puts into a folder: read on a schedule, each content once (C4).

The folder is read and never written. A file that was seen for the first time, or has grown since,
may be half written: the next run takes it once it has stayed the same. What is wrong with a row
costs that row; the report of the import lists it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.customers.repayment import STATUS_IMPORTER
from app.customers.status_models import KNOWN, REFUSED, SEEN, STARTED, StatusFile
from app.database import utcnow, write
from app.i18n import Message
from app.records.importing import uploads
from app.records.importing.fields import UPDATE
from app.records.importing.files import UnreadableFile
from app.records.importing.mapping import BadMapping
from app.records.importing.running import GOOD
from app.records.importing.services import (
    preview,
    sentence_in,
    start_import,
    upload_folder,
)
from config import Settings

_KINDS = frozenset({".csv", ".xlsx"})
_LONGEST_NAME = 200
_CHUNK = 1024 * 1024


def look(session: Session, settings: Settings) -> int:
    """Start an import for every file of the folder that is whole and new.

    Args:
        session: session without unsaved changes.
        settings: of the installation: the folder, and how large a file may be.

    Returns:
        How many imports were started.
    """
    if settings.status_dir is None or not settings.status_dir.is_dir():
        return 0
    return sum(_take(session, settings, path) for path in _files(settings.status_dir))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the tables of a folder in the order of their names; hidden and temporary ones never."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _KINDS and path.name[0] not in ".~" and path.is_file() and (
                not path.is_symlink() and len(path.name) <= _LONGEST_NAME):
            yield path


def _take(session: Session, settings: Settings, path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    row = session.scalars(
        select(StatusFile).where(StatusFile.name == path.name)
        .order_by(StatusFile.id.desc()).limit(1)).one_or_none()
    if row is None or (row.size, row.modified) != (found.st_size, found.st_mtime_ns):
        with write(session):
            if row is None or row.state != SEEN:
                row = StatusFile(name=path.name)
                session.add(row)
            row.size, row.modified, row.at = found.st_size, found.st_mtime_ns, utcnow()
        return False
    if row.state != SEEN or not found.st_size:
        return False
    return read(session, settings, path, row)


def read(session: Session, settings: Settings, path: Path, row: StatusFile) -> bool:
    """Give a whole file to an import; what it cannot read is noted with the reason.

    Args:
        session: session without unsaved changes.
        settings: of the installation.
        path: the file.
        row: what is noted of it; saved already.

    Returns:
        Whether an import was started.

    The file is read outside a transaction, for nobody else writes during one. Killed before it is
    noted, the next run finds the same job by its key.
    """
    state, reason, digest, job_id = KNOWN, "", row.digest, None
    try:
        digest = _digest(path)
        if session.scalar(select(StatusFile.id).where(
                StatusFile.digest == digest, StatusFile.state == STARTED)) is None:
            job_id = _started(session, settings, path, digest)
            state = STARTED
    except (UnreadableFile, BadMapping, OSError) as error:
        state, reason = REFUSED, _reason(error, settings.default_locale)
    with write(session):
        row.at, row.digest = utcnow(), digest
        row.state, row.reason, row.job_id = state, reason[:400], job_id
    return state == STARTED


def _started(session: Session, settings: Settings, path: Path, digest: str) -> int:
    """Start the import of a file and return the key of its job."""
    folder, locale = upload_folder(settings), settings.default_locale
    with path.open("rb") as stream:
        token = uploads.store(folder, stream, settings.upload_megabytes)
    mapping = preview(uploads.stored_path(folder, token), STATUS_IMPORTER, locale).mapping
    return start_import(
        session, SYSTEM, STATUS_IMPORTER, folder, token, file_name=path.name, mapping=mapping,
        mode=GOOD, on_existing=UPDATE, locale=locale, key=f"status {digest}").id


def _reason(error: Exception, locale: str) -> str:
    sentence = sentence_in(locale)
    if isinstance(error, BadMapping):
        return " ".join(sentence(message) for message in error.messages)
    message = getattr(error, "message", None)
    return sentence(message) if isinstance(message, Message) else str(error)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(_CHUNK):
            found.update(part)
    return found.hexdigest()
