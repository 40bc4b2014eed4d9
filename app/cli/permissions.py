"""``flask permissions sync``: rights of the loaded screens into the database."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access.services import sync_permissions, unknown_grants
from app.database import db
from app.wiring import all_grants, all_permissions


@click.group("permissions")
def permissions_group() -> None:
    """Work with permissions."""


@permissions_group.command("sync")
@with_appcontext
def sync() -> None:
    """Add new permissions and the grants of ready-made roles; part of every deployment."""
    permissions = all_permissions(current_app)
    grants = all_grants(current_app)
    unknown = unknown_grants(permissions, grants)
    for grant in unknown:
        click.echo(f"No screen has {grant.permission} on {grant.view} (role {grant.role}).", err=True)
    added, given = sync_permissions(db.session, permissions, grants)
    click.echo(f"{added} new permissions, {given} new grants.")
    if unknown:
        raise SystemExit(1)
