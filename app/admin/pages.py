"""The base of screens that are no list of records: jobs, imports, audit trail and the like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.baseviews import BaseView

from app.sdk.screens import current_person, translate
from app.sdk.workflow import Message
from config import Settings

TEMPLATES = str(Path(__file__).resolve().parent / "templates")
UNPROCESSABLE = 422


class PageView(BaseView):
    """A view with addresses and rights, and its templates in ``app/admin/templates``.

    Class attributes, beside Flask-AppBuilder's:

        list_title: what the screen is called (message id).
        icon: icon of the screen.
    """

    template_folder = TEMPLATES
    list_title = ""
    icon = "file-text"

    def url(self, method: str = "", **values: Any) -> str:
        """Return the address of one of the view's pages.

        Args:
            method: name of the method; the first page by default.
            values: path and query values.
        """
        return url_for(f"{self.endpoint}.{method or self.default_view}", **values)

    def can(self, permission: str) -> bool:
        """Return whether the caller holds a permission on this view and the view offers it."""
        return permission in (self.base_permissions or ()) and current_person().can(
            permission, self.class_permission_name or type(self).__name__
        )


def explain(form: Any, problems: Mapping[str, Message]) -> None:
    """Put what a service found wrong beside the fields of a form, or above it.

    Args:
        form: the form as sent.
        problems: sentences by name of the field.
    """
    for name, message in problems.items():
        if name in form:
            form[name].errors = [*form[name].errors, translate(message)]
        else:
            form.form_errors.append(translate(message))


def settings() -> Settings:
    """Return the settings of the running application."""
    return current_app.config["CARELINE_SETTINGS"]
