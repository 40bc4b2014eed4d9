"""What stands at the head of a record's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.screens.contracts import Chip
from app.screens.screen import Part


class RecordHeader(Part):
    """Heading and badges of a record."""

    def title(self, record: Any) -> str:
        """Return what stands as heading of a record's page."""
        return str(getattr(record, "title", None) or record)

    def badges(self, record: Any) -> Sequence[Chip]:
        """Return badges beside the title: deadlines, warnings."""
        return ()
