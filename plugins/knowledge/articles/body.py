"""What people read of an article: its text in their language, and the lines of its table."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.sdk.screens import write_date
from app.sdk.services import attachments
from plugins.knowledge.articles import markdown
from plugins.knowledge.articles.models import Article
from plugins.knowledge.articles.operations import lines_of
from plugins.knowledge.choices import TABLE_KINDS
from plugins.knowledge.lines.models import ArticleLine

_LONGEST_INSERT = 1000


def has_lines(article: Article) -> bool:
    """Return whether an article is a table with lines."""
    return article.kind is not None and article.kind.code in TABLE_KINDS


def body_of(session: Session, article: Article, language: str, pictures: bool = False) -> Markup:
    """Return text and lines of an article as markup.

    Args:
        session: any session.
        article: the article.
        language: ``zh`` or ``en``.
        pictures: whether pictures that lie on the article are shown.
    """
    known = {one.name: f"/knowledge/files/{article.id}/{one.id}"
             for one in attachments(session, article)} if pictures else {}
    text = markdown.render(article.text_in(language), known)
    if not has_lines(article):
        return text
    return text + Markup(render_template(
        "knowledge/_lines.html", lines=lines_of(session, article), language=language))


def inserted_text(article: Article, language: str) -> str:
    """Return what is inserted where somebody types: plain text, at most 1,000 characters."""
    return markdown.plain(article.text_in(language))[:_LONGEST_INSERT]


def validity_of(line: ArticleLine) -> str:
    """Return from when until when a line holds, as people read it; empty without days."""
    if line.valid_from is None and line.valid_until is None:
        return ""
    return f"{write_date(line.valid_from) if line.valid_from else ''} – " \
           f"{write_date(line.valid_until) if line.valid_until else ''}".strip()
