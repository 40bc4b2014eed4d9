"""Imports of every record by its own form: the same fields, checks, services and scope.

Whoever declares a record view gets an importer for it. A row of the file becomes what a person
would have sent with the form, so nothing can come in by a file that could not be typed.
"""

from __future__ import annotations

import contextlib
from typing import Any

from flask import current_app, has_request_context

from app.records.importing.fields import Importer
from app.screens.imports.form_importer import FormRows, worded
from app.screens.registry import registry

PERMISSION = "can_import"


def importers_of_views() -> list[Importer]:
    """Return an importer for each record view that has none of its own."""
    # Views know their custom fields while they answer a request.
    with contextlib.nullcontext() if has_request_context() else current_app.test_request_context():
        return [importer_of(view) for view in registry().views.values()
                if getattr(view, "is_importable", False) and not view.importer_name]


def name_of(view: Any) -> str:
    """Return the name of the importer of a view's records."""
    return view.importer_name or f"records.{view.class_permission_name}"


def importer_of(view: Any) -> Importer:
    """Return the importer that a view's form makes, with the custom fields in force.

    Args:
        view: a record view.
    """
    work = FormRows(view)
    return Importer(
        name=name_of(view), title=worded(view.list_title, "en"), key=tuple(work.key),
        fields=tuple(work.field(name) for name in work.names), write=work.write,
        check=work.check, view=view.class_permission_name, permission=PERMISSION,
    )
