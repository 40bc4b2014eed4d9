"""Fills an empty database with all tables and the generated demo data.

Run as ``python -m tests.services.demo URL``.
"""

from __future__ import annotations

import sys

from app.database import db
from app.host.host import current_host
from app.sdk.demo import DemoContext
from app.testing.plugin_fixtures import PASSWORD
from tests.services.house import moved_in

if __name__ == "__main__":
    with moved_in(sys.argv[1]) as app:
        context = DemoContext(db.session, app.config["CARELINE_SETTINGS"], 1, PASSWORD)
        items = current_host().contributions("register_demo_data")
        for item in sorted(items, key=lambda item: item.order):
            item.load(context)
