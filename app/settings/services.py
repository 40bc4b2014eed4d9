"""Settings of plugins: a form says what there is, an admin fills it in, the plugin reads it.

The form (``register_settings``) carries the defaults; only what an admin saved is kept. A value
that no longer fits the form, after an upgrade say, gives way to the default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import plain, record_act
from app.access.models import AuditEntry
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.database import utcnow, write
from app.errors import Rejected
from app.forms.cleaning import clean, is_empty
from app.forms.definition import Form
from app.host.host import current_host
from app.i18n import N_, Message
from app.settings.models import PluginSettings

AUDIT_TYPE = "host.plugin"
_SAVED = "settings"


class StaleSettings(Rejected):
    """Somebody else has saved the settings since the form was opened."""

    def __init__(self) -> None:
        super().__init__(Message(N_(
            "Somebody else has saved these settings meanwhile. Load the page again.")))


def settings_form(plugin: str) -> Form | None:
    """Return the form of a plugin's settings, or ``None`` when it has none or is not in force."""
    found = current_host().settings_form(plugin)
    return None if found is None else found.form


def settings_of(session: Session, plugin: str) -> Mapping[str, Any]:
    """Return the settings of a plugin in their right types, with defaults; read once a change.

    Args:
        session: any session.
        plugin: name of the plugin.

    Raises:
        LookupError: the plugin declares no settings.
    """
    form = settings_form(plugin)
    if form is None:
        raise LookupError(plugin)
    return cached_until_change(session, f"settings.{plugin}",
                lambda: saved_settings(session, form)[0])


def settings_at(session: Session, plugin: str, moment: dt.datetime) -> Mapping[str, Any]:
    """Return the settings of a plugin as they were at a moment, from the audit trail.

    Args:
        session: any session.
        plugin: name of the plugin.
        moment: changes from this aware moment on are taken back; one to come gives the present
            settings.

    Raises:
        LookupError: the plugin declares no settings.
    """
    form, held = settings_form(plugin), dict(settings_of(session, plugin))
    if form is None or moment > utcnow():
        return held
    for changes in session.scalars(
        select(AuditEntry.changes)
        .where(AuditEntry.action == _SAVED, AuditEntry.record_type == AUDIT_TYPE,
               AuditEntry.number == form.name[:40], AuditEntry.at >= moment)
        .order_by(AuditEntry.id.desc())
    ):
        before = {name: old for name, (old, _new) in (changes or {}).items() if name in held}
        values, errors = clean(form, before)
        held |= {name: values[name] for name in before if name not in errors}
    return held


def saved_settings(session: Session, form: Form) -> tuple[dict[str, Any], int]:
    """Return the settings as they are, and the number of the change that made them so."""
    row = session.get(PluginSettings, form.name)
    defaults, _ = clean(form, {field.name: field.default for field in form.fields})
    if row is None:
        return defaults, 0
    values, errors = clean(form, row.content)
    held = {name: value for name, value in values.items()
            if name in row.content and name not in errors}
    return {**defaults, **held}, row.version


def save_settings(
    session: Session, actor: Actor, form: Form, values: Mapping[str, Any], version: int
) -> None:
    """Keep what an admin entered; in force for everybody from the next request on.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        form: form of the settings, named after the plugin.
        values: cleaned values.
        version: number of the change that the form showed.

    Raises:
        StaleSettings: somebody else has saved meanwhile.
    """
    with write(session):
        before, present = saved_settings(session, form)
        if present != version:
            raise StaleSettings
        row = session.get(PluginSettings, form.name) or PluginSettings(name=form.name, version=0)
        row.content = {
            field.name: plain(values.get(field.name)) for field in form.fields
            if not is_empty(field, values.get(field.name)) or not field.required
        }
        row.version, row.changed_at, row.changed_by = version + 1, utcnow(), actor.name[:128]
        session.add(row)
        changes = {
            name: [plain(before.get(name)), plain(value)]
            for name, value in values.items() if before.get(name) != value
        }
        if changes:
            record_act(session, actor, _SAVED, record_type=AUDIT_TYPE, number=form.name[:40],
                       changes=changes)
            invalidate_rights(session)
