"""Names of posts and forms by key, in a language."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.forms import FormDraft
from app.sdk.models import Post


def post_titles(session: Session, language: str) -> dict[int, str]:
    """Return what posts are called, by key.

    Args:
        session: any session.
        language: ``zh`` or ``en``.
    """
    return {row.id: (row.name_zh if language == "zh" else "") or row.name
            for row in session.execute(select(Post.id, Post.name, Post.name_zh))}


def form_titles(session: Session, language: str) -> dict[int, str]:
    """Return what forms are called, by key."""
    rows = session.execute(select(FormDraft.id, FormDraft.title, FormDraft.title_zh))
    return {row.id: (row.title_zh or row.title) if language == "zh"
            else (row.title or row.title_zh) for row in rows}
