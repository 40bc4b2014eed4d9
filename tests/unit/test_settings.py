"""Settings that are bad or weak are refused when they are read."""

from __future__ import annotations

import secrets

import pytest

from config import Settings, SettingsError

REGULAR = ("0123456789" * 6, ("thisismyscretkey-" * 4)[:57], "ab" * 30)


@pytest.mark.parametrize("value", REGULAR)
def test_a_key_that_repeats_itself_is_refused(value):
    with pytest.raises(SettingsError, match="CARELINE_SECRET_KEY is too regular"):
        Settings.from_environment({"CARELINE_SECRET_KEY": value, "CARELINE_ENV": "test"})


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_random_keys_pass(make):
    for _ in range(50):
        Settings.from_environment({"CARELINE_SECRET_KEY": make(64), "CARELINE_ENV": "test"})


@pytest.mark.parametrize(("values", "starts"), [
    ({}, False), ({"CARELINE_BEHIND_TLS": "true"}, True),
    ({"CARELINE_ALLOW_INSECURE_COOKIES": "true"}, True),
    ({"CARELINE_ALLOW_INSECURE_COOKIES": "true", "HOST": "0.0.0.0"}, False),
])
def test_production_refuses_insecure_cookies(values, starts):
    environ = {"CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
               "CARELINE_FIELD_KEYS": secrets.token_urlsafe(48), **values}
    if starts:
        assert Settings.from_environment(environ).environment == "production"
    else:
        with pytest.raises(SettingsError, match="CARELINE_BEHIND_TLS is false"):
            Settings.from_environment(environ)
