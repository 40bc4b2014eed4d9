"""The source of suggestions while typing: articles that answer, words that are not said."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_, Suggestion, SuggestionSource, Typed
from app.sdk.records import address_of, link
from app.sdk.screens import page_language, translated, whole_number
from app.sdk.services import Actor, find
from plugins.knowledge.access import ANSWERED_LINK, ARTICLE
from plugins.knowledge.articles.body import body_of, inserted_text
from plugins.knowledge.articles.models import Article, ArticleKind, ArticleTopic
from plugins.knowledge.choices import CALL_KINDS, PUBLISHED
from plugins.knowledge.finding import documents
from plugins.knowledge.finding.answers import answers, in_force
from plugins.knowledge.gaps.services import note_gap
from plugins.knowledge.uses import services as uses
from plugins.knowledge.words.services import warnings

# Of the articles that were shown when nothing helped, so many are told.
_MISSED = 3
_MOST_PHRASES = 6


def suggest(session: Session, actor: Actor, typed: Typed) -> list[Suggestion]:
    """Return the articles that answer what was typed."""
    language = page_language()
    return [
        Suggestion(
            key=str(one.article.id), title=one.article.titled(language),
            text=inserted_text(one.article, language),
            body=body_of(session, one.article, language), kind=_kind(one.article, language),
            address=address_of(Article.__record_type__, one.article.id),
        )
        for one in answers(session, actor, typed.text, typed.context)
    ]


def _kind(article: Article, language: str) -> str:
    if article.machine_written:
        return translated(N_("Machine-written"))
    return article.kind.titled(language) if article.kind is not None else ""


def phrases(session: Session, actor: Actor, occasion: str) -> list[Suggestion]:
    """Return the opening and closing phrases for a kind of call, in the order of a call (SPEC E2).

    Args:
        session: any session.
        actor: who speaks; only what they may read is returned.
        occasion: code of the topic, e.g. ``complaint_call``.
    """
    language = page_language()
    return [
        Suggestion(
            key=str(article.id), title=kind.titled(language),
            text=inserted_text(article, language),
            address=address_of(Article.__record_type__, article.id))
        for kind, article in session.execute(
            select(ArticleKind, Article).join(Article, Article.kind_id == ArticleKind.id)
            .join(ArticleTopic, ArticleTopic.id == Article.topic_id)
            .where(ArticleKind.code.in_(CALL_KINDS), ArticleTopic.code == occasion,
                   *in_force(actor))
            .order_by(ArticleKind.position, Article.id).limit(_MOST_PHRASES))
    ]


def note_use(session: Session, actor: Actor, typed: Typed, key: str, use: str) -> None:
    """Count what was done with an article; a question that nothing answered is a gap."""
    if use == "unanswered":
        shown = answers(session, actor, typed.text, typed.context, most=_MISSED)
        for one in shown:
            uses.note(session, one.article, uses.MISSED)
        note_gap(session, actor, typed.text, typed.record_type)
        return
    number = whole_number(key)
    article = find(session, actor, Article, number) if number is not None else None
    if article is None or article.state != PUBLISHED:
        return
    if use == uses.ANSWERED:
        note_answer(session, actor, article, typed.text, typed.record)
    else:
        uses.note(session, article, use)


def note_answer(
    session: Session, actor: Actor, article: Article, question: str, record: object = None
) -> None:
    """Count an answer, remember the words of its question, and link what it answered.

    Args:
        session: session with a running write.
        actor: who says so; may see the record.
        article: the version that answered.
        question: what was asked; empty where that is not known.
        record: the record that it answered, if there is one.
    """
    uses.note(session, article, uses.ANSWERED, record)
    assert article.root_id is not None, "every stored article has a root"
    documents.put(session, article.root_id, documents.QUESTION, question)
    if record is not None:
        link(session, actor, record, article, ANSWERED_LINK)


SOURCE = SuggestionSource(
    name="knowledge.articles", title=N_("Knowledge base"), view=ARTICLE, suggest=suggest,
    note=note_use, phrases=phrases,
    warn=lambda session, _actor, typed: warnings(session, typed.all_text),
)
