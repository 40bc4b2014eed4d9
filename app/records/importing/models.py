"""Tables of saved column mappings, and of what imports have written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow


class ImportMapping(Base):
    """Which column of a file fills which field, saved to be used for the next such file."""

    __tablename__ = "records_import_mapping"
    __table_args__ = (UniqueConstraint("importer", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    importer: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    columns: Mapped[dict[str, str]] = mapped_column(Json)
    # How such files are read: ``encoding``, ``header_line``, ``date_order``; as detected without.
    options: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    saved_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


WRITING, REVEALING = "writing", "revealing"


class StagedImport(Base):
    """An all-or-nothing import that has begun to write; the row goes when it is over.

    While it is ``writing``, whatever stops it takes all rows back. From ``revealing`` on it is
    brought to its end, whoever does it.
    """

    __tablename__ = "records_staged_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Unique: two such imports at once would take each other's hidden rows for known ones.
    importer: Mapped[str] = mapped_column(CodeString(80), unique=True)
    # Not a foreign key: the job may be purged, and the rows must be found all the same.
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=WRITING)
    change_set: Mapped[str] = mapped_column(String(36))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    # Filled when it is decided: numbers of the report, and lines of rows that are there already.
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)
    lines: Mapped[list[int] | None] = mapped_column(Json)
    # When the latest portion was written.
    written_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class StagedRecords(Base):
    """The range of keys within which an import wrote hidden records of one kind."""

    __tablename__ = "records_staged_records"
    __table_args__ = (UniqueConstraint("import_id", "record_type"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("records_staged_import.id", ondelete="CASCADE")
    )
    record_type: Mapped[str] = mapped_column(String(64))
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)


class StagedRow(Base):
    """A row that an import wrote into a table that cannot hide it: an entry of a list, a person."""

    __tablename__ = "records_staged_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("records_staged_import.id", ondelete="CASCADE"), index=True
    )
    table_name: Mapped[str] = mapped_column(String(80))
    key: Mapped[list[Any]] = mapped_column(Json)


IN_FORCE, WITHDRAWING, WITHDRAWN = "in_force", "withdrawing", "withdrawn"


class WrittenImport(Base):
    """An import that has written something; by this row it is taken back as one.

    What it changed stands in the audit trail under its change set, with the values before. What it
    created is listed in ``records_imported``: rows that were inserted in bulk have no entry there.
    The row goes with the job of the import, after 90 days.
    """

    __tablename__ = "records_written_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    importer: Mapped[str] = mapped_column(CodeString(80))
    # Not a foreign key: the job is purged on its own.
    job_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    change_set: Mapped[str] = mapped_column(String(36))
    written_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    state: Mapped[str] = mapped_column(String(12), default=IN_FORCE)
    # Under which its rows are taken back: an attempt that goes on from another one shares it.
    back_change_set: Mapped[str] = mapped_column(String(36), default="")
    back_job_id: Mapped[int | None] = mapped_column(BigInteger)


class ImportedRecords(Base):
    """Keys from the first to the last, all of them of records that an import created."""

    __tablename__ = "records_imported"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("records_written_import.id", ondelete="CASCADE"), index=True
    )
    record_type: Mapped[str] = mapped_column(String(64))
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
