"""Code of the screens in a job, for the person who asked for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from flask import current_app, g
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import access_version
from app.database import db

# What a request learns from its session: who acts, and under which version of the rights.
_OF_A_REQUEST = ("careline_actor", "careline_access_version")


@contextlib.contextmanager
def on_behalf_of(session: Session, actor: Actor) -> Iterator[None]:
    """Let code of the screens run outside of a request, with a person's rights and language.

    Args:
        session: session of the job; what the screens read and write goes through it.
        actor: the person.
    """
    with current_app.test_request_context():
        before = {name: g.get(name) for name in _OF_A_REQUEST}
        outer = db.session.registry() if db.session.registry.has() else None
        g.careline_actor, g.careline_access_version = actor, access_version(session)
        # The screens write in the transaction of the import.
        db.session.registry.set(session)
        try:
            with force_locale(actor.locale or "en"):
                yield
        finally:
            # The end of the context closes the session that it finds.
            db.session.registry.clear()
            if outer is not None:
                db.session.registry.set(outer)
            for name, value in before.items():
                g.pop(name, None)
                if value is not None:
                    setattr(g, name, value)
