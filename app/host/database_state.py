"""Whether the database has what a plugin expects. Without alembic: web processes ask too."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, Inspector, inspect, text

from app.database import metadata
from app.host.faults import PluginFault
from app.host.manifest import Manifest
from app.i18n import N_

_CONSTANT = re.compile(rb"""^(\w+)(?:\s*:[^=\n]+)?\s*=\s*["']([^"'\n]*)["']""", re.MULTILINE)


def version_table(manifest: Manifest | None) -> str:
    """Return the name of the table that holds the version of a history; ``None`` is the core."""
    return "core_alembic_version" if manifest is None else f"{manifest.table_prefix}alembic_version"


def database_faults(engine: Engine, manifests: Collection[Manifest]) -> list[PluginFault]:
    """Return a fault for each plugin whose tables in the database are behind its models.

    Before the first deployment there is nothing to be behind.

    Args:
        engine: engine of the product's database.
        manifests: plugins in force; their models are known.
    """
    inspector = inspect(engine)
    if not manifests or not inspector.has_table(version_table(None)):
        return []
    present = set(inspector.get_table_names())
    faults = []
    for manifest in manifests:
        missing = _missing(inspector, present, manifest) or _pending(engine, present, manifest)
        if missing:
            faults.append(PluginFault(
                manifest.name, "database", N_(
                    "The database is behind the plugin: it lacks %(missing)s. Run flask deploy, "
                    "or flask db revision first where no migration adds it."
                ), {"missing": missing},
            ))
    return faults


def _missing(inspector: Inspector, present: Collection[str], manifest: Manifest) -> str:
    """Return the first table or column that the models have and the database has not."""
    tables = {
        name: table for name, table in metadata().tables.items()
        if name.startswith(manifest.table_prefix)
    }
    absent = sorted(set(tables) - set(present))
    if absent:
        return absent[0]
    # Without a name to filter by, the inspector gives all tables.
    columns = inspector.get_multi_columns(filter_names=sorted(tables)) if tables else {}
    for (_, name), found in sorted(columns.items()):
        lacking = {column.name for column in tables[name].columns} - {one["name"] for one in found}
        if lacking:
            return f"{name}.{min(lacking)}"
    return ""


def _pending(engine: Engine, present: Collection[str], manifest: Manifest) -> str:
    """Return the newest migration of a plugin if the database is at an older one."""
    table = version_table(manifest)
    revisions = _revisions(manifest)
    if not revisions or table not in present:
        return ""
    with engine.connect() as connection:
        version = connection.scalar(text(f"SELECT version_num FROM {table}"))
    newest = set(revisions) - set(revisions.values())
    # A version that no file knows is newer than this program.
    if version in newest or (version is not None and version not in revisions):
        return ""
    return ", ".join(sorted(newest))


def _revisions(manifest: Manifest) -> Mapping[str, str | None]:
    """Return the migrations of a plugin, each with the one before it."""
    found: dict[str, str | None] = {}
    for file in (manifest.path / "migrations").glob("*.py"):
        values = _constants(file.read_bytes())
        revision = values.get("revision")
        if revision is not None:
            found[revision] = values.get("down_revision")
    return found


def _constants(source: bytes) -> dict[str, str]:
    """Return the texts that a module gives to names of its own, where one line does it.

    A module that Python cannot read is none that a database can be at; alembic says what is wrong.
    Reading the modules as Python does took a tenth of a start.
    """
    return {name.decode(): held.decode() for name, held in _CONSTANT.findall(source)}
