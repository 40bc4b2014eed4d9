"""What measurements share: installations with generated complaints, the floor, and the pages.

The floor is a bare Flask view under the same web server that shows 25 rows by one hand-written
statement over an index. ``tests.bench`` prints the whole table.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from config import ROOT

FLOOR_DATABASE = "CARELINE_BENCHMARK_DATABASE"


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page to measure.

    Attributes:
        title: what people call it.
        path: its address.
        most_statements: bar for SQL statements, or ``None`` where there is none.
        most_times: bar for CPU time, as a multiple of the floor's; ``None`` where there is none.
    """

    title: str
    path: str
    most_statements: int | None = None
    most_times: float | None = None


_FLOOR_PAGE = """<!doctype html><title>Floor</title><table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"""


def floor_application() -> Flask:
    """Return the floor: a bare Flask view that shows 25 complaints by one statement."""
    address = os.environ[FLOOR_DATABASE]
    if address.startswith("sqlite:///"):
        connection: Any = sqlite3.connect(
            address.removeprefix("sqlite:///"), check_same_thread=False)
        mark = "?"
    else:
        import psycopg

        connection = psycopg.connect(address.replace("+psycopg", "", 1), autocommit=True)
        mark = "%s"
    statement = (
        "SELECT number, subject, customer_name, state, received_at FROM complaints_complaint"
        f" WHERE received_at < {mark} ORDER BY received_at DESC, id DESC LIMIT 25")
    application = Flask("floor")
    template = application.jinja_env.from_string(_FLOOR_PAGE)

    @application.get("/")
    def floor() -> str:
        rows = connection.execute(statement, ("2100-01-01",)).fetchall()
        return template.render(rows=rows)

    @application.get("/healthz")
    def health() -> str:
        return ""

    return application


def installation(folder: Path, database_url: str = "") -> dict[str, str]:
    """Return the environment of an installation of its own.

    Args:
        folder: where it writes.
        database_url: an empty database; SQLite in the folder by default.
    """
    database_url = database_url or f"sqlite:///{folder / 'careline.sqlite'}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    return kept | {
        "CARELINE_ENV": "demo",
        "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
        "CARELINE_DATABASE_URL": database_url,
        "CARELINE_VAR_DIR": str(folder),
        # No public data set: only generated complaints are counted.
        "CARELINE_DATA_DIR": str(folder / "no-data"),
        "CARELINE_DEMO_PASSWORD": secrets.token_urlsafe(16),
        "CARELINE_WEB_WORKERS": "1",
        FLOOR_DATABASE: database_url,
    }


def load(environment: Mapping[str, str], complaints: int) -> float:
    """Set the installation up and load complaints; return the seconds the load took."""
    def flask(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT, env=dict(environment), check=True, stdout=sys.stderr,
        )

    flask("deploy")
    start = time.monotonic()
    flask("demo", "load", "--seed", "1", "--complaints", str(complaints))
    seconds = time.monotonic() - start
    # As the worker does every minute.
    flask("metrics", "fold")
    return seconds


def kept_installation(folder: Path, database_url: str, complaints: int) -> dict[str, str]:
    """Return the environment of the installation of a folder; it is made where there is none.

    Args:
        folder: where it is kept.
        database_url: an empty database for a new one; SQLite in the folder by default.
        complaints: how many are loaded into a new one.
    """
    kept = folder / "environment.json"
    if kept.exists():
        return json.loads(kept.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    environment = installation(folder, database_url)
    seconds = load(environment, complaints)
    print(f"{complaints:,} complaints, loaded in {seconds:.0f} s", flush=True)
    # With its keys: whoever reads the folder reads the database anyway.
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(environment))
    return environment


def pages(application: Any, username: str) -> list[Page]:
    """Return the pages to measure, with addresses that lead into the middle of the data.

    Args:
        application: the application in this process.
        username: who opens them, and must see the record.
    """
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.access.scope import scope_filter
    from app.access.services import actor_for
    from app.database import db
    from app.records.search.tokens import initials
    from app.screens.current_builder import builder_of
    from app.screens.query.keyset import Order, Position, encode
    from plugins.complaints.models import Complaint
    from plugins.complaints.views import ComplaintView

    view = next(v for v in builder_of(application).baseviews if isinstance(v, ComplaintView))
    with application.app_context():
        actor = actor_for(db.session, db.session.scalar(
            select(User.id).where(User.username == username)))
        assert actor is not None, username
        newest = db.session.scalar(
            select(Complaint.id).order_by(Complaint.id.desc()).limit(1)) or 0
        row = db.session.execute(
            select(Complaint.id, Complaint.number, Complaint.received_at, Complaint.customer_name)
            # The same step at every size: what its form holds depends on it.
            .where(Complaint.id >= newest // 2, Complaint.state == "assigned",
                   scope_filter(actor, Complaint))
            .order_by(Complaint.id).limit(1)
        ).one()
        order = Order(view.screen.columns["received_at"], True, view.datamodel.key)
        deep = encode(order, Position(row.received_at, row.id))
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    return [
        Page("list, as it opens", "/complaints/list/", 8),
        Page("list, all, 25 rows, page 1", "/complaints/list/?all=1&size=25", 8, 3),
        Page("list, all, 25 rows, from the middle",
             f"/complaints/list/?all=1&size=25&after={deep}", 8, 3),
        Page("list, due before tomorrow, by due date, 25 rows",
             f"/complaints/list/?due_at__before={tomorrow}&sort=due_at&size=25", 8, 3),
        Page("search by number", f"/complaints/list/?all=1&size=25&q={row.number}", 8, 3),
        Page("search, pinyin initials of a name",
             f"/complaints/list/?all=1&size=25&q={initials(row.customer_name)[0]}", 8, 3),
        Page("search, two common Chinese characters",
             "/complaints/list/?all=1&size=25&q=征信", 8, 3),
        Page("board", "/complaints/list/?mode=board", 8, 6),
        Page("calendar of deadlines", "/complaints/list/?mode=calendar", 8),
        Page("counts of the saved views", "/complaints/views/counts", 8, 3),
        Page("record page", f"/complaints/show/{row.id}", 12, 3.5),
        Page("edit form", f"/complaints/edit/{row.id}", 8, 3.5),
        Page("REST, 25 rows", "/api/v1/complaints/?size=25", 8, 2.5),
        Page("home", "/", None, 6),
        Page("command palette, two common Chinese characters", "/palette/records?q=征信"),
        *([Page("figures of a chart", "/complaints/statistics/figures/product?kind=bars", None, 3)]
          if actor.can("can_statistics", view.class_permission_name or "") else []),
    ]


def statements_of(
    application: Any, headers: Mapping[str, str], path: str, wanted: Sequence[int] = (200,)
) -> int:
    """Return how many SQL statements one request makes, after one that fills the caches.

    Args:
        application: the application in this process, on the same database.
        headers: headers of a signed-in session.
        path: address of the page.
        wanted: answers that are right.
    """
    from sqlalchemy import event

    from app.database import db

    # The test client keeps cookies of its own and would overwrite the session's.
    client = application.test_client(use_cookies=False)
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        # How a transaction begins is written out on SQLite only.
        if arguments[2] != "BEGIN":
            seen.append(arguments[2])

    with application.app_context():
        engine = db.engine
    client.get(path, headers=dict(headers))
    event.listen(engine, "before_cursor_execute", note)
    try:
        status = client.get(path, headers=dict(headers)).status_code
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if status not in wanted:
        raise RuntimeError(f"{path} answered {status}.")
    return len(seen)
