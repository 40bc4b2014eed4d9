"""``flask permissions sync``: rights of the loaded screens into the database."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.access.services import Grant, sync_permissions, unknown_grants
from app.database import db
from app.wiring import all_grants, all_permissions, all_reaches


@click.group("permissions")
def permissions_group() -> None:
    """Work with permissions."""


def sync_all(app: Flask) -> tuple[int, int, list[Grant]]:
    """Bring permissions and ready-made roles in the database up to the loaded code.

    Args:
        app: the application, in its context.

    Returns:
        Numbers of new permissions and new grants, and grants that name unknown permissions.
    """
    permissions, grants = all_permissions(app), all_grants(app)
    added, given = sync_permissions(db.session, permissions, grants, all_reaches(app))
    return added, given, unknown_grants(permissions, grants)


def report_sync(app: Flask) -> bool:
    """Sync, say what was new, and return whether a grant names an unknown permission.

    Args:
        app: the application, in its context.
    """
    added, given, unknown = sync_all(app)
    click.echo(f"{added} new permissions, {given} new grants.")
    for grant in unknown:
        click.echo(f"No screen has {grant.permission} on {grant.view} ({grant.role}).", err=True)
    return bool(unknown)


@permissions_group.command("sync")
@with_appcontext
def sync() -> None:
    """Add new permissions and the grants of ready-made roles; part of every deployment."""
    if report_sync(current_app):
        raise SystemExit(1)
