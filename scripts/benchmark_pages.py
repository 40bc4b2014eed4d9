"""Statements and CPU of the pages of complaints, on a small database of its own.

Run from the top folder of a checkout, this one or an older one, so that one program compares two
versions on one machine: ``python PATH/TO/benchmark_pages.py``. Run the versions in turn and several
times: the machine is never quite the same twice.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REGISTERED = 30
REQUESTS = 25
WARM_UP = 3
# What opens and ends a transaction is no question to the database.
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


def measure(house: Any, ids: list[int]) -> None:
    """Print a line for each page: statements of one request, median CPU of several.

    Args:
        house: a running house, see ``app.testing.plugin_fixtures``.
        ids: complaints; the first one is new, the last one has been assigned.
    """
    from sqlalchemy import event

    from app.database import db

    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_FRAME):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    client = house.client("supervisor")
    for name, path in (
        ("list", "/complaints/list/?size=25"), ("board", "/complaints/list/?mode=board"),
        ("record", f"/complaints/show/{ids[-1]}"), ("form", "/complaints/add"),
        ("change", f"/complaints/edit/{ids[-1]}"), ("step", f"/complaints/act/{ids[0]}/assess"),
    ):
        for _ in range(WARM_UP):
            answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        seen.clear()
        client.get(path)
        statements, times = len(seen), []
        for _ in range(REQUESTS):
            began = time.process_time()
            client.get(path)
            times.append(time.process_time() - began)
        print(f"{name:8} {statements:3} statements {1000 * statistics.median(times):7.2f} ms CPU")


def main() -> None:
    """Fill a database, and measure."""
    os.environ.setdefault("CARELINE_ENV", "test")
    sys.path.insert(0, str(Path.cwd()))
    from app.database import db
    from app.testing.plugin_fixtures import House
    from plugins.complaints.tests.helpers import assigned, registered
    from tests.services.house import moved_in

    with (
        tempfile.TemporaryDirectory() as folder,
        moved_in(f"sqlite:///{Path(folder) / 'pages.sqlite'}") as app,
    ):
        house = House(app, db.session)
        ids = [registered(house).id for _ in range(REGISTERED)]
        measure(house, [*ids, assigned(house).id])


if __name__ == "__main__":
    main()
