"""What a file would change in the custom fields of a record, for importers of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.records.custom_fields.store import custom_fields_of
from app.records.values import held_value
from app.screens.columns.custom_fields import localised, shown_value


def custom_changes(
    session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return label, value now and value afterwards of custom fields, in the actor's language.

    Args:
        session: any session.
        actor: who imports.
        record: the record as it is now.
        values: values of a checked row; what is no custom field is passed over.
    """
    with force_locale(actor.locale or "en"):
        return tuple(
            (str(localised(field.label, field.label_zh)), shown_value(field, held), shown_value(
                field, values[field.key]))
            for field in custom_fields_of(session, record.__record_type__)
            if field.key in values and field.is_seen_by(actor)
            and (held := held_value(record, field.key)) != values[field.key]
        )
