"""What the workflow of articles asks for and does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_, Event, EventField
from app.sdk.events import emit
from app.sdk.people import local_today
from app.sdk.records import act
from app.sdk.services import SYSTEM, Actor, is_present, settings_of, utcnow
from app.sdk.workflow import Message
from plugins.knowledge.articles.body import inserted_text
from plugins.knowledge.articles.models import Article
from plugins.knowledge.articles.operations import article_operations, lines_of
from plugins.knowledge.articles.workflow import OUTDATE
from plugins.knowledge.choices import PUBLISHED, TABLE_KINDS
from plugins.knowledge.finding import documents
from plugins.knowledge.uses.services import answered_records
from plugins.knowledge.validity import in_months

CHANGED = Event(
    name="knowledge.article_changed", title=N_("An article that answered customers has changed"),
    fields=(
        EventField(name="title", kind=str, text="title of the article"),
        EventField(name="previous_id", kind=int, text="key of the version before"),
        EventField(name="before", kind=str,
                   text="plain text of that version, in Chinese where it has one, at most 1,000 "
                        "characters"),
        EventField(name="after", kind=str, text="plain text of the new version, likewise"),
        EventField(name="answered", kind=list,
                   text="records that earlier versions answered in the last 180 days, at most 200: "
                        "pairs of record type and key"),
    ),
)


def is_complete(session: Session, _actor: Actor, article: Article) -> Message | None:
    """Refuse an article that has neither a text nor lines."""
    if article.text_zh or article.text_en:
        return None
    is_table = article.kind is not None and article.kind.code in TABLE_KINDS
    if is_table and lines_of(session, article):
        return None
    return Message(N_("Add lines to the table first.") if is_table
                   else N_("Write the text first."))


def note_published(
    session: Session, actor: Actor, article: Article, _values: Mapping[str, Any]
) -> None:
    """Note who approved it and when, set its review, outdate the version before, and find it."""
    today = local_today()
    article_operations().store(session, actor, article, {
        "approver_id": actor.user_id, "published_at": utcnow(), "reviewed_on": today,
        "review_on": article.review_on or in_months(
            today, settings_of(session, "knowledge")["review_months"]),
    })
    earlier = session.scalars(select(Article).where(
        Article.root_id == article.root_id, Article.state == PUBLISHED,
        Article.id != article.id, is_present(Article))).all()
    for one in earlier:
        act(session, SYSTEM, one, OUTDATE)
    documents.put_article(session, article)
    if earlier:
        emit(session, CHANGED.name, article, {
            "title": article.name, "previous_id": earlier[0].id,
            "before": inserted_text(earlier[0], "zh"),
            "after": inserted_text(article, "zh"),
            "answered": [list(one) for one in answered_records(session, article.root_id)],
        }, by=actor)


def note_ended(
    session: Session, _actor: Actor, article: Article, _values: Mapping[str, Any]
) -> None:
    """Find the article no more; what it answered is kept for a later version."""
    documents.drop_article(session, article)


GUARDS = {"is_complete": is_complete}
EFFECTS = {"note_published": note_published, "note_ended": note_ended}
