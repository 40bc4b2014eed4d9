"""Where importers come from: hooks of the core and of plugins, and the forms of the screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, current_app

from app.database import db
from app.host.host import current_host
from app.records.importing.custom_targets import with_custom_fields
from app.records.importing.fields import Importer

_SOURCES = "careline.importers"


def add_source(app: Flask, source: Callable[[], Iterable[Importer]]) -> None:
    """Let something give importers that hooks do not: they are asked for anew each time.

    Args:
        app: the application.
        source: gives importers.
    """
    app.extensions.setdefault(_SOURCES, []).append(source)


def importers() -> dict[str, Importer]:
    """Return every importer of the core, of active plugins and of further sources, by name."""
    found = {
        item.name: item for source in current_app.extensions.get(_SOURCES, ()) for item in source()
    }
    return found | {
        item.name: with_custom_fields(db.session, item)
        for item in current_host().contributions("register_importers")
    }
