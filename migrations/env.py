"""Runs the migrations of one history: the core's or one plugin's (see app/host/migrations.py)."""

from __future__ import annotations

from alembic import context

from app.access.sensitive.columns import EncryptedJson, Sensitive
from app.access.sensitive.keyring import stored_length
from app.database import metadata
from app.records.custom_fields.columns import AttachedFile, RecordNumber, SeveralChoices

attributes = context.config.attributes
owns = attributes["owns"]


def include_object(_object, name, kind, _reflected, _other) -> bool:
    """Leave tables of other histories alone."""
    return owns(name) if kind == "table" else True


def render_item(kind, item, _autogen) -> str | bool:
    """Write the type of a column as what the database holds, which never changes."""
    if kind == "type" and isinstance(item, EncryptedJson):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Sensitive):
        stored = f"sa.String(length={stored_length(item.length)}"
        return f"{stored}).with_variant({stored}, collation='C'), 'postgresql')"
    if kind == "type" and isinstance(item, SeveralChoices):
        return "app.database.Json()"
    if kind == "type" and isinstance(item, AttachedFile | RecordNumber):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=attributes["connection"],
    target_metadata=metadata(),
    version_table=attributes["version_table"],
    include_object=include_object,
    render_item=render_item,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
