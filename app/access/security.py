"""Flask-AppBuilder's security manager with our rights cache, sessions and lockout.

One statement a request loads the user, the session and the number of the rights in force; the
rights themselves stay in memory under that number.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterable
from typing import Any

import click
from flask import Flask, current_app, g, has_request_context, request, session
from flask_appbuilder.baseviews import AbstractViewApi
from flask_appbuilder.security.api import SecurityApi as StockSecurityApi
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import User
from flask_jwt_extended import JWTManager, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_login import current_user, user_logged_in, user_logged_out
from jwt.exceptions import PyJWTError
from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from app.access.actor import SYSTEM, Actor
from app.access.audit import record_act, set_address
from app.access.deferred_notes import REFUSED_SIGN_IN, note_or_defer
from app.access.held_actors import HeldActors
from app.access.models import AccessVersion, TemporaryPassword, UserSession
from app.access.passwords import problem
from app.access.services import load_actor
from app.access.sessions import (
    clear_failures,
    digest,
    end_session,
    end_sessions_of,
    is_alive,
    is_locked,
    start_session,
    touch,
)
from app.access.temporary_passwords import clear_temporary, known_words, mark_temporary
from app.database import AnySelect, db, read_again, write
from app.database_errors import is_passing
from app.statements import built_once

SESSION_KEY = "sid"
_ACTORS = "careline.actors"
# Stands in for the hash of an account that does not exist: no password has it, and to find that
# out takes as long as for a wrong password. Made like one by Werkzeug; to make one would take a
# tenth of a second of each start.
_NOBODYS_HASH = f"scrypt:32768:8:1${'0' * 16}${'0' * 128}"


_NOT_ASKED: Any = object()


def current_actor() -> Actor | None:
    """Return who makes this request, or ``None`` before sign-in.

    Signed in means: a user with a living session, by cookie or by API token.
    """
    if not has_request_context():
        return None
    # Asked some hundred times for a page.
    known = g.get("careline_actor", _NOT_ASKED)
    if known is _NOT_ASKED:
        if request.path.startswith("/api/") and request.headers.get("Authorization"):
            # Sets the actor where the token is good.
            with contextlib.suppress(JWTExtendedException, PyJWTError):
                verify_jwt_in_request(optional=True)
            return g.get("careline_actor")
        user = current_user._get_current_object()
        known = g.careline_actor = (
            _actor(user) if user is not None and user.is_authenticated else None)
    return known


def _actor(user: User) -> Actor:
    held: HeldActors = current_app.extensions.setdefault(_ACTORS, HeldActors())
    return held.actor_of(db.session, user, g.get("careline_access_version", 0))


def has_handed_password() -> bool:
    """Return whether the signed-in person still has a password that somebody else has set."""
    return current_actor() is not None and g.get("careline_password_handed", False)


def remote_address() -> str:
    """Return the caller's network address, or an empty text outside of a request."""
    return (request.remote_addr or "") if has_request_context() else ""


def _refreshed_session() -> str:
    """Return the session of the token that asks for a new one: it neither ends later for that,
    nor does the new token outlive a sign-out.
    """
    try:
        return get_jwt().get(SESSION_KEY, "")
    except RuntimeError:
        # A sign-in: no token came with the request.
        return ""


def _api_session(user_id: int) -> str:
    agent = request.user_agent.string
    with write(db.session):
        key = start_session(db.session, user_id, remote_address(), agent)
        person = load_actor(db.session, db.session.get(User, user_id))
        record_act(db.session, person, "sign_in", changes={"api": True})
    return key


def find_account(session: Session, name: str) -> User | None:
    """Return the account with a user name or a mail address, compared without case.

    Names and addresses are one namespace: a user name as it is written goes before the same name
    in other letters, and that before an address.

    Args:
        session: any session.
        name: what was typed.
    """
    folded = name.lower()
    found = session.scalars(
        select(User).where(or_(func.lower(User.username) == folded,
                               func.lower(User.email) == folded)).order_by(User.id)
    ).all()
    return min(
        found, default=None,
        key=lambda user: (user.username != name, user.username.lower() != folded, user.id),
    )


def _require_good(password: str, own: Iterable[str]) -> None:
    objection = problem(password, own)
    if objection:
        raise click.ClickException(objection)


@built_once
def _signed_in() -> AnySelect:
    """Return the SELECT of an account with its session ``key`` and the number of the rights."""
    return (
        select(User, UserSession.created_at, UserSession.seen_at, AccessVersion.value,
               TemporaryPassword.user_id)
        .join(
            UserSession,
            and_(UserSession.user_id == User.id, UserSession.key == bindparam("key")),
        )
        .outerjoin(AccessVersion, AccessVersion.id == 1)
        .outerjoin(TemporaryPassword, TemporaryPassword.user_id == User.id)
        .where(User.id == bindparam("user_id"))
    )


class SecurityApi(StockSecurityApi):
    """Flask-AppBuilder's sign-in for programs, which tells a busy database from a broken one."""

    def response_500(self, **kwargs: Any) -> Any:
        """Answer an unexpected error; a busy database is left to the product's error pages."""
        error = sys.exc_info()[1]
        if error is not None and is_passing(error):
            raise error
        return super().response_500(**kwargs)


class CarelineSecurityManager(SecurityManager):
    """Access decisions from the cached rights; sign-in that locks and leaves traces."""

    security_api = SecurityApi
    # The pages of the web that Flask-AppBuilder leads to.
    auth_view: AbstractViewApi
    user_view: AbstractViewApi

    # --- loading -----------------------------------------------------------------------------
    def _load(self, pk: int, key: str | None) -> User | None:
        row = read_again(db.session, lambda: db.session.execute(
            _signed_in(), {"user_id": pk, "key": digest(key or "")}).one_or_none())
        if row is None:
            return None
        user, created_at, seen_at, version, handed = row
        config = current_app.config["CARELINE_SETTINGS"]
        idle = dt.timedelta(minutes=config.session_idle_minutes)
        absolute = dt.timedelta(hours=config.session_absolute_hours)
        if not user.is_active or not is_alive(created_at, seen_at, idle, absolute):
            return None
        g.careline_access_version = version or 0
        g.careline_password_handed = handed is not None
        g.careline_session_seen = (key, seen_at)
        set_address(db.session, remote_address())
        return user

    def load_user(self, pk: Any) -> User | None:
        """Return the user of a session cookie while the session lives."""
        return self._load(int(pk), session.get(SESSION_KEY))

    def load_user_jwt(self, _jwt_header: dict[str, Any], jwt_data: dict[str, Any]) -> User | None:
        """Return the user of an API token while the session behind the token lives."""
        user = self._load(int(jwt_data["sub"]), jwt_data.get(SESSION_KEY))
        if user is not None and g.careline_password_handed:
            return None
        if user is not None:
            g.user = user
            g.careline_actor = _actor(user)
        return user

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Tie every API token to a session that the server can end."""
        manager = super().create_jwt_manager(app)

        @manager.additional_claims_loader
        def claims(identity: str) -> dict[str, str]:
            if SESSION_KEY not in g:
                setattr(g, SESSION_KEY, _refreshed_session() or _api_session(int(identity)))
            return {SESSION_KEY: getattr(g, SESSION_KEY)}

        return manager

    # --- decisions ---------------------------------------------------------------------------
    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Return whether the caller holds a permission on a view."""
        actor = current_actor()
        return actor is not None and actor.can(permission_name, view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public: this is a back office."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return the views whose list the caller may open; asked by stock screens only."""
        actor = current_actor()
        return {view for permission, view in (actor.permissions if actor else ())
                if permission == "menu_access"}

    # --- sign-in -----------------------------------------------------------------------------
    def auth_user_db(self, username: str | None, password: str | None) -> User | None:
        """Return the user for a name (or mail address) and password, or ``None``.

        Refuses without looking while the account or the address is locked. The answer and its
        time are the same for an unknown name, a wrong password and a deactivated account. A
        password that somebody else has set is good for the page only, where another is chosen.
        """
        if not username or not password or "\x00" in username + password:
            return None
        address = remote_address()
        settings = current_app.config["CARELINE_SETTINGS"]
        window = dt.timedelta(minutes=settings.login_lockout_minutes)
        name = username.strip()
        user = read_again(db.session, lambda: find_account(db.session, name))
        # An account is one account, whether its name or its mail address is tried.
        account = user.username if user else name
        locked = is_locked(db.session, account, address, settings.login_attempts, window)
        right = check_password_hash((user.password if user else None) or _NOBODYS_HASH, password)
        set_address(db.session, address)
        if locked or user is None or not right or not user.is_active:
            note_or_defer(
                db.session, settings.var_dir, REFUSED_SIGN_IN,
                {"account": account, "name": name[:128], "address": address, "locked": locked},
            )
            return None
        if request.path.startswith("/api/") and (
            db.session.get(TemporaryPassword, user.id) is not None
        ):
            # Whoever uses a program is never led to choose another: it would stay for ever.
            with write(db.session):
                record_act(
                    db.session, SYSTEM, "sign_in_refused",
                    changes={"username": name[:128], "temporary_password": True},
                )
            return None
        self.update_user_auth_stat(user, True)
        return user

    def update_user_auth_stat(self, user: User, success: bool = True) -> None:
        """Count a sign-in on the user; failures are counted by name and address instead."""
        if not success:
            return
        with write(db.session):
            db.session.execute(
                update(User)
                .where(User.id == user.id)
                .values(
                    # Flask-AppBuilder's column holds naive local time.
                    last_login=dt.datetime.now(),
                    login_count=(user.login_count or 0) + 1,
                    fail_login_count=0,
                )
                .execution_options(synchronize_session=False)
            )
            clear_failures(db.session, user.username)

    def add_user(self, username: str, *args: Any, **kwargs: Any) -> Any:
        """Create an account from a command of Flask-AppBuilder, by the rules of passwords.

        Raises:
            ClickException: the password is too short, or is tried first.
        """
        password = kwargs.get("password") or (args[4] if len(args) > 4 else "")
        if password:
            _require_good(password, [username, *map(str, args[:3])])
        return super().add_user(username, *args, **kwargs)

    def reset_password(self, userid: int, password: str) -> None:
        """Set a password and end every session of the user but the one that asks.

        Raises:
            ClickException: a command gives a password that is too short, or is tried first.
        """
        if not has_request_context():
            user = db.session.get(User, int(userid))
            _require_good(password, known_words(db.session, user) if user else ())
        keep = session.get(SESSION_KEY) if has_request_context() else None
        own = has_request_context() and getattr(current_user, "id", None) == int(userid)
        with write(db.session):
            user = db.session.get_one(User, int(userid))
            user.password = generate_password_hash(password)
            end_sessions_of(db.session, user.id, keep if own else None)
            (clear_temporary if own else mark_temporary)(db.session, user.id)
            record_act(
                db.session, current_actor() or SYSTEM, "password_change",
                record_type="access.user", record_id=user.id, number=user.username,
            )


def install(app: Flask) -> None:
    """Open and end server-side sessions with Flask-Login's, and keep ``last seen`` current.

    Args:
        app: the application.
    """

    @user_logged_in.connect_via(app)
    def opened(_sender: Flask, user: User, **_: Any) -> None:
        # A new session id at sign-in: a key planted before it is worth nothing after it.
        # The menu is put there by whoever else hears of the sign-in, before or after this.
        kept = {name: session[name] for name in ("locale", "theme", "menu") if name in session}
        user_id = session.get("_user_id")
        fresh, ident = session.get("_fresh"), session.get("_id")
        session.clear()
        session.update(kept, _user_id=user_id, _fresh=fresh, _id=ident)
        agent = request.user_agent.string
        session[SESSION_KEY] = start_session(db.session, user.id, remote_address(), agent)
        session.permanent = True
        with write(db.session):
            record_act(db.session, load_actor(db.session, user), "sign_in")

    @user_logged_out.connect_via(app)
    def closed(_sender: Flask, user: User, **_: Any) -> None:
        key = session.pop(SESSION_KEY, None)
        if key:
            end_session(db.session, key)
        if user is not None and user.is_authenticated:
            with write(db.session):
                record_act(db.session, load_actor(db.session, user), "sign_out")

    @app.after_request
    def seen(response: Any) -> Any:
        key, seen_at = g.get("careline_session_seen", (None, None))
        if key and response.status_code < 500:
            touch(db.session, key, seen_at)
        return response
