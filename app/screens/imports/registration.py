"""Imports of the rows of every screen by its declaration: the same fields, rules, rights and scope.

Whoever declares a screen gets an importer for it. A row of the file is held to what a person could
have entered with the form, so nothing can come in by a file that could not be typed.
"""

from __future__ import annotations

from app.database import db
from app.records.custom_fields.store import custom_fields_of
from app.records.importing.fields import Importer
from app.screens.imports.form_fields import FormFields, worded
from app.screens.imports.form_importer import FormRows
from app.screens.imports.page import PERMISSION, ImportPage
from app.screens.registry import registry
from app.screens.screen import Screen


def importers_of_screens() -> list[Importer]:
    """Return an importer for each screen that has none of its own; needs no request."""
    return [
        importer_of(screen) for screen in registry().screens
        if screen.part(ImportPage).is_offered() and not screen.declared.importer_name
    ]


def importer_of(screen: Screen) -> Importer:
    """Return the importer that a screen's declaration makes, with the custom fields in force.

    Args:
        screen: a screen.
    """
    kind = getattr(screen.model, "__record_type__", "")
    own = FormFields(screen, custom_fields_of(db.session, kind) if kind else ())
    rows = FormRows(screen, own)
    return Importer(
        name=screen.part(ImportPage).importer_name, title=worded(screen.list_title, "en"),
        key=tuple(own.key), fields=tuple(own.field(name) for name in own.names),
        write=rows.write, check=rows.check, compare=rows.compare, view=screen.class_permission_name,
        permission=PERMISSION, unknown=rows.lists.unknown, targets=rows.lists.targets,
        adds=rows.lists.may_add, refuses_alone=True,
    )
