"""A run takes each test once, and all of its cases where the build machine asks for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT
from tests.services import choosing

SUITE = """
import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    return request.param

def test_plain(database_url): pass

@pytest.mark.both_databases
def test_ours(database_url): pass

@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_one(database_url): pass

@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.further)])
def test_scenario(language): pass

@pytest.mark.long
def test_long(): pass
"""
# In the order in which they run: what is long comes first.
ONCE = ["test_long", "test_plain[sqlite]", "test_ours[sqlite]", "test_ours[postgresql]",
        "test_of_one[postgresql]", "test_scenario[zh]"]
_VARIABLES = (choosing.EVERY_DATABASE, choosing.EVERY_ROLE)


def chosen(folder: Path, suite: str, *arguments: str, **variables: str) -> list[str]:
    """Return which tests of a suite run, or what pytest says where it refuses."""
    (folder / "test_suite.py").write_text(suite, encoding="utf-8")
    outer = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.services.choosing", "-p", "no:cacheprovider",
         "--collect-only", "-q", "--rootdir", str(folder), "-c", os.devnull,
         *(arguments or ["test_suite.py"])],
        cwd=folder, capture_output=True, text=True, check=False,
        env=outer | {"PYTHONPATH": str(ROOT)} | variables)
    if done.returncode:
        return [done.stderr.strip()]
    return [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]


def test_without_the_variables_each_test_runs_once(tmp_path):
    assert chosen(tmp_path, SUITE) == ONCE


def test_each_variable_brings_its_cases(tmp_path):
    every_database = chosen(tmp_path, SUITE, CARELINE_EVERY_DATABASE="1")
    assert set(every_database) - set(ONCE) == {"test_plain[postgresql]"}
    every_role = chosen(tmp_path, SUITE, CARELINE_EVERY_ROLE="1")
    assert set(every_role) - set(ONCE) == {"test_scenario[en]"}


def test_a_case_that_is_named_runs_in_any_case(tmp_path):
    assert chosen(tmp_path, SUITE, "test_suite.py::test_scenario[en]") == ["test_scenario[en]"]


def test_a_test_that_would_run_nowhere_else_is_refused(tmp_path):
    [said] = chosen(tmp_path, SUITE + """
@pytest.mark.further
def test_alone(): pass
""")
    assert said.endswith("every case is marked as a further one: test_suite.py::test_alone")


def test_the_build_machine_asks_for_all():
    asked = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [name for name in _VARIABLES if f"{name}=1" not in asked] == []
