"""What a record view says about imports of its records."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from app.host.host import current_host
from app.screens.imports.registration import PERMISSION, name_of
from app.web.request import actor


class ImportPages:
    """Imports of a record view.

    Class attributes:
        importer_name: name of an importer of its own; without one the form makes it.
        is_importable: whether rows may be read in from files.
        import_key: fields by which a row of a file is known again; by default a unique column of
            the form, or what names the record.
    """

    importer_name = ""
    is_importable = True
    import_key: Sequence[str] = ()

    def __init__(self) -> None:
        super().__init__()
        self.is_importable = self.is_importable and "can_add" in self.base_permissions
        own = bool(self.importer_name) or PERMISSION in self.base_permissions
        if self.is_importable and not own:
            self.base_permissions.append(PERMISSION)

    def import_url(self) -> str:
        """Return the address of the import of such records, or an empty text without the right."""
        if not actor().can("can_list", "core.Imports"):
            return ""
        allowed = self.is_importable and self.can(PERMISSION)
        importer = current_host().importer(self.importer_name)
        if importer is not None:
            allowed = actor().can(importer.permission, importer.view)
        return url_for("ImportsView.upload", name=name_of(self)) if allowed else ""
