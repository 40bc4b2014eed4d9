"""Somebody who imports files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from tests.integration.records.importing.people import Desk


@pytest.fixture
def desk(session: Session, actor: Callable[..., Actor], tmp_path: Path) -> Desk:
    return Desk(session, actor("wang", permissions={("can_import", "test.People")}), tmp_path)
