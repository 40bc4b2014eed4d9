"""``flask deploy``: everything a new version needs before its processes start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.access.actor import SYSTEM
from app.access.services import role_permissions
from app.cli.database import migrate, report
from app.cli.permissions import report_sync
from app.cli.plugins import report_left_behind
from app.database import db, write
from app.deadlines.calendar_store import ensure_default_calendar
from app.deadlines.policy_store import publish_policy
from app.host.faults import PluginFault, located
from app.host.host import EXTENSION, current_host
from app.host.loaded import LoadedPlugin
from app.host.manifest import Manifest
from app.i18n import N_
from app.metrics.rebuilding import rebuild
from app.records.search.renewing import place_where_unplaced, renew_where_outdated
from app.workflow.definition import WorkflowError
from app.workflow.publishing import publish_shipped


def publish_definitions(
    app: Flask, on_fault: Callable[[PluginFault], None] | None = None
) -> tuple[int, int]:
    """Publish shipped workflows and deadline policies, with what admins tuned laid over them.

    Args:
        app: the application, in its context.
        on_fault: called with the fault of each plugin whose definitions cannot be published; what
            was in force stays, and the others go on. Without it a failure is raised.

    Returns:
        Numbers of workflows and of policies.

    Raises:
        WorkflowError: a workflow is faulty; nothing of its plugin is published then.
    """
    host = app.extensions[EXTENSION]
    ensure_default_calendar(db.session)
    roles = role_permissions(db.session)
    workflows = policies = 0
    for plugin in host.loaded:
        try:
            with write(db.session):
                published = _publish_plugin(plugin, roles)
        except (Exception, SystemExit) as error:
            db.session.rollback()
            if on_fault is None or plugin.manifest is None:
                raise
            on_fault(_publishing_failed(plugin.manifest, error))
            continue
        workflows += published[0]
        policies += published[1]
    return workflows, policies


def _publish_plugin(
    plugin: LoadedPlugin, roles: Mapping[str, Iterable[tuple[str, str]]]
) -> tuple[int, int]:
    contributions = plugin.contributions
    rows = publish_shipped(
        db.session, SYSTEM, contributions.get("register_workflows", []), roles
    )
    policies = [
        publish_policy(db.session, item.record_type, policy, shipped=True)
        for item in contributions.get("register_deadline_policies", [])
        for policy in item.policies
    ]
    for item in contributions.get("register_shipped_data", []):
        with write(db.session):
            item.load(db.session)
    return len(rows), len(policies)


def _publishing_failed(manifest: Manifest, error: BaseException) -> PluginFault:
    if isinstance(error, WorkflowError):
        return PluginFault(
            manifest.name, "workflow", N_("A workflow cannot be published."), detail=str(error)
        )
    return PluginFault(
        manifest.name, "publish", N_("Its definitions cannot be published."),
        detail=located(error, manifest.path),
    )


def _publish() -> list[PluginFault]:
    faults: list[PluginFault] = []
    workflows, policies = publish_definitions(current_app, faults.append)
    click.echo(f"{workflows} workflows and {policies} deadline policies are published.")
    return faults


@click.command("publish")
@with_appcontext
def publish() -> None:
    """Publish shipped workflows and deadline policies; exit 1 when those of a plugin fail."""
    if report(_publish()):
        raise SystemExit(1)


@click.command("deploy")
@with_appcontext
def deploy() -> None:
    """Migrate, sync permissions and publish definitions; safe to run again and again.

    A plugin that is set aside stops none of the others; it is named, and the exit code is 1.
    """
    moved, failed = migrate()
    app = current_app
    if moved or failed:
        # A plugin whose database was behind was set aside; one whose migration failed has to be.
        from app import create_app

        app = create_app(current_app.config["CARELINE_SETTINGS"])
    with app.app_context():
        unknown = report_sync(app)
        failed += _publish()
        counted = rebuild(db.session, only_new=True)
        if counted:
            click.echo(f"Counted from their records: {', '.join(counted)}.")
        renew_where_outdated(db.session)
        place_where_unplaced(db.session)
        report_left_behind()
        named = {fault.plugin for fault in failed}
        failed += [
            fault for fault in current_host().faults
            if fault.stage != "disabled" and fault.plugin not in named
        ]
    if report(failed) or unknown:
        raise SystemExit(1)
