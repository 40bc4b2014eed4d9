"""What a plugin of another contract is answered."""

from __future__ import annotations

import pytest
from packaging.version import Version

from app.host.contract import API_VERSION, CHANGES, admits, refusal


@pytest.mark.parametrize("old", [">=1.0,<2", "==1.*", "<2", ">=1.0,<1.5"])
def test_an_older_plugin_is_answered_with_the_change(old):
    assert not admits(old)
    assert refusal(old) == CHANGES[Version("2.0")]


@pytest.mark.parametrize("old", [">=2.0,<3", ">=2.2,<3", "==2.1"])
def test_a_plugin_of_the_contract_before_is_answered_with_the_last_change(old):
    assert not admits(old)
    assert refusal(old) == CHANGES[Version("3.0")]


@pytest.mark.parametrize("new", [">=9", ">=4.0,<5"])
def test_a_newer_plugin_is_not_answered_with_an_old_change(new):
    assert not admits(new)
    assert refusal(new) == "%(plugin)s asks for contract %(range)s."


def test_every_contract_that_changed_something_says_what():
    assert API_VERSION.major == max(version.major for version in CHANGES)
    assert [version.major for version in sorted(CHANGES)] == list(range(2, API_VERSION.major + 1))
    for change in CHANGES.values():
        assert change % {"plugin": "x", "range": ">=1"}
