"""Which tests a run takes and in which order: all on the build machine, each once elsewhere.

Two variables ask for the rest. ``CARELINE_EVERY_DATABASE=1`` runs every test of a database on
PostgreSQL as well; otherwise only those do whose SQL is ours, marked ``both_databases``.
``CARELINE_EVERY_ROLE=1`` runs what is marked ``further``: the same again as somebody else, in
another language, colours or width, with another seed. A test whose cases are all marked would run
nowhere else, so that is refused. A case that is named on the command line runs in any case.
"""

from __future__ import annotations

import functools
import itertools
import os
import re

import pytest

EVERY_DATABASE = "CARELINE_EVERY_DATABASE"
EVERY_ROLE = "CARELINE_EVERY_ROLE"
# A case of a parametrized test that only the build machine runs: ``further("en", "dark")``.
further = functools.partial(pytest.param, marks=pytest.mark.further)
_MARKERS = (
    "both_databases: its SQL is ours, so that it runs on PostgreSQL as well",
    "further: the same again in another language, colours or width, or as somebody else",
    "long: takes minutes alone, so that a run begins with it",
)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest which markers there are."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the build machine runs; begin with what is long."""
    if not any("::" in argument for argument in config.args):
        _refuse_tests_without_a_first_case(items)
    # Or one process still has minutes to do when the others have ended.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    left = [item for item in items if _is_left_out(item) and item.nodeid not in config.args]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _is_left_out(item: pytest.Item) -> bool:
    if item.get_closest_marker("further") and not os.environ.get(EVERY_ROLE):
        return True
    return (not os.environ.get(EVERY_DATABASE) and is_twin(item)
            and not item.get_closest_marker("both_databases"))


def is_twin(item: pytest.Item) -> bool:
    """Whether a test runs on PostgreSQL only because the fixture offers both databases."""
    call = getattr(item, "callspec", None)
    if call is None or "postgresql" not in (
        call.params.get("database_url"), call.params.get("empty_database_url")
    ):
        return False
    named = itertools.chain.from_iterable(
        re.split(r"[,\s]+", mark.args[0]) if isinstance(mark.args[0], str) else mark.args[0]
        for mark in item.iter_markers("parametrize"))
    return not any(name.endswith("database_url") for name in named)


def _refuse_tests_without_a_first_case(items: list[pytest.Item]) -> None:
    cases: dict[str, list[bool]] = {}
    for item in items:
        test = item.nodeid.partition("[")[0]
        cases.setdefault(test, []).append(item.get_closest_marker("further") is not None)
    if alone := [test for test, further in cases.items() if all(further)]:
        raise pytest.UsageError(f"every case is marked as a further one: {', '.join(alone)}")
