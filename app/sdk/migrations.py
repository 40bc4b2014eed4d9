"""What migrations of plugins are made of, beside alembic's own operations."""

from __future__ import annotations

from app.access.sensitive.columns import Sensitive
from app.access.sensitive.migrating import make_sensitive

__all__ = ["Sensitive", "make_sensitive"]
