"""The whole product with its demo people and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask

from app import create_app
from config import Settings
from tests.services.house_site import site_settings

__all__ = ["site_settings"]


@pytest.fixture(scope="module")
def site_app(site_settings: Settings) -> Flask:
    """The application with plugins and people."""
    return create_app(site_settings)
