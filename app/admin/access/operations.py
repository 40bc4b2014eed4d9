"""Operations on accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy.orm import Session

from app.access.actor import Actor, Scope
from app.admin.access import account_services, services
from app.admin.access.services import RoleSettings, role_settings
from app.database import write
from app.errors import Invalid, StaleRecord
from app.forms.definition import Field, Form, Kind, Section
from app.i18n import N_, Message
from app.records.actions import AvailableAction, Done
from app.records.changes import Changes
from app.records.operations import Operations
from app.records.refusals import refusals

_COPY_FORM = Form("copy", N_("Copy"), (Section("main", "", (
    Field("name", Kind.TEXT, N_("Name"), True, length=64),
    Field("steps", Kind.BOOLEAN, N_("Takes the same workflow steps"), help=N_(
        "Steps go by the names of roles. Each workflow concerned becomes a new version for new "
        "records; running ones keep theirs.")),
)),))
_EDIT_ACCOUNTS = ("can_edit", "core.User")


class AccountOperations(Operations):
    """Operations on accounts; an account is closed and never deleted."""

    audit_type = "access.user"

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> User:
        """Create an account; its password is set by an action afterwards."""
        with refusals(), write(session):
            return account_services.save_user(session, actor, None, values)

    def change(
        self, session: Session, actor: Actor, record: User, values: Mapping[str, Any],
        version: Any = None, *, reason: str = "",
    ) -> Changes:
        """Change an account; a closed account's sessions end at once."""
        with refusals(record), write(session):
            account_services.save_user(session, actor, record, values)
        return {}

    def actions(
        self, session: Session, actor: Actor, record: User
    ) -> Sequence[AvailableAction]:
        """Set a password, unlock, sign out everywhere."""
        return (
            AvailableAction(name="password", label=N_("Set a password"), icon="key",
                            permission=_EDIT_ACCOUNTS),
            AvailableAction(name="unlock", label=N_("Unlock"), icon="lock-open",
                            permission=_EDIT_ACCOUNTS),
            AvailableAction(name="sign_out", label=N_("Sign out everywhere"), icon="logout",
                            permission=_EDIT_ACCOUNTS,
                            confirm=N_("All sessions of this account end at once.")),
        )

    def carry_out(
        self, session: Session, actor: Actor, record: User, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Set a password, unlock, or end all sessions."""
        if name == "password":
            account_services.set_password(session, actor, record, values["password"])
            return Done(Message(N_(
                "The password is set and all sessions of the account have ended. At the next "
                "sign-in its owner chooses another."
            )))
        if name == "unlock":
            account_services.unlock(session, actor, record)
            return Done(Message(N_("The failed sign-ins are forgotten.")))
        account_services.sign_out(session, actor, record)
        return Done(Message(N_("All sessions of the account have ended.")))


class RoleOperations(Operations):
    """Operations on roles: name, reach and permissions change together."""

    audit_type = "access.role"

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Role:
        """Create a role."""
        with refusals(), write(session):
            return services.save_role(session, actor, None, self._wanted(values, None))

    def change(
        self, session: Session, actor: Actor, record: Role, values: Mapping[str, Any],
        version: Any = None, *, reason: str = "",
    ) -> Changes:
        """Change a role.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the role.
            values: ``name``, ``scope``, ``grants``, and ``reaches``: scope by record type, ``None``
                for the general one; what is missing stays.
            version: digest of the role that the actor has seen, see ``RoleSettings.digest``.
            reason: why, in the actor's words.

        Raises:
            StaleRecord: someone changed the role since.
            Locked: nobody could administer roles any more.
        """
        with refusals(record), write(session):
            present = role_settings(session, record)
            if version is not None and version != present.digest():
                raise StaleRecord(record, None, values)
            services.save_role(session, actor, record, self._wanted(values, present))
        return {}

    def delete(
        self, session: Session, actor: Actor, record: Role, version: Any = None,
        *, reason: str = "",
    ) -> None:
        """Delete a role that nobody holds."""
        with refusals(record), write(session):
            services.delete_role(session, actor, record)

    def actions(
        self, session: Session, actor: Actor, record: Role
    ) -> Sequence[AvailableAction]:
        """A role is copied rather than built from nothing."""
        return (
            AvailableAction(name="copy", label=N_("Copy"), icon="copy", form=_COPY_FORM,
                            permission=("can_add", "core.Role")),
        )

    def carry_out(
        self, session: Session, actor: Actor, record: Role, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Copy a role under a name, with the steps of workflows that go by it if wished."""
        steps = bool(values["steps"])
        if steps and not actor.can("can_edit", "core.Workflows"):
            raise Invalid({"steps": Message(N_("Your role may not change workflows."))})
        copied = services.copy_role(session, actor, record, values["name"], steps=steps)
        return Done(record=copied, edits=True)

    @staticmethod
    def _wanted(values: Mapping[str, Any], present: RoleSettings | None) -> RoleSettings:
        return RoleSettings(
            values.get("name", present.name if present else ""),
            Scope(values.get("scope", present.scope if present else Scope.OWN)),
            frozenset(values.get("grants", present.grants if present else ())),
            _with_reaches(present.reaches if present else {}, values.get("reaches") or {}),
        )


def _with_reaches(
    present: Mapping[str, Scope], wanted: Mapping[str, Scope | None]
) -> dict[str, Scope]:
    """Return reaches with what the form says; kinds of plugins that are off stay as they are."""
    merged = {**present, **wanted}
    return {kind: Scope(scope) for kind, scope in merged.items() if scope}
