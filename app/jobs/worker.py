"""The worker process: takes jobs from the queue, runs schedules, gives signs of life."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import signal
import socket
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import utcnow, write
from app.i18n import N_
from app.jobs import outbox, recovery, schedules
from app.jobs.kinds import Schedule, by_name
from app.jobs.models import RUNNING, Job, WorkerRow
from app.jobs.pidfile import pid_file
from app.jobs.runner import Runtime, run_job
from app.jobs.services import LEASE
from app.jobs.stopping import stopping_when

log = logging.getLogger(__name__)
BEAT_EVERY_SECONDS = 5.0
TICK_SECONDS = 1.0
STOP_WITHIN_SECONDS = 20.0
_SIGNALS = {signal.SIGHUP, signal.SIGTERM, signal.SIGINT}


class WorkerProcess:
    """One worker process.

    Args:
        runtime: the installation.
        threads: how many jobs it does at the same time.
    """

    def __init__(self, runtime: Runtime, threads: int = 2) -> None:
        self.id = uuid.uuid4().hex
        self.runtime = runtime
        # When it is set no schedule begins any more, and those that run end after their portion.
        self._ending = threading.Event()
        self.schedules = by_name([*core_schedules(runtime), *runtime.schedules.values()])
        self._consumer = runtime.queue.consumer(self._run_job, threads)
        self._stopped = threading.Event()
        self._running: dict[str, Future[bool]] = {}
        # Jobs in this process; sets and dicts are read by the thread that renews their leases.
        self._jobs: set[int] = set()
        self.restart_asked = False

    def run(self, pid_path: Path | None = None) -> None:
        """Work until SIGTERM, SIGINT or SIGHUP; jobs stop at their next progress report.

        After SIGHUP ``restart_asked`` is true: whoever started the worker starts it anew.

        Args:
            pid_path: file in which others find this process, to send it a signal.
        """
        # One that comes before the handler is there waits for it, so that the end is a clean one.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        with pid_file(pid_path) if pid_path else contextlib.nullcontext():
            self._work()

    def _work(self) -> None:
        self._appear()
        beating = threading.Thread(target=self._beat, name="signs-of-life", daemon=True)
        ticking = threading.Thread(target=self._tick, name="schedules", daemon=True)
        beating.start()
        ticking.start()
        try:
            self._consume()
            self._ending.set()
            for _, thread in self._consumer.worker_threads:
                thread.join(STOP_WITHIN_SECONDS)
        finally:
            self._ending.set()
            self._stopped.set()
            ticking.join(STOP_WITHIN_SECONDS)
            beating.join(STOP_WITHIN_SECONDS)
            self._disappear()

    def _consume(self) -> None:
        """Take messages until a signal; huey's own restart would lose how we were started."""
        from huey.consumer import ConsumerStopped

        self._consumer.start()
        signal.signal(signal.SIGHUP, self._ask_to_restart)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        looked_after = time.monotonic()
        with contextlib.suppress(ConsumerStopped):
            while True:
                looked_after = self._consumer.loop(looked_after)

    def _ask_to_restart(self, _signal: int, _frame: object) -> None:
        self.restart_asked = True
        os.kill(os.getpid(), signal.SIGTERM)

    def _run_job(self, job_id: int) -> None:
        self._jobs.add(job_id)
        try:
            run_job(self.runtime, self.id, job_id, self._consumer.stop_flag.is_set)
        finally:
            self._jobs.discard(job_id)

    def _appear(self) -> None:
        now = utcnow()
        with self.runtime.around(), self.runtime.sessions() as session:
            with write(session):
                session.add(
                    WorkerRow(
                        id=self.id, host=socket.gethostname()[:120], pid=os.getpid(),
                        started_at=now, seen_at=now,
                    )
                )
            schedules.prepare(
                session, self.schedules.values(), now, self.runtime.office_days(session))

    def _disappear(self) -> None:
        with self.runtime.around(), self.runtime.sessions() as session, write(session):
            session.execute(delete(WorkerRow).where(WorkerRow.id == self.id))

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_EVERY_SECONDS):
            try:
                with self.runtime.around(), self.runtime.sessions() as session, write(session):
                    self._give_sign_of_life(session)
            except SQLAlchemyError:
                # The database is away or busy for long; the next beat tries again.
                log.warning("no sign of life could be given", exc_info=True)

    def _give_sign_of_life(self, session: Session) -> None:
        """Say that this worker lives, and renew the leases of what it runs."""
        now = utcnow()
        session.execute(update(WorkerRow).where(WorkerRow.id == self.id).values(seen_at=now))
        running = [name for name, future in list(self._running.items()) if not future.done()]
        schedules.renew(session, self.id, running, now)
        if jobs := list(self._jobs):
            session.execute(
                update(Job)
                .where(Job.id.in_(jobs), Job.worker_id == self.id, Job.state == RUNNING)
                .values(lease_until=now + LEASE).execution_options(synchronize_session=False)
            )

    def _tick(self) -> None:
        with ThreadPoolExecutor(max_workers=4, thread_name_prefix="schedule") as pool:
            while not self._ending.wait(TICK_SECONDS):
                self._running = {
                    name: future for name, future in self._running.items() if not future.done()
                }
                try:
                    with self.runtime.around(), self.runtime.sessions() as session:
                        names = schedules.due(session, utcnow(), self.id)
                except SQLAlchemyError:
                    log.warning("schedules could not be read", exc_info=True)
                    continue
                for name in names & self.schedules.keys() - self._running.keys():
                    self._running[name] = pool.submit(self._run_schedule, self.schedules[name])

    def _run_schedule(self, schedule: Schedule) -> bool:
        try:
            with (self.runtime.around(), self.runtime.sessions() as session,
                  stopping_when(self._ending.is_set)):
                office = self.runtime.office_days(session)
                session.rollback()
                return schedules.run_schedule(session, schedule, self.id, utcnow(), office)
        except SQLAlchemyError:
            log.warning("schedule %s could not be claimed or released", schedule.name,
                        exc_info=True)
            return False


def core_schedules(runtime: Runtime) -> list[Schedule]:
    """Return the schedules of this folder: outbox, recovery of jobs, clearing away."""

    def deliver(session: Session, now: dt.datetime) -> None:
        outbox.deliver_due(session, now, runtime.handlers)

    def recover(session: Session, now: dt.datetime) -> None:
        recovery.recover(session, runtime.queue, now)

    def purge(session: Session, now: dt.datetime) -> None:
        recovery.purge(session, runtime.results, now)

    return [
        Schedule(name="jobs.outbox", title=N_("Deliver events"),
                 every_seconds=5, run=deliver),
        Schedule(name="jobs.recover", title=N_("Take up jobs of workers that ended"),
                 every_seconds=10, run=recover),
        Schedule(name="jobs.purge", title=N_("Delete old jobs and their files"),
                 every_seconds=86_400, run=purge),
    ]
