"""The settings of the web server hold for one process and for several."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest

from config import ROOT


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_web_server_takes_its_settings(workers, tmp_path):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")
    } | {
        "CARELINE_ENV": "demo", "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
        "CARELINE_VAR_DIR": str(tmp_path), "CARELINE_WEB_WORKERS": workers,
    }
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "app:create_app()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
