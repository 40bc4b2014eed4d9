"""The whole product with its demo people and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.services.house_site import database_of_site

__all__ = ["database_of_site"]


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with plugins and people."""
    return product
