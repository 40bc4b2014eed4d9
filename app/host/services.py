"""Switching plugins on and off."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from app.database import utcnow, write
from app.errors import Rejected
from app.host.host import Host
from app.host.models import PluginState
from app.host.trial import Candidate
from app.i18n import N_, Message


class SwitchDenied(Rejected):
    """A plugin cannot be switched on or off now.

    Args:
        msgid: why, as a message id.
        values: values of its placeholders.
    """

    def __init__(self, msgid: str, **values: Any) -> None:
        super().__init__(Message(msgid, values))


def disabled_plugins(engine: Engine) -> frozenset[str]:
    """Return the names of plugins that are switched off; none before the first migration.

    Args:
        engine: engine of the product's database.
    """
    with engine.connect() as connection:
        if not inspect(connection).has_table(PluginState.__tablename__):
            return frozenset()
        rows = connection.execute(
            select(PluginState.name).where(PluginState.enabled.is_(False))
        )
        return frozenset(rows.scalars())


def set_enabled(session: Session, host: Host, name: str, enabled: bool, by: str) -> None:
    """Switch a plugin on or off; in force after the next reload of the processes.

    Data, permissions and grants stay.

    Args:
        session: session without unsaved changes.
        host: the running host.
        name: name of the plugin.
        enabled: the wanted state.
        by: name of who decides.

    Raises:
        KeyError: no such plugin was found.
        SwitchDenied: it cannot be switched now.
    """
    if name not in host.manifests:
        raise KeyError(name)
    if enabled:
        _require_ready(session, host, name)
    else:
        _require_dispensable(session, host, name)
    with write(session):
        state = session.get(PluginState, name) or PluginState(name=name)
        state.enabled, state.changed_at, state.changed_by = enabled, utcnow(), by
        session.add(state)


def _require_ready(session: Session, host: Host, name: str) -> None:
    off = set(session.scalars(select(PluginState.name).where(PluginState.enabled.is_(False))))
    missing = [one for one in host.manifests[name].requires
               if one in off or one not in host.manifests]
    if missing:
        raise SwitchDenied(N_("It needs %(others)s, which is off or not installed."),
                           others=", ".join(missing))
    is_loaded = any(one.name == name for one in host.loaded)
    vetoes = host.check("check_enable", None if is_loaded else Candidate(name, off),
                        session=session, plugin=name)
    if vetoes:
        raise SwitchDenied(vetoes[0].message, **vetoes[0].values)


def _require_dispensable(session: Session, host: Host, name: str) -> None:
    needing = [m.name for m in host.active_manifests if name in m.requires]
    if needing:
        raise SwitchDenied(N_("%(others)s needs it."), others=", ".join(needing))
    vetoes = host.check("check_disable", session=session, plugin=name)
    if vetoes:
        raise SwitchDenied(vetoes[0].message, **vetoes[0].values)


def reload_processes(var_dir: Path) -> list[str]:
    """Ask running web and worker processes to start anew gracefully.

    Args:
        var_dir: where the processes keep their pid files (``run/*.pid``).

    Returns:
        Names of the processes that were told.
    """
    told: list[str] = []
    for file in sorted((var_dir / "run").glob("*.pid")):
        try:
            os.kill(int(file.read_text()), signal.SIGHUP)
        except (ValueError, ProcessLookupError, PermissionError):
            continue
        told.append(file.stem)
    return told


def plugin_rows(host: Host) -> list[dict[str, Any]]:
    """Return the plugin list as plain data, for the command and the screen."""
    return [
        {
            "name": line.name, "title": line.title, "version": line.version,
            "state": line.state, "stage": line.stage, "message": line.message,
        }
        for line in host.status()
    ]
