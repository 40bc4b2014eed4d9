"""What one installation of a test session has found out about plugins, for all others.

An installation tries its plugins in a process of their own, and makes all of their screens once,
before it lets them in; that takes several seconds. What it found out is kept by the content of
the plugins, so that installations whose plugins are the same can share it.
"""

from __future__ import annotations

import os
from pathlib import Path

# Processes that tests start find the folder too. Not a name of the product: those are settings.
_VARIABLE = "TESTS_VERDICTS_DIR"


def keep_in(folder: Path) -> None:
    """Name the folder of this session."""
    folder.mkdir(exist_ok=True)
    os.environ[_VARIABLE] = str(folder)


def share(var_dir: Path) -> Path:
    """Let an installation use what others have found out, and return its folder.

    Args:
        var_dir: its folder of variable data; made where it does not exist.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    own = var_dir / "preflight"
    if (folder := os.environ.get(_VARIABLE)) and not own.exists():
        own.symlink_to(folder)
    return var_dir
