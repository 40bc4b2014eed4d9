"""Imports of complaints for tests: files, who reads them in, and what is there afterwards."""

from __future__ import annotations

import dataclasses
import io
import zoneinfo
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, inspect, select, text

from app.access.actor import SYSTEM
from app.database import metadata, utcnow
from app.deadlines.sweeping import sweep
from app.jobs.models import Job
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION, run_job
from app.records.importing.running import ALL, Import
from app.records.importing.services import start_import, upload_folder
from app.records.importing.tables import Table
from app.records.importing.uploads import store
from app.sdk.importing import suggest
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import department

HEADER = "投诉编号,投诉日期,投诉渠道,客户姓名,联系电话,投诉理由,投诉要求"
ROW = "S-{n},2026-03-{day:02},{channel},王小明,13812345678,提前还款被收取违约金。,退还违约金"
# Names come and go with every request, numbers stay taken, and the trail tells all of it.
NOT_COMPARED = {"access_audit", "records_counter", "access_session", "access_sign_in_attempt",
                "records_staged_import", "ab_user", "jobs_job", "jobs_worker"}


def table_of(rows: int, channel: str = "电话") -> str:
    """Return a file of this many open complaints of March."""
    lines = [ROW.format(n=n, day=n % 28 + 1, channel=channel) for n in range(rows)]
    return "\n".join([HEADER, *lines])


@dataclasses.dataclass
class Desk:
    """Somebody who imports files of complaints."""

    house: Any
    folder: Any

    def read(
        self, rows: str, mode: str = ALL, progress: Callable[[int, int], None] | None = None,
        **more: Any,
    ) -> Any:
        """Import a file with this content for the department of customer service."""
        path = self.folder / "ours.csv"
        path.write_text(rows, encoding="utf-8")
        table = Table.open(path)
        actor = dataclasses.replace(SYSTEM, department_id=department(self.house, "CS"))
        self.house.session.rollback()
        return Import(
            table=table, importer=IMPORTER, mapping=suggest(IMPORTER, table.header), mode=mode,
            rejects=self.folder / "rejects.csv", zone=zoneinfo.ZoneInfo("Asia/Shanghai"),
            file_name="ours.csv", **more,
        ).run(self.house.session, actor, progress or (lambda _done, _total: None))


def everything(house) -> dict[str, int]:
    """Return the number of rows of every table."""
    house.session.rollback()
    # Other tests of the process may have declared tables of their own.
    there = set(inspect(house.session.get_bind()).get_table_names()) - NOT_COMPARED
    found = {
        table.name: house.session.scalar(select(func.count()).select_from(table))
        for table in metadata().sorted_tables if table.name in there
    }
    if house.session.get_bind().dialect.name == "sqlite":
        words = text("SELECT count(*) FROM records_search_fts")
        found["words"] = house.session.scalar(words)
    house.session.rollback()
    return found


def complaints(house) -> list[Complaint]:
    house.session.rollback()
    house.session.expire_all()
    return list(house.session.scalars(select(Complaint).order_by(Complaint.id)))


def deliver(house) -> None:
    """Do what the worker's schedules do with deadlines and events."""
    house.session.rollback()
    sweep(house.session, utcnow())
    deliver_due(house.session, utcnow(), house.app.extensions[EXTENSION].handlers)



def ask(house, rows: str, mode: str = ALL, who: str = "supervisor", **more: Any) -> int:
    """Ask for an import as a person does, and return the job."""
    house.session.rollback()
    folder = upload_folder(house.app.config["CARELINE_SETTINGS"])
    token = store(folder, io.BytesIO(rows.encode()), 5)
    table = Table.open(folder / token)
    return start_import(
        house.session, house.actor(who), IMPORTER, folder, token, file_name="ours.csv",
        mapping=suggest(IMPORTER, table.header), mode=mode, **more,
    ).id


def do(house, job_id: int, worker: str = "w1") -> Job:
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], worker, job_id)
    house.session.rollback()
    return house.session.get(Job, job_id, populate_existing=True)
