"""What every test of callbacks begins with."""

from __future__ import annotations

from typing import Any

import pytest

from app.customers.contacts import SETTINGS
from app.sdk.services import SYSTEM
from app.settings.services import save_settings, saved_settings


def set_rules_of_contact(session: Any, **values: Any) -> None:
    """Change rules of contact, as an administrator does on their screen."""
    held, version = saved_settings(session, SETTINGS)
    save_settings(session, SYSTEM, SETTINGS, {**held, **values}, version)


@pytest.fixture(autouse=True)
def any_time(house) -> None:
    """Let customers be contacted at any time, so that no test depends on the clock.

    Tests of the rules set them again.
    """
    set_rules_of_contact(house.session, quiet_from=0, quiet_until=0, on_holidays=True,
                         interval_minutes=0, most_unanswered=50)
