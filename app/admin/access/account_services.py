"""Accounts: what the screens do with them, one transaction each, with audit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.access.passwords import password_error
from app.access.services import invalidate_rights
from app.access.sessions import clear_failures, end_sessions_of
from app.access.temporary_passwords import clear_temporary, known_words, mark_temporary
from app.admin.access.services import ADMIN, Locked, require_within
from app.errors import Invalid
from app.i18n import Message
from app.sdk import N_
from app.sdk.models import Staff, Team
from app.sdk.services import Actor, record_act, write


def save_user(
    session: Session, actor: Actor, user: User | None, values: Mapping[str, Any]
) -> User:
    """Create or change an account; a closed account's sessions end at once.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        user: account to change; ``None`` creates one, without a usable password.
        values: ``username``, ``first_name``, ``email``, ``active``, ``roles`` (keys); what is
            missing stays.

    Raises:
        Locked: nobody could administer any more, the actor would lock themselves out, or the
            account has or would get rights that the actor lacks.
    """
    with write(session):
        created = user is None
        if user is None:
            user = User(last_name="", active=True,
                        password=generate_password_hash(secrets.token_urlsafe(32)))
            session.add(user)
        if not created:
            require_within(session, actor, user.roles)
            if user.active and values.get("active") is False:
                require_may_close(session, actor, user)
        changes = _set_columns(user, values)
        if "roles" in values:
            changes |= _set_roles(session, user, values["roles"])
            require_within(session, actor, user.roles)
        session.flush()
        _require_free_names(session, user, changes)
        if not _administrators(session):
            raise Locked(N_("Somebody must remain administrator."))
        if changes.get("active", [None, True])[1] is False:
            end_sessions_of(session, user.id)
        if changes:
            record_act(
                session, actor, "create" if created else "change", record_type="access.user",
                record_id=user.id, number=user.username[:40], changes=changes,
            )
            invalidate_rights(session)
    return user


def _set_columns(user: User, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the columns of an account; return what changed as ``{name: [before, after]}``."""
    changes: dict[str, list[Any]] = {}
    for name in ("username", "first_name", "email", "active"):
        if name in values and getattr(user, name) != values[name]:
            changes[name] = [getattr(user, name), values[name]]
            setattr(user, name, values[name])
    return changes


def _set_roles(session: Session, user: User, keys: Sequence[int]) -> dict[str, list[Any]]:
    """Give an account these roles and no others; return what changed, by names of roles."""
    before = sorted(role.name for role in user.roles)
    user.roles = list(session.scalars(select(Role).where(Role.id.in_(keys or [0]))))
    after = sorted(role.name for role in user.roles)
    return {} if before == after else {"roles": [before, after]}


def require_may_close(session: Session, actor: Actor, user: User) -> None:
    """Refuse to close an account that must stay open, before anything else is done for it.

    Raises:
        Locked: it is the actor's own, has rights that the actor lacks, or is the last
            administrator's.
    """
    require_within(session, actor, user.roles)
    if user.id == actor.user_id:
        raise Locked(N_("You cannot close your own account."))
    if _administrators(session, without=user.id) == 0:
        raise Locked(N_("Somebody must remain administrator."))


def _require_free_names(session: Session, user: User, changes: Mapping[str, Any]) -> None:
    """Refuse a name or an address by which another account signs in; they are one namespace.

    Raises:
        Invalid: the value is taken, or is no address.
    """
    errors = {}
    for name in ("username", "email"):
        value = (getattr(user, name) or "").strip().lower()
        if name not in changes or not value:
            continue
        if name == "email" and "@" not in value.strip("@"):
            errors[name] = Message(N_("Enter a mail address, such as name@example.com."))
        elif session.scalar(
            select(User.id).where(
                User.id != user.id,
                or_(func.lower(User.username) == value, func.lower(User.email) == value),
            ).limit(1)
        ) is not None:
            errors[name] = Message(N_("Another account signs in by this name or address."))
    if errors:
        raise Invalid(errors)


def move_to_team(session: Session, actor: Actor, staff: Staff, team_id: int) -> None:
    """Move a member of staff into a team and its department; rights follow at the next request.

    Raises:
        LookupError: there is no such team in use.
    """
    with write(session):
        team = session.get(Team, team_id)
        if team is None or not team.active:
            raise LookupError(team_id)
        changes = {
            name: [getattr(staff, name), value]
            for name, value in (("team_id", team.id), ("department_id", team.department_id))
            if getattr(staff, name) != value
        }
        staff.team_id, staff.department_id = team.id, team.department_id
        if changes:
            record_act(session, actor, "change", record_type="people_staff", record_id=staff.id,
                       number=staff.name[:40], changes=changes)


def _administrators(session: Session, without: int = 0) -> int:
    return session.scalar(
        select(func.count())
        .select_from(User)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(Role, Role.id == assoc_user_role.c.role_id)
        .where(Role.name == ADMIN, User.active.is_(True), User.id != without)
    ) or 0


def set_password(session: Session, actor: Actor, user: User, password: str) -> None:
    """Give an account a new password; all its sessions end.

    Whose account it is has to choose another at the next sign-in, unless it is the actor's own.

    Raises:
        Locked: the account has rights that the actor lacks, or the password is tried first.
    """
    with write(session):
        require_within(session, actor, user.roles)
        objection = password_error(password, known_words(session, user))
        if objection:
            raise Locked(objection)
        user.password = generate_password_hash(password)
        end_sessions_of(session, user.id)
        clear_failures(session, user.username)
        keep = clear_temporary if user.id == actor.user_id else mark_temporary
        keep(session, user.id)
        record_act(session, actor, "password_change", record_type="access.user",
                   record_id=user.id, number=user.username[:40])


def unlock(session: Session, actor: Actor, user: User) -> None:
    """Forget the failed sign-ins of an account."""
    with write(session):
        require_within(session, actor, user.roles)
        clear_failures(session, user.username)
        record_act(session, actor, "unlock", record_type="access.user", record_id=user.id,
                   number=user.username[:40])


def sign_out(session: Session, actor: Actor, user: User) -> None:
    """End every session of an account."""
    with write(session):
        require_within(session, actor, user.roles)
        end_sessions_of(session, user.id)
        record_act(session, actor, "sign_out_everywhere", record_type="access.user",
                   record_id=user.id, number=user.username[:40])
