"""Names of people as they stand on pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from app.access.closed_accounts import closed_names
from app.database import db


def people_writer() -> Callable[[Any], Any]:
    """Return the function that marks the name of somebody whose account is closed."""
    closed = closed_names(db.session)
    mark = Markup(' <span class="text-secondary">{}</span>').format(gettext("(closed account)"))
    return lambda name: Markup("{}{}").format(name, mark) if name in closed else name


def person_text(name: str) -> str:
    """Return the name of a person, marked where the account is closed.

    Args:
        name: of a member of staff, or of an account.
    """
    return people_writer()(name)
