"""What the values of an ability's form refer to has to be there, and in the sight of who asks."""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.collaboration.references import summaries
from app.errors import Invalid
from app.forms.definition import Field, Form, Kind
from app.host.host import current_host
from app.i18n import N_, Message
from app.people.models import Department


def require_choices(
    session: Session, actor: Actor, form: Form, values: Mapping[str, Any]
) -> None:
    """Refuse keys of rows that are not there, are out of use or cannot be seen.

    Args:
        session: any session.
        actor: who asks.
        form: the form.
        values: its cleaned values.

    Raises:
        Invalid: a key cannot be chosen.
    """
    given = [(field, values[field.name]) for field in form.fields
             if values.get(field.name) not in (None, "", [])]
    records = {
        (field.target, value) for field, value in given
        if field.kind is Kind.RECORD and current_host().dictionary(field.target) is None
    }
    seen = summaries(session, actor, records)
    wrong = {
        field.name: Message(N_("Choose one of the values offered.")) for field, value in given
        if not ((field.target, value) in seen if (field.target, value) in records
                else _is_there(session, field, value))
    }
    if wrong:
        raise Invalid(wrong)


def _is_there(session: Session, field: Field, value: Any) -> bool:
    if field.kind in (Kind.FILE, Kind.SIGNATURE):
        # Files lie on records: one that nobody has attached yet cannot be checked.
        return False
    if field.kind is Kind.PERSON:
        row = session.get(User, value)
    elif field.kind is Kind.DEPARTMENT:
        row = session.get(Department, value)
    elif field.kind is Kind.RECORD:
        dictionary = current_host().dictionary(field.target)
        row = session.get(dictionary.model, value) if dictionary is not None else None
    else:
        return True
    return row is not None and getattr(row, "active", True) and not getattr(row, "retired", False)
