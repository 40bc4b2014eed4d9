"""A password entered again, before an act that must be a person's own, such as a signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.access.actor import Actor
from app.access.deferred_notes import REFUSED_SIGN_IN, note_or_defer
from app.access.sessions import is_locked
from app.errors import Invalid
from app.forms.signing import PASSWORD, SIGNED
from app.i18n import N_, Message

FIELD = "password"


def confirm_password(session: Session, actor: Actor, password: str) -> None:
    """Go on only if a password is the actor's own.

    A wrong one counts like a refused sign-in: too many lock the account for a while, and are in the
    log of sign-ins.

    Args:
        session: session outside of any write.
        actor: who acts.
        password: what was typed.

    Raises:
        Invalid: the password is wrong, or the account is locked; the field is ``password``.
    """
    settings = current_app.config["CARELINE_SETTINGS"]
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    name = user.username if user is not None else ""
    window = dt.timedelta(minutes=settings.login_lockout_minutes)
    locked = is_locked(session, name, "", settings.login_attempts, window)
    if locked:
        raise Invalid({FIELD: Message(N_("Too many wrong passwords. Try again later."))})
    if user is None or not check_password_hash(user.password or "", password or ""):
        note_or_defer(session, settings.var_dir, REFUSED_SIGN_IN, {
            "account": name, "name": name, "address": "", "locked": False})
        raise Invalid({FIELD: Message(N_("This is not your password."))})


def confirm_signatures(session: Session, actor: Actor, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into a form, with the passwords of its signatures checked and gone.

    Args:
        session: session outside of any write.
        actor: who signs.
        typed: what was typed, by name of the item; the password of a signature stands under its
            name and ``PASSWORD``, and an empty one signs nothing.

    Returns:
        What was typed without passwords, ``SIGNED`` at each signature whose password was right.

    Raises:
        Invalid: a password is wrong; the field is that of the password.
    """
    passwords = {name: str(held) for name, held in typed.items()
                 if name.endswith(PASSWORD) and held}
    found = {name: held for name, held in typed.items()
             if not name.endswith(PASSWORD) and held != SIGNED}
    checked = set[str]()
    for name, password in passwords.items():
        if password not in checked:
            try:
                confirm_password(session, actor, password)
            except Invalid as error:
                raise Invalid({name: error.errors[FIELD]}) from error
        checked.add(password)
        found[name.removesuffix(PASSWORD)] = SIGNED
    return found
