"""An import by a person of the house, and taking it back, without screens."""

from __future__ import annotations

import io

from sqlalchemy import select

from app.jobs.models import Job
from app.jobs.runner import EXTENSION, run_job
from app.records.importing.models import WrittenImport
from app.records.importing.services import importers, start_import, upload_folder
from app.records.importing.uploads import store
from app.records.importing.withdrawals import CARRY_OUT, LOOK, start_withdrawal
from app.sdk.importing import ALL, SKIP, Table

CUSTOMERS = "records.core.Customer"
COMPLAINTS = "complaints.complaints"


def do(house, job_id: int) -> Job:
    """Do a job as a worker would, and return it."""
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], "worker", job_id)
    house.session.rollback()
    return house.session.get(Job, job_id, populate_existing=True)


def import_file(
    house, name: str, text: str, *, who: str = "supervisor", mode: str = ALL,
    on_existing: str = SKIP, **more,
) -> Job:
    """Read a file in as a person; the first line names the columns as the importer knows them."""
    importer = importers()[name]
    folder = upload_folder(house.app.config["CARELINE_SETTINGS"])
    token = store(folder, io.BytesIO(text.encode()), 5)
    by_label = {field.label: field.name for field in importer.fields}
    by_label |= {alias: field.name for field in importer.fields for alias in field.aliases}
    mapping = {by_label[column]: column for column in Table.open(folder / token).header}
    actor = house.actor(who)
    house.session.rollback()
    job = start_import(
        house.session, actor, importer, folder, token, file_name="ours.csv", mapping=mapping,
        mode=mode, on_existing=on_existing, **more)
    done = do(house, job.id)
    assert done.state == "done", done.error
    return done


def written(house, job: Job) -> WrittenImport:
    """Return what is stored of an import."""
    house.session.rollback()
    return house.session.scalars(
        select(WrittenImport).where(WrittenImport.job_id == job.id)).one()


def withdraw(house, job: Job, mode: str = CARRY_OUT, who: str = "supervisor") -> Job:
    """Take the import of a job back, or look at what that does; return the job."""
    found, actor = written(house, job), house.actor(who)
    house.session.rollback()
    asked = start_withdrawal(house.session, actor, found, mode=mode, locale="en")
    return do(house, asked.id)


def look(house, job: Job, **more) -> dict:
    """Return what taking an import back would do."""
    return withdraw(house, job, LOOK, **more).result


def numbers(result: dict) -> tuple[int, int, int]:
    """Return how many were removed, restored and left."""
    return result["removed"], result["restored"], result["left"]
