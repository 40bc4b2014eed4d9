"""Its hooks."""

from __future__ import annotations

from app.sdk import RecordType, hookimpl


class Thing:
    """A class without the mixin of records."""


@hookimpl
def register_record_types():
    """What it contributes."""
    return [RecordType(model=Thing, label="Thing", label_plural="Things", view="x", endpoint="x")]
