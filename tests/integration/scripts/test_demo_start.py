"""The demo as people start it: first start, second start, and the death of a process."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT

# Two rows of a register of the kind that the demo loads where it finds it.
REGISTER = """\
Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,\
Company public response,Company,State,ZIP code,Tags,Consumer consent provided?,Submitted via,\
Date sent to company,Company response to consumer,Timely response?,Consumer disputed?,Complaint ID,\
source
2026-01-13,Vehicle loan or lease,Loan,Managing the loan,,,,EXAMPLE BANK,CO,80130,,N/A,Web,\
2026-01-13,Closed with explanation,Yes,No,900001,test
2026-02-14,Vehicle loan or lease,Lease,Getting a loan,,,,EXAMPLE BANK,NY,10001,,N/A,Phone,\
2026-02-15,Closed with explanation,No,No,900002,test
"""
# How many complaints the generator makes.
WHOLE = "COUNT = 160\n"
READY_WITHIN_SECONDS = 600
STOP_WITHIN_SECONDS = 60


class Demo:
    """One demo on its own folder and port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and return what it printed until it was ready."""
        given = {name: value for name, value in os.environ.items() if "CARELINE_" not in name}
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        # How it starts and stops does not depend on how many plugins load how much of their data.
        plugins = self.folder / "plugins"
        if not plugins.exists():
            plugins.mkdir()
            shutil.copytree(ROOT / "plugins" / "complaints", plugins / "complaints")
            generator = plugins / "complaints" / "demo.py"
            whole = generator.read_text(encoding="utf-8")
            assert whole.count(WHOLE) == 1
            generator.write_text(whole.replace(WHOLE, "COUNT = 8\n"), encoding="utf-8")
        (data / "cfpb_complaints_dev.csv").write_text(REGISTER)
        given |= {"CARELINE_VAR_DIR": str(self.folder / "var"), "PORT": str(self.port),
                  "CARELINE_DATA_DIR": str(data), "CARELINE_PLUGINS_DIR": str(plugins)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.demo"], cwd=ROOT, env=given,
                stdout=output, stderr=output,
                # As a shell starts what goes on in the background.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
            )
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while "Ctrl-C stops it" not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)
        return self.printed()

    def printed(self) -> str:
        """What it printed so far."""
        return self.output.read_text(errors="replace")

    def get(self, path: str) -> int:
        """Return the status of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status

    def children(self) -> dict[str, int]:
        """Process ids of the web server and of the worker."""
        shown = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            check=True, capture_output=True, text=True,
        ).stdout
        named = {}
        for line in shown.splitlines():
            pid, command = line.split(maxsplit=1)
            named["worker" if "jobs work" in command else "web"] = int(pid)
        return named


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path)
    yield started
    if started.process is not None and started.process.poll() is None:
        started.process.send_signal(signal.SIGINT)
        started.process.wait(STOP_WITHIN_SECONDS)


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes as Linux shows them")
def test_two_starts_and_a_death(demo: Demo) -> None:
    first = demo.start()
    for name in ("agent", "supervisor", "admin", "leader", "hr"):
        assert re.search(rf"^  {name} ", first, re.MULTILINE)
    assert f"http://127.0.0.1:{demo.port}" in first
    assert demo.get("/readyz") == demo.get("/healthz") == 200
    children = demo.children()
    assert set(children) == {"web", "worker"}

    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(STOP_WITHIN_SECONDS) == 0
    assert demo.printed().endswith("Stopped.\n")
    assert all(_gone(pid) for pid in children.values())

    with contextlib.closing(sqlite3.connect(demo.folder / "var" / "careline.sqlite")) as database:
        asked = "SELECT count(*) FROM complaints_complaint WHERE external_id LIKE '90000%'"
        assert database.execute(asked).fetchone() == (2,)

    second = demo.start()
    password = re.compile(r"Password of all of them: (\S+)")
    assert password.search(first)[1] == password.search(second)[1]
    assert "Loading demo data" in first
    assert "Loading demo data" not in second

    children = demo.children()
    os.kill(children["worker"], signal.SIGKILL)
    assert demo.process.wait(STOP_WITHIN_SECONDS) == 1
    assert "The worker process ended with code -9" in demo.printed()
    assert all(_gone(pid) for pid in children.values())
