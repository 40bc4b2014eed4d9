"""``flask deploy``: everything a new version needs before its processes start."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.access.actor import SYSTEM
from app.access.services import role_permissions
from app.cli.database import upgrade
from app.cli.permissions import sync
from app.database import db
from app.deadlines.calendar_store import ensure_default_calendar
from app.deadlines.policy_store import publish_policy
from app.host.host import current_host
from app.workflow.definition import WorkflowError
from app.workflow.publishing import publish_shipped


@click.command("publish")
@with_appcontext
def publish() -> None:
    """Publish shipped workflows and deadline policies, with what admins tuned laid over them."""
    host = current_host()
    ensure_default_calendar(db.session)
    try:
        rows = publish_shipped(
            db.session, SYSTEM, host.contributions("register_workflows"),
            role_permissions(db.session),
        )
    except WorkflowError as error:
        raise click.ClickException(str(error)) from None
    count = 0
    for item in host.contributions("register_deadline_policies"):
        for policy in item.policies:
            publish_policy(db.session, item.record_type, policy, shipped=True)
            count += 1
    click.echo(f"{len(rows)} workflows and {count} deadline policies are published.")


@click.command("deploy")
@click.pass_context
def deploy(context: click.Context) -> None:
    """Migrate, sync permissions and publish definitions; safe to run again and again."""
    for command in (upgrade, sync, publish):
        context.invoke(command)
