"""The builder of the running application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app

if TYPE_CHECKING:
    from app.screens.builder import CarelineBuilder


def builder_of(application: Flask) -> CarelineBuilder:
    """Return what holds the views, the menu and the permissions of an application."""
    # Flask-AppBuilder puts it there.
    return application.appbuilder  # pyright: ignore[reportAttributeAccessIssue] -- see above


def current_builder() -> CarelineBuilder:
    """Return the builder of the running application."""
    return builder_of(current_app)
