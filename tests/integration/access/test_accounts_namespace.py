"""Names and addresses are one namespace, and commands ask the rules of passwords."""

from __future__ import annotations

import click
import pytest
from flask_appbuilder.security.sqla.models import User

from app.access.security import find_account
from app.admin.access.account_services import save_user
from app.database import write
from app.errors import Invalid


def put(house, username: str, **values: str) -> None:
    """Change an account behind the rules."""
    with write(house.session):
        user = house.session.query(User).filter_by(username=username).one()
        for name, value in values.items():
            setattr(user, name, value)


def test_the_own_name_goes_before_the_address_of_another(house):
    put(house, "agent", email="hr")
    assert find_account(house.session, "hr").username == "hr"
    assert find_account(house.session, "HR").username == "hr"


def test_letters_make_no_other_account(house):
    assert find_account(house.session, "AGENT").username == "agent"
    assert find_account(house.session, "nobody at all") is None


@pytest.mark.parametrize("values", [
    {"email": "hr"}, {"email": "HR"}, {"username": "Hr"}, {"email": "no address"}, {"email": "@"},
])
def test_what_another_signs_in_by_is_taken(house, values):
    user = house.session.query(User).filter_by(username="agent").one()
    with pytest.raises(Invalid):
        save_user(house.session, house.actor("admin"), user, values)


def test_an_account_may_keep_and_change_its_own(house):
    user = house.session.query(User).filter_by(username="agent").one()
    save_user(house.session, house.actor("admin"), user, {"email": "new@example.com"})
    save_user(house.session, house.actor("admin"), user, {"email": "NEW@example.com"})
    assert find_account(house.session, "new@EXAMPLE.com").username == "agent"


@pytest.mark.parametrize("password", ["a", "passwordpassword", "agentagentagent"])
def test_commands_ask_the_rules_of_passwords(house, password):
    manager = house.app.appbuilder.sm
    user = house.session.query(User).filter_by(username="agent").one()
    with pytest.raises(click.ClickException):
        manager.reset_password(user.id, password)
    with pytest.raises(click.ClickException):
        manager.add_user("agent2", "A", "B", "a2@example.com", [], password=password)
