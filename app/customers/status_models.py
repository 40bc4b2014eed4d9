"""Files of a folder that tell how loans stand: which have been seen, and which read."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, BigId, UTCDateTime, utcnow
from app.i18n import N_
from app.jobs.models import Job

SEEN, STARTED, REFUSED, KNOWN = "seen", "started", "refused", "known"
FILE_STATES = (
    (SEEN, N_("Seen, perhaps not whole yet")), (STARTED, N_("Given to an import")),
    (REFUSED, N_("Cannot be read")), (KNOWN, N_("Read before under another name")),
)


class StatusFile(Base):
    """A file of the folder, as large and as old as it was found (状态文件)."""

    __tablename__ = "customers_status_file"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    # Nanoseconds, as the system gives them.
    modified: Mapped[int] = mapped_column(BigInteger)
    # SHA-256 of the content, once it has been read.
    digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[str] = mapped_column(
        String(12), default=SEEN, info={"choices": FILE_STATES})
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    reason: Mapped[str] = mapped_column(String(400), default="")
    job_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("jobs_job.id", ondelete="SET NULL"), index=True)

    job: Mapped[Job | None] = relationship()

    def __str__(self) -> str:
        return self.name
