"""What every test of loan applications begins with."""

from __future__ import annotations

import pytest

from plugins.loans.tests.helpers import allow_contacts


@pytest.fixture(autouse=True)
def any_time(request: pytest.FixtureRequest) -> None:
    """Let customers be contacted at any time; tests of the rules of contact set them again."""
    if "house" in request.fixturenames:
        allow_contacts(request.getfixturevalue("house"))
