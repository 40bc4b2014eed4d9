"""The settings of the web server hold for one process and for several."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.services.verdicts import share

# Megabytes each, for papers, names, migrations and messages.
SELDOM = {"alembic", "apprise", "fontTools", "pypinyin", "typst", "hypothesis", "pytest"}


def run(folder: Path, *command: str, workers: str = "1") -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")
    } | {
        "CARELINE_ENV": "demo", "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
        "CARELINE_VAR_DIR": str(share(folder)), "CARELINE_WEB_WORKERS": workers,
    }
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_web_server_takes_its_settings(workers, tmp_path):
    done = run(tmp_path, "-m", "gunicorn", "--check-config", "app:create_app()", workers=workers)
    assert done.returncode == 0, done.stderr


def test_an_idle_process_holds_nothing_that_it_may_never_need(tmp_path):
    done = run(tmp_path, "-c", "import sys; from app import create_app; create_app(); "
               f"print(sorted({SELDOM!r} & set(sys.modules)))")
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
