"""Measures figures that are held against the same figures counted from their records.

    python -m scripts.benchmark_figures --complaints 100000

makes an installation in a temporary folder, loads that many complaints, counts all figures and
prints a Markdown table: SQL statements and CPU time of each question, held and counted, asked in
turn in one process, and their ratio. Then it says how many cells there are, how long counting anew
took, and for how long its longest transaction held the write lock. ``--folder`` keeps the
installation and takes one that is there. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import event, func, select

from scripts.benchmark import installation, load

Question = Callable[[], Any]
PEOPLE = ("admin", "supervisor", "agent")
_TIMES = 15


def main(arguments: list[str] | None = None) -> int:
    """Measure; return the exit status."""
    parser = argparse.ArgumentParser(description="Measures figures, held and counted.")
    parser.add_argument("--complaints", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        environment = installation(folder)
        if not (folder / "careline.sqlite").exists():
            load(environment, options.complaints)
        os.environ.update(environment)
        from app import create_app

        application = create_app()
        with application.app_context(), application.test_request_context():
            _counting_anew()
            for username in PEOPLE:
                _table(username)
    return 0


def _counting_anew() -> None:
    from app.database import db, held_seconds, own_session
    from app.metrics import rebuilding
    from app.metrics.models import MetricChange, MetricState, MetricSum

    held: list[float] = []
    event.listen(own_session(db.session), "after_commit",
                 lambda session: held.append(held_seconds(session)))
    with rebuilding.write(db.session):
        for model in (MetricChange, MetricSum, MetricState):
            db.session.execute(model.__table__.delete())
    held.clear()
    start, cpu = time.monotonic(), time.process_time()
    rebuilding.rebuild(db.session)
    seconds, cpu = time.monotonic() - start, time.process_time() - cpu
    held.append(held_seconds(db.session))
    cells = db.session.execute(
        select(MetricSum.level, func.count()).group_by(MetricSum.level)).all()
    print(f"Counted anew in {seconds:.1f} s ({cpu:.1f} s of CPU); the longest transaction held "
          f"the lock for {max(held):.2f} s. Cells by level: "
          + ", ".join(str(number) for _, number in cells))


def _questions(username: str) -> dict[str, Question]:
    from app.access.services import actor_for
    from app.database import db
    from app.sdk.metrics import figures, figures_by, named_period
    from plugins.complaints import cards, metrics
    from plugins.complaints.statistics import counts

    session = db.session
    actor = actor_for(session, _user(username).id)
    assert actor is not None, username
    dated = [one for one in metrics.METRICS if one.numerator.day]
    year = named_period("this_year")
    return {
        "home: figures": lambda: cards.figures(session, actor),
        "home: this month": lambda: cards.month(session, actor),
        "home: load of the team": lambda: cards.team_load(session, actor),
        "all figures of a month": lambda: figures(
            session, actor, dated, named_period("last_month")),
        "figures of each month of a year": lambda: figures_by(
            session, actor, dated, "month", year),
        "figures of each person of a year": lambda: figures_by(
            session, actor, dated, "person", year),
        "all figures of 30 days": lambda: figures(
            session, actor, dated, named_period("last_30_days")),
        "chart by month": lambda: counts(session, actor, "month"),
        "chart by product": lambda: counts(session, actor, "product"),
        "chart by issue": lambda: counts(session, actor, "issue"),
        "chart by department": lambda: counts(session, actor, "department"),
        "chart by person": lambda: counts(session, actor, "agent"),
    }


def _user(username: str) -> Any:
    from app.screens.current_builder import current_builder

    return current_builder().sm.find_user(username=username)


def _table(username: str) -> None:
    print(f"\n{username}\n\n| figures | held: statements, ms | counted: statements, ms | ratio |\n"
          "| --- | ---: | ---: | ---: |")
    for title, ask in _questions(username).items():
        held, counted = [], []
        numbers = {}
        for _ in range(_TIMES):
            for found, way in ((held, contextlib.nullcontext), (counted, _not_held)):
                with way(), _statements() as made:
                    start = time.process_time()
                    answer = ask()
                    found.append((time.process_time() - start) * 1000)
                numbers[way] = (len(made), repr(answer))
        (some, one), (more, other) = numbers.values()
        same = "" if one == other else " (differs)"
        low, high = statistics.median(held), statistics.median(counted)
        print(f"| {title}{same} | {some}, {low:.1f} | {more}, {high:.1f} | {high / low:.1f} |")
        sys.stdout.flush()


@contextlib.contextmanager
def _not_held() -> Iterator[None]:
    """Let figures be counted from the records, as before they were counted first."""
    from app.metrics import sources

    with mock.patch.object(sources, "definitions", lambda _session: {}):
        yield


@contextlib.contextmanager
def _statements() -> Iterator[list[str]]:
    from app.database import db

    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        made.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    raise SystemExit(main())
