"""A password entered again: only one's own, and not as often as one likes."""

from __future__ import annotations

import datetime as dt

import pytest

from app.access.confirmation import confirm_password
from app.access.sessions import is_locked
from app.errors import Invalid
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import PASSWORD


def test_the_own_password_goes_on_and_another_one_does_not(house):
    confirm_password(house.session, house.actor("agent"), PASSWORD)
    for wrong in ("", "wrong", PASSWORD + " "):
        with pytest.raises(Invalid) as caught:
            confirm_password(house.session, house.actor("agent"), wrong)
        assert set(caught.value.errors) == {"password"}
    with pytest.raises(Invalid):
        confirm_password(house.session, SYSTEM, PASSWORD)


def test_too_many_wrong_ones_lock_the_account(house):
    attempts = house.app.config["CARELINE_SETTINGS"].login_attempts
    for _ in range(attempts):
        with pytest.raises(Invalid):
            confirm_password(house.session, house.actor("agent"), "wrong")
    assert is_locked(house.session, "agent", "", attempts, dt.timedelta(minutes=5))
    with pytest.raises(Invalid):
        confirm_password(house.session, house.actor("agent"), PASSWORD)
    confirm_password(house.session, house.actor("supervisor"), PASSWORD)
