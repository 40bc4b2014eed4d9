"""The way from a list to the import of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from app.host.host import current_host
from app.screens.declaration import ScreenDeclaration
from app.screens.screen import Part, Screen
from app.web.request import actor

PERMISSION = "can_import"


class ImportPage(Part):
    """Imports of the rows of a screen."""

    @property
    def importer_name(self) -> str:
        """Name of the importer: the author's own, or one that the declaration makes."""
        own = self.screen.declared.importer_name
        return own or f"records.{self.screen.class_permission_name}"

    def is_offered(self) -> bool:
        """Return whether rows of this screen may be read in from files at all."""
        return _is_importable(self.screen, self.screen.declared)

    @classmethod
    def further_permissions(
        cls, screen: Screen, declaration: ScreenDeclaration
    ) -> Sequence[str]:
        """Return the right to import, where the declaration makes the importer."""
        makes_one = _is_importable(screen, declaration) and not declaration.importer_name
        return (PERMISSION,) if makes_one else ()

    def url(self) -> str:
        """Return the address of the import, or an empty text without the right."""
        if not actor().can("can_list", "core.Imports"):
            return ""
        allowed = self.is_offered() and self.screen.can(PERMISSION)
        importer = current_host().named("register_importers", self.screen.declared.importer_name)
        if importer is not None:
            allowed = actor().can(importer.permission, importer.view)
        return url_for("ImportsView.upload", name=self.importer_name) if allowed else ""


def _is_importable(screen: Screen, declaration: ScreenDeclaration) -> bool:
    return declaration.is_importable and "can_add" in screen.base_permissions
