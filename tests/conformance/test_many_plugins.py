"""Plugins beside each other cost nothing on pages that are not theirs: statements are counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from config import ROOT
from scripts.benchmark_plugins import KILOBYTES_MOST, plugin_folder

GENERATED = 3


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Statements and bytes by installation and page, see ``many_plugins``."""
    parent = tmp_path_factory.mktemp("many")
    folder = plugin_folder(parent, GENERATED)
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.many_plugins",
         f"sqlite:///{parent / 'many.sqlite'}"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={
            **os.environ, "CARELINE_PLUGINS_DIR": str(folder), "PYTHONPATH": str(parent)},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_generated_plugins_are_in_force(seen):
    assert (seen["without"]["menu"], seen["beside"]["menu"]) == (0, GENERATED)
    # Looked at, their cards ask for their figures.
    assert seen["beside"]["/?cards=all"][0] > seen["without"]["/?cards=all"][0]


def pages(seen):
    """Yield each page of others with what it showed without and with the generated plugins."""
    for path, found in seen["without"].items():
        if path not in ("menu", "/?cards=all"):
            yield path, found, seen["beside"][path]


def test_pages_ask_the_database_nothing_more(seen):
    for path, (before, _), (after, _) in pages(seen):
        assert after == before > 0, path


def test_no_page_grows_by_more_than_its_bar(seen):
    for path, (_, before), (_, after) in pages(seen):
        assert after - before <= 1000 * KILOBYTES_MOST, path
