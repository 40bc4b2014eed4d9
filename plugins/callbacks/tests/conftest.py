"""What every test of callbacks begins with."""

from __future__ import annotations

from typing import Any

import pytest

from app.customers.contacts import SETTINGS
from app.sdk.services import SYSTEM
from app.settings.services import save_settings, saved_settings
from plugins.callbacks.settings import SETTINGS as CALLBACK_SETTINGS


def set_rules_of_contact(session: Any, **values: Any) -> None:
    """Change rules of contact, as an administrator does on their screen."""
    held, version = saved_settings(session, SETTINGS)
    save_settings(session, SYSTEM, SETTINGS, {**held, **values}, version)


def calls_begin_up_to(session: Any, number: int) -> None:
    """Let correction calls begin by themselves where no more customers than this are called."""
    held, version = saved_settings(session, CALLBACK_SETTINGS)
    save_settings(session, SYSTEM, CALLBACK_SETTINGS,
                  {**held, "correction_calls": number}, version)


@pytest.fixture
def decided(house) -> None:
    """Correction calls are made when whoever leads says so, and never by themselves."""
    calls_begin_up_to(house.session, 0)


@pytest.fixture(autouse=True)
def any_time(house) -> None:
    """Let customers be contacted at any time, so that no test depends on the clock.

    Tests of the rules set them again.
    """
    set_rules_of_contact(house.session, quiet_from=0, quiet_until=0, on_holidays=True,
                         interval_minutes=0, most_unanswered=50)
