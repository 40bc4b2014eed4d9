"""``flask demo``: people, departments and generated data to try the product on."""

from __future__ import annotations

import os
import secrets

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access.passwords import problem as problem_of
from app.admin.demo.people import set_passwords
from app.database import db
from app.host.host import current_host
from app.sdk.demo import DemoContext

_VARIABLE = "CARELINE_DEMO_PASSWORD"


@click.group("demo")
def demo_group() -> None:
    """Work with demonstration data."""


def _password() -> tuple[str, bool]:
    """Return the password of the demo people, and whether it was made up a moment ago."""
    given = os.environ.get(_VARIABLE, "")
    if not given:
        return secrets.token_urlsafe(12), True
    problem = problem_of(given)
    if problem:
        raise click.ClickException(f"{_VARIABLE} is refused. {problem}")
    return given, False


def _guard() -> None:
    if current_app.config["CARELINE_SETTINGS"].environment == "production":
        raise click.ClickException("Demo data is refused where CARELINE_ENV is production.")


@demo_group.command("load")
@click.option("--seed", default=1, help="Makes the generated data repeatable.")
@click.option("--complaints", default=None, type=click.IntRange(0, 10_000_000),
              help="How many generated complaints; a few hundred by default.")
@with_appcontext
def load(seed: int, complaints: int | None) -> None:
    """Load people and generated data; what is there already stays."""
    _guard()
    password, is_new = _password()
    context = DemoContext(
        session=db.session, settings=current_app.config["CARELINE_SETTINGS"], seed=seed,
        password=password, complaints=complaints, echo=click.echo,
    )
    for item in sorted(
        current_host().contributions("register_demo_data"), key=lambda item: item.order
    ):
        click.echo(item.load(context))
    if is_new:
        click.echo(f"Password of the demo people: {password}")


@demo_group.command("passwords")
@with_appcontext
def passwords() -> None:
    """Give all demo people the password in CARELINE_DEMO_PASSWORD, or a new random one."""
    _guard()
    password, is_new = _password()
    set_passwords(db.session, password)
    if is_new:
        click.echo(f"Password of the demo people: {password}")
