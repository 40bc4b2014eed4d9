"""Its hooks."""

from __future__ import annotations

from app.sdk import RecordType, hookimpl


class Thing:
    """Stands in for a mapped class."""

    __record_type__ = "wrong_operations.thing"


class Operations:
    """Operations that cannot be made."""

    def __init__(self, model):
        raise LookupError(f"no table of {model.__name__}")


@hookimpl
def register_record_types():
    """What it contributes."""
    return [RecordType(model=Thing, label="Thing", label_plural="Things", view="x", endpoint="x",
                       operations=Operations)]
