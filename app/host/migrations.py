"""Migrations: the core first, then each plugin with a history and version table of its own.

A history shared by plugins cannot be left by one of them; separate ones can, and a plugin that is
put back finds its tables as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.database import metadata
from app.host.database_state import version_table
from app.host.faults import PluginFault, located
from app.host.loader import needs_failed
from app.host.manifest import CORE_PREFIXES, Manifest
from app.host.migration_rules import breaking, reason
from app.i18n import N_

# Tables that SQLite's full-text search keeps by itself, and the index that only PostgreSQL has.
_FOREIGN = ("records_search_fts", "ix_records_search_words")


def owns(table: str, manifest: Manifest | None) -> bool:
    """Return whether a table belongs to a plugin, or to the core when ``manifest`` is ``None``."""
    if table.startswith(_FOREIGN) or table.endswith("alembic_version"):
        return False
    return table.startswith(CORE_PREFIXES if manifest is None else manifest.table_prefix)


def _config(root: Path, manifest: Manifest | None, connection: Connection) -> Config:
    config = Config()
    versions = root / "migrations" / "versions" if manifest is None else (
        manifest.path / "migrations"
    )
    config.set_main_option("script_location", str(root / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions))
    config.attributes.update(
        connection=connection, version_table=version_table(manifest),
        owns=lambda table: owns(table, manifest),
    )
    return config


def upgrade(
    engine: Engine, root: Path, manifests: Iterable[Manifest],
    on_fault: Callable[[PluginFault], None] | None = None,
) -> list[str]:
    """Bring the database up to the code: core first, plugins in load order.

    Args:
        engine: engine of the product's database.
        root: folder that holds ``migrations/``.
        manifests: plugins in force.
        on_fault: called with the fault of each plugin whose migration fails, or that requires
            such a one; the others go on. Without it a failure is raised.

    Returns:
        Names of the histories that moved.
    """
    moved = ["core"] if _upgrade_one(engine, root, None) else []
    failed: set[str] = set()
    for manifest in manifests:
        fault = needs_failed(manifest, failed)
        if fault is None:
            try:
                if _upgrade_one(engine, root, manifest):
                    moved.append(manifest.name)
            except (Exception, SystemExit) as error:
                if on_fault is None:
                    raise
                fault = PluginFault(
                    manifest.name, "migration", N_("Its migration failed and was taken back."),
                    detail=located(error, manifest.path),
                )
        if fault is not None and on_fault is not None:
            failed.add(manifest.name)
            on_fault(fault)
    return moved


def pending(
    engine: Engine, root: Path, manifests: Iterable[Manifest]
) -> list[tuple[str, str]]:
    """Return the migrations that an upgrade would run, in their order.

    Args:
        engine: engine of the product's database.
        root: folder that holds ``migrations/``.
        manifests: plugins in force.

    Returns:
        Pairs of revision and why processes of the version before have to be stopped for it; an
        empty text where they may run on. Nothing runs on a database without tables, so those of a
        history that has not begun need no standstill.
    """
    found: list[tuple[str, str]] = []
    for manifest in (None, *manifests):
        if manifest is not None and not (manifest.path / "migrations").is_dir():
            continue
        with engine.connect() as connection:
            config = _config(root, manifest, connection)
            current = _current(connection, manifest)
        scripts = list(ScriptDirectory.from_config(config).iterate_revisions("head", current))
        found += [
            (one.revision, "" if current is None
             else reason(Path(one.path).read_text(encoding="utf-8")))
            for one in reversed(scripts)
        ]
    return found


def _upgrade_one(engine: Engine, root: Path, manifest: Manifest | None) -> bool:
    """Bring one history up to the code; return whether it moved."""
    if manifest is not None and not (manifest.path / "migrations").is_dir():
        return False
    with engine.connect() as connection:
        config = _config(root, manifest, connection)
        before = _current(connection, manifest)
        if before == ScriptDirectory.from_config(config).get_current_head():
            return False
        # Batch mode copies tables on SQLite; references to them must not be enforced then.
        # What a migration encrypts leaves nothing clear behind in pages that are free.
        _pragmas(connection, "foreign_keys=OFF", "secure_delete=ON")
        try:
            command.upgrade(config, "head")
            connection.commit()
            return True
        finally:
            # The connection goes back to the pool.
            _pragmas(connection, "foreign_keys=ON", "secure_delete=OFF",
                     "wal_checkpoint(TRUNCATE)")


def _pragmas(connection: Connection, *settings: str) -> None:
    """Set up the connection to SQLite; within a transaction some of it would do nothing."""
    if connection.dialect.name != "sqlite":
        return
    connection.rollback()
    cursor = connection.connection.cursor()
    for setting in settings:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _current(connection: Connection, manifest: Manifest | None) -> str | None:
    context = MigrationContext.configure(
        connection, opts={"version_table": version_table(manifest)}
    )
    current = context.get_current_revision()
    connection.rollback()
    return current


def revise(
    engine: Engine, root: Path, manifest: Manifest | None, message: str
) -> tuple[str, ...]:
    """Write a new migration from the difference between models and database.

    Args:
        engine: engine of a database at the newest version.
        root: folder that holds ``migrations/``.
        manifest: the plugin, or ``None`` for the core.
        message: what the migration does, in a few words.

    Returns:
        The calls of the migration that a process of the version before would fail on.
    """
    with engine.connect() as connection:
        config = _config(root, manifest, connection)
        Path(config.get_main_option("version_locations", "")).mkdir(parents=True, exist_ok=True)
        script = ScriptDirectory.from_config(config)
        number = len(list(script.walk_revisions())) + 1
        name = manifest.name if manifest else "core"
        made = command.revision(
            config, message, autogenerate=True, rev_id=f"{name}_{number:04d}")
    written = [one for one in (made if isinstance(made, list) else [made]) if one is not None]
    return tuple(call for one in written
                 for call in breaking(Path(one.path).read_text(encoding="utf-8")))


def differences(engine: Engine, manifest: Manifest | None) -> list[object]:
    """Return what differs between the models and the database of a history."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": version_table(manifest), "compare_type": True,
                "include_object": lambda obj, name, kind, reflected, other: (
                    owns(name, manifest) if kind == "table" else name not in _FOREIGN
                ),
                "target_metadata": metadata(),
            },
        )
        return compare_metadata(context, metadata())
