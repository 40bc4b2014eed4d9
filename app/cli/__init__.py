"""Commands of the product: ``flask --app app COMMAND``. Thin: the work is done by services."""

from __future__ import annotations

from flask import Flask

from app.cli import (
    audit,
    database,
    demo,
    deploy,
    field_keys,
    jobs,
    metrics,
    permissions,
    plugins,
    settings,
)


def install(app: Flask) -> None:
    """Add every command to the application.

    Args:
        app: the application.
    """
    for command in (
        deploy.deploy, deploy.publish, database.upgrade, database.db_group,
        permissions.permissions_group, plugins.plugin_group, demo.demo_group, audit.audit_group,
        jobs.jobs_group, field_keys.field_keys_group, metrics.metrics_group,
        settings.settings_group,
    ):
        app.cli.add_command(command)
