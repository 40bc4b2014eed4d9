"""What the library holds from the beginning; an admin edits it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.sdk.records import act, create
from app.sdk.services import SYSTEM
from plugins.knowledge.articles.models import Article, ArticleKind, ArticleProduct, ArticleTopic
from plugins.knowledge.articles.workflow import INSTALL
from plugins.knowledge.audiences.models import Audience
from plugins.knowledge.initial_lists import AUDIENCES, KINDS, PRODUCTS, TOPICS
from plugins.knowledge.initial_phrases import CALLS, FORBIDDEN, PHRASES
from plugins.knowledge.words.models import ForbiddenWord


def load_lists(session: Session) -> None:
    """Add values that are not there; what an admin renamed or retired stays as it is."""
    for model, values in ((ArticleKind, KINDS), (ArticleTopic, TOPICS), (ArticleProduct, PRODUCTS)):
        known = set(session.scalars(select(model.code)))
        session.add_all(
            model(code=code, name=name, name_zh=name_zh, position=place * 10)
            for place, (code, name, name_zh) in enumerate(values, start=1) if code not in known)
    session.flush()


def load_audiences(session: Session) -> None:
    """Add audiences that are not there, each with the ready-made role of its name.

    An audience holds roles, not names: it stays as it is when a role is renamed.
    """
    known = set(session.scalars(select(Audience.code)))
    role = inspect(Audience).relationships["roles"].mapper.class_
    roles = {one.name: one for one in session.scalars(select(role))}
    session.add_all(
        Audience(code=code, name=name, name_zh=name_zh, position=place * 10,
                 roles=[roles[code]] if code in roles else [])
        for place, (code, name, name_zh) in enumerate(AUDIENCES, start=1) if code not in known)
    session.flush()


def load_phrases(session: Session) -> None:
    """Publish the phrases and list the forbidden words, where there are no articles at all."""
    if session.scalar(select(Article.id).limit(1)) is None:
        kinds = keys_of(session, ArticleKind)
        topics = keys_of(session, ArticleTopic)
        names = {code: (name_zh, name) for code, name, name_zh in TOPICS}
        for topic, chinese, english in PHRASES:
            publish(session, {
                "kind_id": kinds["phrase"], "topic_id": topics[topic],
                **_titled(*names[topic]), "text_zh": _listed(chinese),
                "text_en": _listed(english)})
        for topic, opening_zh, opening, closing_zh, closing in CALLS:
            name_zh, name = names[topic]
            for kind, word_zh, word, text_zh, text in (
                ("opening", "开头语", "opening", opening_zh, opening),
                ("closing", "结束语", "closing", closing_zh, closing),
            ):
                publish(session, {
                    "kind_id": kinds[kind], "topic_id": topics[topic],
                    **_titled(f"{name_zh}{word_zh}", f"{name}: {word}"),
                    "text_zh": text_zh, "text_en": text})
    if session.scalar(select(ForbiddenWord.id).limit(1)) is None:
        for word, language, instead, reason in FORBIDDEN:
            create(session, SYSTEM, ForbiddenWord, {
                "word": word, "language": language, "instead": instead, "reason": reason})


def publish(session: Session, values: Mapping[str, Any]) -> Article:
    """Write an article that comes with the product; it is published at once."""
    article = create(session, SYSTEM, Article, values)
    act(session, SYSTEM, article, INSTALL)
    return article


def keys_of(session: Session, model: Any) -> dict[str, int]:
    """Return the key of each value of a list by its code."""
    return {row.code: row.id for row in session.execute(select(model.code, model.id))}


def _titled(title_zh: str, title: str) -> dict[str, str]:
    return {"title_zh": title_zh, "title_en": title}


def _listed(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)
