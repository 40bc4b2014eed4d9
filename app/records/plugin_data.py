"""What a plugin has in the database: found where its folder is gone, and deleted for good.

Switching a plugin off or taking its folder away keeps everything. What is left is told until
somebody puts the plugin back or deletes its data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    MetaData,
    Table,
    delete,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.services import invalidate_rights
from app.database import metadata, write
from app.errors import Rejected
from app.host.database_state import version_table
from app.host.host import Host
from app.host.manifest import CORE_PREFIXES
from app.host.models import PluginState
from app.i18n import N_, Message
from app.records.files import FileStore
from app.records.models import File
from app.records.purging import tables_of
from app.records.search import index as search_index

_VERSION = "alembic_version"
# Columns of the core's tables whose texts begin with the name of a plugin and a dot: kinds of
# record, screens, figures, definitions. Whoever adds one adds it here; a test looks for others.
_NAMED = {
    "ab_view_menu": ("name",),
    "access_role_reach": ("record_type",),
    "access_shipped_grant": ("view",),
    "access_shipped_reach": ("record_type",),
    "deadlines_policy": ("record_type",),
    "jobs_job": ("kind",),
    "jobs_outbox": ("subscriber", "record_key"),
    "jobs_schedule": ("name",),
    "metrics_change": ("measure",),
    "metrics_state": ("measure",),
    "metrics_sum": ("measure",),
    "notices_choice": ("kind",),
    "records_counter": ("record_type",),
    "records_custom_field": ("record_type",),
    "records_import_mapping": ("importer",),
    "records_imported": ("record_type",),
    "records_link": ("a_type", "b_type"),
    "records_staged_import": ("importer",),
    "records_staged_records": ("record_type",),
    "records_written_import": ("importer",),
    "screens_preference": ("name",),
    "screens_saved_view": ("list_name",),
    "settings_plugin": ("name",),
    "workflow_definition": ("name",),
    "workflow_overrides": ("name",),
}
# The audit trail is never deleted; contacts count for the rules of contact whoever made them.
_KEPT = frozenset({"access_audit", "customers_contact"})


class StillInForce(Rejected):
    """The plugin is running, so its data cannot be deleted.

    Args:
        name: name of the plugin.
    """

    def __init__(self, name: str) -> None:
        super().__init__(Message(
            N_("%(plugin)s is in force. Switch it off first."), {"plugin": name}))


@dataclasses.dataclass(frozen=True, slots=True)
class PluginData:
    """What a plugin has in the database.

    Attributes:
        name: name of the plugin.
        rows: number of rows by table of its own.
        core_rows: number of rows by table of the core that belong to it.
        files: number of files on its records.
    """

    name: str
    rows: dict[str, int]
    core_rows: dict[str, int]
    files: int


def left_behind(engine: Engine, host: Host) -> list[str]:
    """Return the names of plugins that have tables in the database and no folder any more.

    Args:
        engine: engine of the product's database.
        host: knows the plugins that were found.
    """
    known = {version_table(manifest) for manifest in host.manifests.values()}
    # A plugin whose manifest cannot be read has its folder still.
    known |= {f"{fault.plugin}_{_VERSION}" for fault in host.faults}
    tables = inspect(engine).get_table_names()
    return sorted(
        table.removesuffix(f"_{_VERSION}") for table in tables
        if table.endswith(f"_{_VERSION}") and table not in known
        and not table.startswith(CORE_PREFIXES)
    )


def data_of(session: Session, host: Host, name: str) -> PluginData:
    """Return what a plugin has in the database.

    Args:
        session: any session.
        host: knows the plugins that were found.
        name: name of the plugin.

    Raises:
        LookupError: there is nothing of a plugin of that name.
    """
    own = _own_tables(session, host, name)
    if not own:
        raise LookupError(name)
    files = session.scalar(
        select(func.count()).select_from(File).where(_begins(File.record_type, name))) or 0
    return PluginData(
        name, {table.name: _count(session, table) for table in own},
        {table.name: number for table, condition in _core_rows(session, name)
         if (number := _count(session, table, condition))}, files)


def delete_data(
    session: Session, host: Host, store: FileStore, name: str, actor: Actor
) -> PluginData:
    """Delete everything that a plugin has in the database, for good.

    Its tables go, and what the core keeps for it: comments, files, links, history, workflows,
    clocks, figures, rights, saved views, settings. The audit trail stays and names the deed. Like
    a migration it holds the only write lock of SQLite until it is done.

    Args:
        session: session without unsaved changes.
        host: the running host.
        store: where contents of files lie.
        name: name of a plugin that is not in force.
        actor: who does it.

    Returns:
        What was deleted.

    Raises:
        LookupError: there is nothing of a plugin of that name.
        StillInForce: it is running.
    """
    if any(manifest.name == name for manifest in host.active_manifests):
        raise StillInForce(name)
    found = data_of(session, host, name)
    with write(session):
        contents = session.scalars(select(File.key).where(_begins(File.record_type, name))).all()
        # First its own tables: they refer to the core, e.g. to the versions of its workflows.
        own = _own_tables(session, host, name)
        own[0].metadata.drop_all(session.connection(), tables=own)
        search_index.unindex_plugin(session, name)
        session.execute(
            update(metadata().tables["customers_contact"])
            .where(_begins(metadata().tables["customers_contact"].c.record_type, name))
            .values(record_type="", record_id=None))
        for table, condition in _core_rows(session, name):
            session.execute(delete(table).where(condition))
        if name not in host.manifests:
            # A plugin that lies there switched off stays so.
            session.execute(delete(PluginState).where(PluginState.name == name))
        invalidate_rights(session)
        record_act(session, actor, "plugin_data_deleted", record_type="host.plugin", number=name,
                   changes={"tables": len(own), "rows": sum(found.rows.values()),
                            "files": found.files})
    # Only once the rows are gone: a content without a row harms less than a row without one.
    for content in contents:
        store.remove(content)
    return found


def _own_tables(session: Session, host: Host, name: str) -> list[Table]:
    """Return the tables of a plugin as the database has them; none for a name of the core."""
    manifest = host.manifests.get(name)
    prefix = manifest.table_prefix if manifest else f"{name}_"
    if prefix.startswith(CORE_PREFIXES):
        return []
    connection = session.connection()
    present = inspect(connection).get_table_names()
    # Another plugin's prefix may begin with this one: what it owns is no part of it.
    others = {one.table_prefix for one in host.manifests.values()} | {
        table.removesuffix(_VERSION) for table in present if table.endswith(_VERSION)}
    longer = tuple(one for one in others if one != prefix and one.startswith(prefix))
    names = [table for table in present
             if table.startswith(prefix) and not table.startswith(longer)]
    # What is in the database counts, not the models: the plugin may not be there.
    reflected = MetaData()
    reflected.reflect(connection, only=names)
    return [reflected.tables[one] for one in names]


def _begins(column: Any, name: str) -> ColumnElement[bool]:
    # Preferences have what they are of before the name: ``list:complaints.Complaint``.
    return or_(column == name, column.startswith(f"{name}.", autoescape=True),
               column.contains(f":{name}.", autoescape=True))


def _count(session: Session, table: Table, condition: ColumnElement[bool] | None = None) -> int:
    asked = select(func.count()).select_from(table)
    return session.scalar(asked if condition is None else asked.where(condition)) or 0


def _core_rows(session: Session, name: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the rows of the core that belong to a plugin, those that refer to others first."""
    tables = tables_of(session)
    owned: dict[Table, ColumnElement[bool]] = {}
    for table in tables:
        columns = _NAMED.get(table.name) or (
            ("record_type",) if "record_type" in table.c and table.name.startswith(CORE_PREFIXES)
            else ())
        if columns and table.name not in _KEPT:
            owned[table] = or_(*(_begins(table.c[column], name) for column in columns))
    # Those that refer to such rows, and those that refer to these.
    for table in tables:
        for key in table.foreign_keys:
            parent = owned.get(key.column.table)
            if (parent is not None and table not in owned and table.name not in _KEPT
                    and table.name.startswith(CORE_PREFIXES)):
                owned[table] = key.parent.in_(select(key.column).where(parent))
    order: Collection[Table] = [table for table in reversed(tables) if table in owned]
    yield from ((table, owned[table]) for table in order)
