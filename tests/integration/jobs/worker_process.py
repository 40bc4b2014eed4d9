"""A worker process of a small installation, for tests that stop and kill it.

Its one kind of job, ``test.steps``, writes a line to a file for each step and waits in between; so
does its one subscriber, ``test.lines``, for each event.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import SYSTEM
from app.database import engine_options
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind
from app.jobs.queue import JobQueue, attach
from app.jobs.runner import Runtime
from app.jobs.worker import WorkerProcess
from config import Settings
from tests.services.schema import import_models


def steps(context: JobContext) -> dict[str, Any]:
    """Write ``args["steps"]`` lines, one every ``args["pause"]`` seconds."""
    with Path(context.args["path"]).open("a") as file:
        for step in range(context.args["steps"]):
            file.write(f"{context.attempt}:{step}\n")
            file.flush()
            time.sleep(context.args["pause"])
            context.progress(step + 1, context.args["steps"])
    return {"attempt": context.attempt}


def hear(_session: Session, _event: str, payload: Mapping[str, Any]) -> None:
    """Write a line to ``payload["path"]`` and wait for ``payload["pause"]`` seconds."""
    with Path(payload["path"]).open("a") as file:
        file.write("heard\n")
    time.sleep(payload["pause"])


def main() -> None:
    """Run a worker on the installation that the environment describes."""
    settings = Settings.from_environment()
    import_models()
    engine = create_engine(settings.database_url, **engine_options(settings))
    queue = JobQueue.from_settings(settings)
    attach(engine, queue)
    kind = JobKind(name="test.steps", run=steps)
    runtime = Runtime(
        queue=queue, sessions=sessionmaker(engine, expire_on_commit=False, autoflush=False),
        results=settings.var_dir / "results", kinds={kind.name: kind},
        handlers={"test.lines": hear}, load_actor=lambda _session, _user_id: SYSTEM,
    )
    WorkerProcess(runtime, threads=1).run()


if __name__ == "__main__":
    main()
