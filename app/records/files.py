"""Files on records: stored by content under a random key, judged by what they hold.

The name that a person gave is only ever shown and offered as a download name; nothing on disk is
called by it.
"""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

import hashlib
import secrets
import zipfile
from pathlib import Path
from typing import IO, Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import utcnow, write
from app.errors import Rejected
from app.i18n import N_, Message
from app.records.models import File
from config import Settings

_CHUNK = 256 * 1024
_LONGEST_NAME = 200

# Kind by ending: media type, and the bytes that such a file begins with (at an offset).
_SIGNATURES: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    ".pdf": ("application/pdf", ((0, b"%PDF-"),)),
    ".png": ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ".jpg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".jpeg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".gif": ("image/gif", ((0, b"GIF87a"), (0, b"GIF89a"))),
    ".webp": ("image/webp", ((8, b"WEBPVP8"),)),
    ".mp3": ("audio/mpeg", ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    ".wav": ("audio/wav", ((8, b"WAVE"),)),
    ".m4a": ("audio/mp4", ((4, b"ftyp"),)),
    ".mp4": ("video/mp4", ((4, b"ftyp"),)),
    ".zip": ("application/zip", ((0, b"PK\x03\x04"),)),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ((0, b"PK\x03\x04"),),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ((0, b"PK\x03\x04"),),
    ),
    ".doc": ("application/msword", ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)),
    ".xls": ("application/vnd.ms-excel", ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)),
}
_TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822"}
# What an Office file of each kind holds inside.
_OFFICE_PARTS = {".docx": "word/", ".xlsx": "xl/"}
# Shown in the browser; everything else is only ever downloaded.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})


class FileRefused(Rejected):
    """A file is not taken."""


def accepted_endings() -> list[str]:
    """Return the endings of file names that are taken."""
    return sorted({*_SIGNATURES, *_TEXTS})


def media_type_of(name: str, stream: IO[bytes]) -> str:
    """Return the media type of a file whose content is what its name says.

    Args:
        name: name as given.
        stream: content, at its beginning; left at its beginning.

    Raises:
        FileRefused: the kind is not taken, or the content is another.
    """
    ending = Path(name).suffix.lower()
    head = stream.read(4096)
    stream.seek(0)
    if not head:
        raise FileRefused(Message(N_("The file is empty.")))
    if ending in _TEXTS:
        if _looks_like_text(head) and _is_text_throughout(head, stream):
            return _TEXTS[ending]
        raise FileRefused(Message(N_("The content is not what the name of the file says.")))
    if ending not in _SIGNATURES:
        raise FileRefused(
            Message(N_("Files of this kind are not taken. These are: %(endings)s"),
                    {"endings": " ".join(accepted_endings())})
        )
    media_type, signatures = _SIGNATURES[ending]
    fits = any(head[at : at + len(mark)] == mark for at, mark in signatures)
    if not fits or not _office_fits(ending, stream):
        raise FileRefused(Message(N_("The content is not what the name of the file says.")))
    return media_type


def _looks_like_text(head: bytes) -> bool:
    # UTF-16 text has NUL bytes; it begins with a byte-order mark.
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    marks = (mark for _, signatures in _SIGNATURES.values() for at, mark in signatures if at == 0)
    binary = tuple(mark for mark in marks if len(mark) > 3)
    return b"\x00" not in head and not head.startswith(binary)


def _is_text_throughout(head: bytes, stream: IO[bytes]) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    try:
        return all(b"\x00" not in chunk for chunk in iter(lambda: stream.read(_CHUNK), b""))
    finally:
        stream.seek(0)


def _office_fits(ending: str, stream: IO[bytes]) -> bool:
    part = _OFFICE_PARTS.get(ending)
    if part is None:
        return True
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    finally:
        stream.seek(0)
    return any(name.startswith(part) for name in names) and not any(
        name.lower().endswith("vbaproject.bin") for name in names
    )


class FileStore:
    """Where contents lie: a local folder by default, any place fsspec knows otherwise."""

    def __init__(self, settings: Settings) -> None:
        import fsspec

        address = settings.files_url or (settings.var_dir / "files").as_uri()
        self._files, self._root = fsspec.core.url_to_fs(address)
        self._most_bytes = settings.upload_megabytes * 1024 * 1024

    def _path(self, key: str) -> str:
        return f"{self._root}/{key[:2]}/{key}"

    def put(self, stream: IO[bytes]) -> tuple[str, int, str]:
        """Store a content and return key, size in bytes and SHA-256.

        Raises:
            FileRefused: it is larger than the setting allows.
        """
        key, digest, size = secrets.token_hex(16), hashlib.sha256(), 0
        path = self._path(key)
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        try:
            with self._files.open(path, "wb") as out:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > self._most_bytes:
                        raise FileRefused(
                            Message(N_("The file is larger than %(most)s MB."),
                                    {"most": self._most_bytes // 1024 // 1024})
                        )
                    digest.update(chunk)
                    out.write(chunk)
        except BaseException:
            self.remove(key)
            raise
        return key, size, digest.hexdigest()

    def open(self, key: str) -> BinaryIO:
        """Return the content of a key for reading.

        Raises:
            FileNotFoundError: it is not there.
        """
        return self._files.open(self._path(key), "rb")

    def remove(self, key: str) -> None:
        """Remove a content if it is there."""
        if self._files.exists(self._path(key)):
            self._files.rm(self._path(key))


def attach(
    session: Session, actor: Actor, store: FileStore, record: Any, name: str, stream: IO[bytes],
    note: str = "",
) -> File:
    """Put a file on a record.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who adds it.
        store: where contents lie.
        record: on which record.
        name: name as the person gave it.
        stream: seekable content.
        note: what it is, in a few words.

    Raises:
        FileRefused: kind, size or content do not fit.
    """
    name = "".join(sign for sign in Path(name.replace("\\", "/")).name if sign.isprintable())
    stem, ending = Path(name).stem[: _LONGEST_NAME - 10] or "file", Path(name).suffix[:10]
    name = stem + ending
    media_type = media_type_of(name, stream)
    key, size, sha256 = store.put(stream)
    try:
        with write(session):
            row = File(
                record_type=record.__record_type__, record_id=record.id, author_id=actor.user_id,
                author_name=actor.name, name=name, media_type=media_type, size=size,
                sha256=sha256, key=key, note=note[:200],
            )
            session.add(row)
            session.flush()
            record_act(
                session, actor, "file_add", record_type=record.__record_type__,
                record_id=record.id, number=record.number,
                changes={"file": row.id, "name": name, "size": size, "sha256": sha256},
            )
    except BaseException:
        # A content without a row would lie there for ever.
        store.remove(key)
        raise
    return row


def attachments(session: Session, record: Any) -> list[File]:
    """Return the files on a record, oldest first.

    Args:
        session: any session.
        record: the record.
    """
    return list(session.scalars(
        select(File)
        .where(File.record_type == record.__record_type__, File.record_id == record.id,
               File.deleted_at.is_(None))
        .order_by(File.id)
    ))


def file_of(session: Session, record: Any, file_id: int) -> File | None:
    """Return a file that lies on this record, or ``None``."""
    row = session.get(File, file_id)
    if row is None or row.deleted_at is not None:
        return None
    fits = row.record_type == record.__record_type__ and row.record_id == record.id
    return row if fits else None


def detach(session: Session, actor: Actor, record: Any, file: File) -> None:
    """Take a file off a record; its content is kept for the audit trail."""
    with write(session):
        file.deleted_at = utcnow()
        record_act(
            session, actor, "file_remove", record_type=record.__record_type__,
            record_id=record.id, number=record.number,
            changes={"file": file.id, "name": file.name},
        )
