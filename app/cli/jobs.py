"""``flask jobs``: the worker process, and a look at what it does."""

from __future__ import annotations

import json
import logging
import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.database import db
from app.jobs.runner import EXTENSION
from app.jobs.services import JobState, recent_jobs, worker_alive
from app.jobs.worker import WorkerProcess

COLUMNS = "{id:>8}  {state:<10} {progress:>13}  {kind:<24} {title}"


@click.group("jobs")
def jobs_group() -> None:
    """Work with background jobs."""


@jobs_group.command("work")
@click.option(
    "--threads", default=2, show_default=True, type=click.IntRange(1, 32),
    help="How many jobs run at the same time.",
)
@with_appcontext
def work(threads: int) -> None:
    """Do jobs and schedules until stopped; several workers may run side by side."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # huey tells about every message; what happened to a job stands in its row.
    logging.getLogger("huey").setLevel(logging.WARNING)
    worker = WorkerProcess(current_app.extensions[EXTENSION], threads)
    settings = current_app.config["CARELINE_SETTINGS"]
    worker.run(settings.var_dir / "run" / "worker.pid")
    if worker.restart_asked:
        # The same process number with the code and the plugins that are in force now.
        os.execv(sys.executable, sys.orig_argv)


@jobs_group.command("list")
@click.option("--state", "states", multiple=True, help="Only jobs in this state; may be repeated.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object in a line for each job.")
@with_appcontext
def show(states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show the newest jobs first, and whether a worker is alive."""
    for job in recent_jobs(db.session, states=states, limit=limit):
        click.echo(json.dumps(_fields(job)) if as_json else COLUMNS.format(**_fields(job)))
    if not as_json:
        alive = worker_alive(db.session)
        click.echo("A worker is alive." if alive else "No worker is alive: flask jobs work")


def _fields(job: JobState) -> dict[str, object]:
    total = "?" if job.total is None else job.total
    title = job.title % job.title_values if job.title_values else job.title
    return {
        "id": job.id, "kind": job.kind, "title": title, "state": job.state,
        "progress": f"{job.done}/{total}", "actor_user_id": job.actor_user_id,
        "created_at": job.created_at.isoformat(timespec="seconds"),
        "error": job.error % job.error_values if job.error and job.error_values else job.error,
    }
