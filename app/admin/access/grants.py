"""The permissions of a role as a form shows them: by screen, with words."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field

from app.host.host import current_host
from app.screens.current_builder import current_builder
from app.sdk import N_
from app.sdk.screens import whole_number

# Permissions that every screen has, in the order in which people think of them.
WORDS = {
    "can_list": N_("See the list"),
    "can_show": N_("Open records"),
    "can_add": N_("Create"),
    "can_edit": N_("Change"),
    "can_delete": N_("Delete"),
    "can_comment": N_("Comment"),
    "can_export": N_("Export"),
    "can_import": N_("Import"),
    "can_reveal": N_("Reveal masked values"),
    "can_approve": N_("Approve"),
    "can_statistics": N_("See statistics"),
    "can_cancel": N_("Cancel those of others"),
    "can_switch": N_("Switch on and off"),
    "can_settings": N_("Change settings"),
    "can_verify": N_("Check for alterations"),
    "can_share_views": N_("Show to others"),
}
_ORDER = {name: place for place, name in enumerate(WORDS)}


class GrantsField(Field):
    """Keys of the permissions that are ticked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read keys; anything else is passed over, it cannot have come from the form."""
        self.data = frozenset(map(whole_number, valuelist)) - {None}

    def keep(self, keys: frozenset[int]) -> None:
        """Keep permissions that the form does not show, whatever is ticked.

        Args:
            keys: keys of permissions that the role holds.
        """
        self.data = frozenset(self.data or ()) | keys

    def pre_validate(self, form: Any) -> None:
        """Keep only keys that exist."""
        if self.data:
            from app.sdk.services import db

            self.data = frozenset(
                db.session.scalars(
                    select(PermissionView.id).where(PermissionView.id.in_(self.data))
                )
            )


@dataclasses.dataclass(frozen=True, slots=True)
class PermissionLine:
    """One permission: key, words, whether it is ticked."""

    key: int
    label: str
    chosen: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PermissionGroup:
    """The permissions of one screen."""

    view: str
    label: str
    lines: tuple[PermissionLine, ...]

    @property
    def chosen(self) -> int:
        """How many of them are ticked."""
        return sum(line.chosen for line in self.lines)


def screen_labels() -> dict[str, str]:
    """Return the title of each registered screen by its permission name."""
    labels: dict[str, str] = {}
    for view in current_builder().baseviews:
        title = getattr(view, "list_title", "")
        if title:
            labels.setdefault(view.class_permission_name or "", gettext(str(title)))
    for item in current_host().contributions("register_permissions"):
        if item.label:
            labels.setdefault(item.view, gettext(item.label))
    for item in current_host().dictionaries():
        labels.setdefault(item.view, gettext(item.title))
    return labels


def _own_words() -> dict[tuple[str, str], str]:
    """Return what views call their own permissions (``permission_labels``)."""
    return {
        (view.class_permission_name or "", name): label
        for view in current_builder().baseviews
        for name, label in getattr(view, "permission_labels", {}).items()
    }


def permission_msgid(name: str, own: str = "") -> str:
    """Return a permission in words, as a message id: ``can_assign_all`` gives "Assign all".

    Args:
        name: name of the permission, e.g. ``can_list``.
        own: what the view calls it (message id), if it has a word of its own.
    """
    if own or name in WORDS:
        return own or WORDS[name]
    for item in current_host().contributions("register_permissions"):
        if name in item.words:
            return item.words[name]
    words = name.removeprefix("can_").replace("_", " ")
    return words[:1].upper() + words[1:]


def permission_label(name: str, own: str = "") -> str:
    """Return a permission in words; see ``permission_msgid``."""
    return gettext(permission_msgid(name, own))


def grant_groups(
    session: Session, chosen: set[int], only_chosen: bool = False
) -> list[PermissionGroup]:
    """Return all permissions by screen, those of unloaded plugins left out.

    Args:
        session: any session.
        chosen: keys of those that are ticked.
        only_chosen: leave out what is not ticked.
    """
    labels = screen_labels()
    own = _own_words()
    known = current_builder().permission_pairs()
    rows = session.execute(
        select(PermissionView.id, Permission.name, ViewMenu.name)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    views = {view for _, view in known}
    found: dict[str, list[tuple[int, str, int]]] = {}
    for key, permission, view in rows:
        if view in views and (key in chosen or not only_chosen):
            found.setdefault(view, []).append((_ORDER.get(permission, 99), permission, key))
    groups = [
        PermissionGroup(
            view, labels.get(view, view),
            tuple(
                PermissionLine(key, permission_label(permission, own.get((view, permission), "")),
                               key in chosen)
                for _, permission, key in sorted(lines)
            ),
        )
        for view, lines in found.items()
    ]
    return sorted(groups, key=lambda group: (group.view.partition(".")[0] != "core", group.label))
