"""Fills an empty database with all tables and the generated demo data.

Run as ``python -m tests.services.demo URL``. What comes again each day or month comes less often
than in a demonstration, where the build machine does not ask for all (see ``choosing``): pages of
every kind and state show the same.
"""

from __future__ import annotations

import importlib
import os
import sys

from app.database import db
from app.host.host import current_host
from app.sdk.demo import DemoContext
from app.testing.plugin_fixtures import PASSWORD
from tests.services.choosing import EVERY_ROLE
from tests.services.house import moved_in

# By module and name.
_FEWER = {
    ("plugins.appraisals.demo", "_MONTHS"): 5,
    ("plugins.callbacks.demo", "_DAYS"): 62,
    ("plugins.callbacks.demo", "_PER_DAY"): 1,
}


def _take_fewer() -> None:
    for (module, name), number in _FEWER.items():
        generator = importlib.import_module(module)
        assert getattr(generator, name) > number, (module, name)
        setattr(generator, name, number)


if __name__ == "__main__":
    with moved_in(sys.argv[1]) as app:
        if not os.environ.get(EVERY_ROLE):
            _take_fewer()
        context = DemoContext(db.session, app.config["CARELINE_SETTINGS"], 1, PASSWORD)
        items = current_host().contributions("register_demo_data")
        for item in sorted(items, key=lambda item: item.order):
            item.load(context)
