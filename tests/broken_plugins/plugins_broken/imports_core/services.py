"""What it does."""

from __future__ import annotations

from app.access.scope import scope_filter

assert scope_filter
