"""Tries plugins as the preflight does, in forks of one process that has imported the core.

Importing the core takes a process more than a second, and thirty broken plugins want fifty
processes. Run as ``python -m tests.integration.host.trials`` it reads a trial from each line.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from app.host import preflight
from config import ROOT


class Trials:
    """The process that forks; it ends with its input."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.host.trials"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )

    def run(
        self, arguments: list[str], folders: list[str], _root: Path
    ) -> subprocess.CompletedProcess[str]:
        """Stand in for ``preflight._process``."""
        assert self._server.stdin is not None and self._server.stdout is not None
        print(json.dumps([arguments, folders]), file=self._server.stdin, flush=True)
        texts = json.loads(self._server.stdout.readline())
        return subprocess.CompletedProcess(arguments, 0, *texts)

    def end(self) -> None:
        """Let the process end."""
        self._server.communicate()


def _try(arguments: list[str], folders: list[str]) -> list[str]:
    """Return what a fork wrote to its output and to its errors."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if not child:
            _in_fork(arguments, folders, out, errors)
        os.waitpid(child, 0)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read())
        return texts


def _in_fork(arguments: list[str], folders: list[str], out: Any, errors: Any) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        preflight.main(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Nothing of the process that forked is closed or written once more.
        os._exit(0)


if __name__ == "__main__":
    importlib.import_module("app.models")
    for line in sys.stdin:
        print(json.dumps(_try(*json.loads(line))), flush=True)
