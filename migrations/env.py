"""Runs the migrations of one history: the core's or one plugin's (see app/host/migrations.py)."""

from __future__ import annotations

from alembic import context

from app.database import metadata

attributes = context.config.attributes
owns = attributes["owns"]


def include_object(_object, name, kind, _reflected, _other) -> bool:
    """Leave tables of other histories alone."""
    return owns(name) if kind == "table" else True


context.configure(
    connection=attributes["connection"],
    target_metadata=metadata(),
    version_table=attributes["version_table"],
    include_object=include_object,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
