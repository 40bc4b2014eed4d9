"""A browser's site over an installation with the demo people and nothing else."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def database_of_site() -> str:
    """The demo people."""
    return "house"
