"""Texts of the trade: from message ids and column names to what is shown."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from app.access.actor import SYSTEM
from app.i18n import N_, EnteredText, LinkedText
from app.lazy_texts import lazy_gettext

# Columns that most records have; a view or ``info["label"]`` of a column may say otherwise.
COMMON_LABELS = {
    "id": N_("ID"),
    "number": N_("Number"),
    "name": N_("Name"),
    "title": N_("Title"),
    "code": N_("Code"),
    "state": N_("State"),
    "is_open": N_("Open"),
    "owner": N_("Owner"),
    "owner_id": N_("Owner"),
    "department": N_("Department"),
    "department_id": N_("Department"),
    "team": N_("Team"),
    "team_id": N_("Team"),
    "parent": N_("Parent"),
    "leader": N_("Head"),
    "user": N_("User"),
    "active": N_("Active"),
    "position": N_("Position"),
    "description": N_("Description"),
    "note": N_("Note"),
    "phone": N_("Phone"),
    "email": N_("Email"),
    "address": N_("Address"),
    "due_at": N_("Due"),
    "created_at": N_("Created at"),
    "created_by": N_("Created by"),
    "created_by_id": N_("Created by"),
    "updated_at": N_("Changed at"),
    "updated_by": N_("Changed by"),
    "updated_by_id": N_("Changed by"),
    "deleted_at": N_("Deleted at"),
    "version": N_("Version"),
    "extra": N_("Further fields"),
}


def who_acted(name: str) -> str:
    """Return the name of who did something; the product has one in the language of the page.

    Args:
        name: as it was noted; empty or that of ``SYSTEM`` where no person acted.
    """
    return gettext("The system") if name in ("", SYSTEM.name) else name


def translated(text: Any) -> str:
    """Return a text in the language of the page.

    Args:
        text: a message id, or a text that has been through gettext already: a lazy one, or one
            with a link; or one that an admin entered in both languages.
    """
    if isinstance(text, EnteredText):
        locale = get_locale()
        is_chinese = locale is not None and locale.language == "zh"
        return text.chinese if is_chinese and text.chinese else str(text)
    if type(text) is str:
        return gettext(text) if text else ""
    return text if isinstance(text, LinkedText) else str(text)


def column_msgid(name: str) -> str:
    """Return the message id of a column by its name: ``received_at`` gives "Received"."""
    if name in COMMON_LABELS:
        return COMMON_LABELS[name]
    words = name.rsplit(".", 1)[-1].removesuffix("_id").removesuffix("_at").removesuffix("_on")
    words = words.replace("_", " ").strip() or name
    return words[0].upper() + words[1:]


def column_label(name: str) -> Any:
    """Return the lazy label of a column by its name."""
    return lazy_gettext(column_msgid(name))


_MENTION = re.compile(r"(?<![A-Za-z0-9_.+@-])@([\w·.-]{1,60})")


def with_mentions(text: str) -> Markup:
    """Return a comment as markup in which the names of persons stand out.

    Args:
        text: plain text; whatever it holds is escaped.
    """
    return Markup(_MENTION.sub(r'<span class="mention">@\1</span>', str(escape(text))))


def initials(name: str) -> str:
    """Return what stands in a person's avatar: 王小明 gives 小明, "Wang Li" gives WL."""
    name = name.strip()
    if not name:
        return "?"
    if any("一" <= letter <= "鿿" for letter in name):
        return name[-2:]
    words = name.split()
    return "".join(word[0] for word in words[:2]).upper()
