"""``flask deploy``: everything a new version needs before its processes start."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.access.actor import SYSTEM
from app.access.services import role_permissions
from app.cli.database import upgrade
from app.cli.permissions import sync
from app.database import db, write
from app.deadlines.calendar_store import ensure_default_calendar
from app.deadlines.policy_store import publish_policy
from app.host.host import EXTENSION
from app.workflow.definition import WorkflowError
from app.workflow.publishing import publish_shipped


def publish_definitions(app: Flask) -> tuple[int, int]:
    """Publish shipped workflows and deadline policies, with what admins tuned laid over them.

    Args:
        app: the application, in its context.

    Returns:
        Numbers of workflows and of policies.

    Raises:
        WorkflowError: a workflow is faulty; no workflow is published then.
    """
    host = app.extensions[EXTENSION]
    ensure_default_calendar(db.session)
    rows = publish_shipped(
        db.session, SYSTEM, host.contributions("register_workflows"),
        role_permissions(db.session),
    )
    policies = [
        publish_policy(db.session, item.record_type, policy, shipped=True)
        for item in host.contributions("register_deadline_policies")
        for policy in item.policies
    ]
    for item in host.contributions("register_shipped_data"):
        with write(db.session):
            item.load(db.session)
    return len(rows), len(policies)


@click.command("publish")
@with_appcontext
def publish() -> None:
    """Publish shipped workflows and deadline policies."""
    try:
        workflows, policies = publish_definitions(current_app)
    except WorkflowError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{workflows} workflows and {policies} deadline policies are published.")


@click.command("deploy")
@click.pass_context
def deploy(context: click.Context) -> None:
    """Migrate, sync permissions and publish definitions; safe to run again and again."""
    for command in (upgrade, sync, publish):
        context.invoke(command)
