"""The product with its demo people, and somebody who does the jobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.jobs.models import QUEUED, Job
from app.jobs.runner import EXTENSION, run_job
from tests.browser.complaints.conftest import database_of_site, site_app

__all__ = ["database_of_site", "site_app"]


@pytest.fixture
def work(site_app: Flask) -> Callable[[], None]:
    """Return a function that does all jobs that wait, as a worker would."""

    def do() -> None:
        with site_app.app_context():
            waiting = db.session.scalars(
                select(Job.id).where(Job.state == QUEUED).order_by(Job.id)).all()
            db.session.rollback()
            for job_id in waiting:
                run_job(site_app.extensions[EXTENSION], "worker", job_id)
            db.session.remove()

    return do
