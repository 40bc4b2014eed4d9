"""Which browser tests and pictures use, and how it is started."""

from __future__ import annotations

import shutil

# The shell draws pages as Chromium does and has no windows to draw around them: the same tests
# take two thirds of the time.
_COMMANDS = ("chromium-headless-shell", "chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-gpu", "--disable-extensions",
]


def chromium() -> str | None:
    """Return the path of the installed Chromium, or ``None`` where there is none."""
    return next(filter(None, map(shutil.which, _COMMANDS)), None)
