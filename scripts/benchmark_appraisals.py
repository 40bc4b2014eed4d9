"""Measures how long the month of many people takes: sheets opened, figures computed and stored.

    python -m scripts.benchmark_appraisals --people 1000

makes an installation in a temporary folder, adds that many agents and as many complaints for each
as ``--complaints`` says, and runs the job of a cycle: once to open and compute, once where nothing
has changed, and once to be cancelled half-way and taken up again. It prints a Markdown table of
seconds on the clock and of CPU time, and exits with 1 above ``--most`` seconds. Linux only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from scripts.benchmark import installation, load

_MONTH, _NEXT = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
_NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)


def main(arguments: list[str] | None = None) -> int:
    """Measure; return the exit status."""
    parser = argparse.ArgumentParser(description="Measures the month of many people.")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--complaints", type=int, default=10, help="for each person")
    parser.add_argument("--most", type=float, default=30.0, help="seconds that it may take")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        environment = installation(Path(temporary))
        load(environment, options.people * options.complaints)
        os.environ.update(environment)
        from app import create_app

        with create_app().app_context():
            return _measure(options.people, options.most)


def _measure(people: int, most: float) -> int:
    from app.jobs.context import JobCancelled

    _staff(people)
    _records()
    first = _timed(lambda: _run(_cycle(_MONTH)))
    again = _timed(lambda: _run(_cycle(_MONTH)))
    other = _cycle(_NEXT)

    def cancelled() -> None:
        try:
            _run(other, people)
        except JobCancelled:
            return
        raise RuntimeError("The job was not cancelled.")

    half = _timed(cancelled)
    rest = _timed(lambda: _run(other))
    _compare(other, people)
    print(f"\n| the month of {people:,} people | s | CPU, s |\n| --- | ---: | ---: |")
    for title, (seconds, cpu) in (
            ("opened and computed", first), ("computed again, nothing has changed", again),
            ("cancelled half-way", half), ("taken up again", rest)):
        print(f"| {title} | {seconds:.1f} | {cpu:.1f} |")
    return int(first[0] > most)


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    start, cpu = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - start, time.process_time() - cpu


class _Context:
    """What the job is given; it is cancelled once so many items are done."""

    def __init__(self, cycle_id: int, cancelled_at: int) -> None:
        from app.database import db
        from app.sdk.services import SYSTEM

        self.session, self.actor, self.args = db.session, SYSTEM, {"cycle": cycle_id}
        self._cancelled_at = cancelled_at

    def progress(self, done: int, total: int | None = None) -> None:
        """Stop where the job is to be cancelled."""
        from app.jobs.context import JobCancelled

        if done >= self._cancelled_at:
            raise JobCancelled

    def write(self) -> Any:
        """Return a transaction."""
        from app.sdk.services import write

        return write(self.session)


def _run(cycle_id: int, cancelled_at: int = sys.maxsize) -> None:
    from plugins.appraisals.cycles.computing import compute_month

    context: Any = _Context(cycle_id, cancelled_at)
    print(compute_month(context), file=sys.stderr)


def _cycle(begin: dt.date) -> int:
    from app.database import db
    from app.sdk.services import SYSTEM, create
    from plugins.appraisals.cycles.models import Cycle

    known = db.session.scalar(select(Cycle.id).where(Cycle.starts_on == begin))
    return known or create(db.session, SYSTEM, Cycle, {"starts_on": begin}).id


def _staff(people: int) -> None:
    """Add agents with their post, its form and nothing else."""
    from flask_appbuilder.security.sqla.models import User

    from app.database import db
    from app.people.models import Post, PostHolder, Staff
    from app.sdk.forms import FormDraft
    from app.sdk.services import SYSTEM, create, write
    from plugins.appraisals.cycles.models import PostForm
    from plugins.appraisals.ready_made import FIGURES

    session = db.session
    agent = session.execute(
        select(Staff.department_id, Staff.team_id).join(User, User.id == Staff.user_id)
        .where(User.username == "agent")).one()
    post = session.scalars(select(Post.id).where(Post.code == "agent")).one()
    form = session.scalars(select(FormDraft.id).where(FormDraft.code == FIGURES)).one()
    with write(session):
        names = [f"many{number:05}" for number in range(people)]
        session.execute(insert(User), [
            {"username": name, "first_name": name, "last_name": "", "active": True,
             "email": f"{name}@example.org"} for name in names])
        users = session.scalars(
            select(User.id).where(User.username.like("many%")).order_by(User.id)).all()
        session.execute(insert(Staff), [
            {"user_id": key, "number": name, "name": name, **agent._mapping}
            for key, name in zip(users, names, strict=True)])
        staff = session.scalars(select(Staff.id).where(Staff.user_id.in_(users)))
        session.execute(insert(PostHolder), [
            {"post_id": post, "staff_id": key} for key in staff])
    if session.scalar(select(PostForm.id).where(PostForm.post_id == post)) is None:
        create(session, SYSTEM, PostForm, {"post_id": post, "form_id": form, "quota": 300})


def _records() -> None:
    """Give every complaint to one of the agents, resolved within the month."""
    from flask_appbuilder.security.sqla.models import User

    from app.database import db
    from app.metrics import rebuilding
    from app.sdk.services import write
    from plugins.complaints.models import Complaint

    session = db.session
    users = session.scalars(select(User.id).where(User.username.like("many%"))).all()
    keys = session.scalars(select(Complaint.id).order_by(Complaint.id)).all()
    with write(session):
        for place, key in enumerate(keys):
            day = _NOON + dt.timedelta(days=place % 30)
            session.execute(update(Complaint).where(Complaint.id == key).values(
                owner_id=users[place % len(users)], received_at=day,
                resolved_at=day + dt.timedelta(hours=3), resolution_result="kept",
                satisfaction=("satisfied", "dissatisfied", "")[place % 3]))
    rebuilding.rebuild(session)


def _compare(cycle_id: int, people: int) -> None:
    """Make sure that everybody has exactly one sheet after the interruption."""
    from app.database import db
    from plugins.appraisals.sheets.models import Sheet

    number, different = db.session.execute(
        select(func.count(), func.count(Sheet.owner_id.distinct()))
        .where(Sheet.cycle_id == cycle_id)).one()
    if number != different or number < people:
        raise RuntimeError(f"{number} sheets of {different} people, not of {people}.")


if __name__ == "__main__":
    raise SystemExit(main())
