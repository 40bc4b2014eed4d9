"""A process that starts brings no library that only some pages, jobs and commands need."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys

import pytest

from config import ROOT
from tests.services.verdicts import share

# Each is imported where it is used: with the first workbook, article, message, file, paper.
ONLY_WHERE_USED = {
    "alembic", "apprise", "chinese_calendar", "fsspec", "holidays", "huey", "markdown_it",
    "psycopg", "pypinyin", "redis", "rich", "typst", "xlsxwriter",
}
_START = """
import gc, json, sys
from app import create_app
create_app()
top = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([sorted(top), gc.get_freeze_count(), gc.isenabled()]))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What a process holds after its start, on SQLite and with every plugin."""
    folder = tmp_path_factory.mktemp("start")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")
    } | {
        "CARELINE_ENV": "test", "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
        "CARELINE_VAR_DIR": str(share(folder)),
        "CARELINE_DATABASE_URL": f"sqlite:///{folder / 'start.sqlite'}",
    }
    done = subprocess.run([sys.executable, "-c", _START], cwd=ROOT, env=environment, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_no_library_comes_before_it_is_used(started):
    modules, _, _ = started
    assert {"app", "plugins", "flask_appbuilder"} <= set(modules)
    assert ONLY_WHERE_USED & set(modules) == set()


def test_what_was_made_is_no_garbage_and_later_garbage_is_looked_for(started):
    _, kept, is_enabled = started
    assert kept > 100_000
    assert is_enabled
