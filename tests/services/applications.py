"""Applications that several tests of a process use, one after the other.

Building an application takes longer than most tests. So each test process keeps one for each kind
of database; between two tests the database is another copy of its template, the folder of
variable data is empty, and what the application has learnt meanwhile is forgotten.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from app import wiring
from app.access.sensitive import keyring
from app.database import db
from app.host.host import EXTENSION as HOST
from config import Settings

# The verdicts of the preflight, which all share.
_STAYS = "preflight"
# Attributes of an application that a test may set.
_ATTRIBUTES = ("test_client_class", "testing", "secret_key", "wsgi_app", "session_interface")


class SharedApplications:
    """The applications of one test process.

    Args:
        folder: folder of variable data that all of them have.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[Any, tuple[Flask, dict[str, Any]]] = {}

    def give(self, settings: Settings, make: Callable[[Settings], Flask]) -> Flask:
        """Return the application for some settings as it was when it had just been made.

        Args:
            settings: settings; those with another folder get an application of their own.
            make: makes it.
        """
        if settings.var_dir != self.folder:
            return make(settings)
        # Tests may let further parts take part.
        key = (settings, make, tuple(id(part) for _, part in wiring.CORE_PARTS))
        if key not in self._kept:
            app = make(settings)
            self._kept[key] = app, _state(app)
            # It stays as long as the process: nobody needs to look through it for garbage.
            gc.freeze()
        app, state = self._kept[key]
        _restore(app, state)
        return app

    def empty_folder(self) -> None:
        """Remove what an earlier test has left among the variable data."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if path.name == _STAYS:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def release(app: Flask) -> None:
    """Close an application's connections, so that its database can be replaced."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _state(app: Flask) -> dict[str, Any]:
    return {
        "config": dict(app.config), "extensions": dict(app.extensions),
        "attributes": {name: getattr(app, name) for name in _ATTRIBUTES},
        "faults": list(app.extensions[HOST].faults),
    }


def _restore(app: Flask, state: dict[str, Any]) -> None:
    app.config.clear()
    app.config.update(state["config"])
    # What is not in the state was kept for the database of an earlier test.
    app.extensions.clear()
    app.extensions.update(state["extensions"])
    # The host stays the same one: what a test has added to it would be seen by the next.
    app.extensions[HOST].faults[:] = state["faults"]
    for name, value in state["attributes"].items():
        if getattr(app, name) is not value:
            setattr(app, name, value)
    keyring.use(app.extensions[wiring.FIELD_KEYS])
    release(app)
    with app.app_context():
        # The file of the queue went with the folder.
        wiring.install_jobs(app, app.config["CARELINE_SETTINGS"], app.extensions[HOST])
