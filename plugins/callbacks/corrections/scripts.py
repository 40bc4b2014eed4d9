"""A script in force says what the version before had wrong: who heard it is called (更正回拨)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.sdk.records import operations_of
from app.sdk.services import Actor
from plugins.callbacks.corrections.choices import ARTICLE
from plugins.callbacks.models import Correction, Script


def correct_earlier(session: Session, actor: Actor, script: Script, earlier: Script) -> None:
    """Enter what a version had wrong, so that everybody who heard it is called again.

    Args:
        session: session with a running write.
        actor: who puts the new version in force.
        script: the new version; nothing is entered where it says of nothing that it was wrong.
        earlier: the version that it takes the place of.
    """
    if not script.wrong_answer:
        return
    operations_of(Correction).create(session, actor, {
        "subject": script.name, "found_by": ARTICLE, "script_id": earlier.id,
        "wrong_answer": script.wrong_answer, "right_answer": script.right_answer})
