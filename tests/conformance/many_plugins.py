"""Counts what pages ask the database without and with generated plugins: one line of JSON.

Run as ``python -m tests.conformance.many_plugins URL`` with the folder of all of them in
CARELINE_PLUGINS_DIR: a process of its own, because classes of generated plugins stay in a process
that has imported them.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys

from app import create_app
from app.database import db
from app.testing.plugin_fixtures import House
from config import ROOT
from plugins.complaints.tests.helpers import registered
from scripts.benchmark_plugins import seen_by
from tests.services.house import moved_in


def main(url: str) -> None:
    """Print statements and bytes of pages, by installation and address.

    Args:
        url: address of an empty database.
    """
    with moved_in(url) as beside:
        settings = beside.config["CARELINE_SETTINGS"]
        complaint = registered(House(beside, db.session)).id
        without = create_app(dataclasses.replace(settings, plugins_dir=ROOT / "plugins"))
        paths = ("/", "/complaints/list/", f"/complaints/show/{complaint}", "/complaints/add",
                 "/menu/waiting", "/?cards=all")
        found = {}
        for name, application in (("without", without), ("beside", beside)):
            with application.app_context():
                client = House(application, db.session).client("supervisor")
                found[name] = {path: dataclasses.astuple(seen) for path, seen in seen_by(
                    application, client, paths).items()}
                lines = [client.get(path).text for path in re.findall(
                    r'data-lines="([^"]+)"', client.get("/").text)]
                found[name]["menu"] = "".join(lines).count('href="/sample_')
        print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
