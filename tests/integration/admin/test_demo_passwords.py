"""``flask demo passwords``: the people of the demo get a password by the rules of any other."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from werkzeug.security import check_password_hash

VARIABLE = "CARELINE_DEMO_PASSWORD"


def kept(house) -> str:
    """Return the hash of a demo person's password."""
    house.session.rollback()
    return house.session.scalar(select(User.password).where(User.username == "agent"))


@pytest.mark.parametrize("command", ["passwords", "load"])
@pytest.mark.parametrize(("password", "said"), [
    ("1", "at least 12 characters"), ("password1234", "tried first"), ("aaaaaaaaaaaaa", "repeats"),
])
def test_a_weak_one_is_refused_in_one_sentence(house, monkeypatch, command, password, said):
    before = kept(house)
    monkeypatch.setenv(VARIABLE, password)
    done = house.app.test_cli_runner().invoke(args=["demo", command])
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {VARIABLE} is refused.") and said in done.output
    assert done.output.count("\n") == 1
    assert kept(house) == before


def test_a_good_one_is_set_and_one_made_here_is_told(house, monkeypatch):
    monkeypatch.setenv(VARIABLE, "lantern-river-2026")
    done = house.app.test_cli_runner().invoke(args=["demo", "passwords"])
    assert (done.exit_code, done.output) == (0, "")
    assert check_password_hash(kept(house), "lantern-river-2026")
    monkeypatch.setenv(VARIABLE, "")
    done = house.app.test_cli_runner().invoke(args=["demo", "passwords"])
    assert check_password_hash(kept(house), done.output.strip().rpartition(" ")[2])
