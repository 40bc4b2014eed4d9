"""Counting what is done with articles, and reading the counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk.services import Actor, is_present, scope_filter, utcnow
from plugins.knowledge.articles.models import Article
from plugins.knowledge.choices import PUBLISHED
from plugins.knowledge.uses.models import ArticleUse

OPENED, INSERTED, ANSWERED, MISSED = "opened", "inserted", "answered", "missed"
ANSWERED_DAYS, MOST_ANSWERED = 180, 200
# From how many looks on an article is judged, and which share of answers is bad.
JUDGED_FROM, BAD_SHARE = 5, 0.3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often an article was used in a period.

    Attributes:
        article: its published version.
        opened: times it was opened.
        inserted: times its text was inserted.
        answered: times it answered.
        missed: times it was suggested and nothing helped.
    """

    article: Article
    opened: int = 0
    inserted: int = 0
    answered: int = 0
    missed: int = 0

    @property
    def looks(self) -> int:
        """How often people looked at it for an answer."""
        return max(self.opened, self.answered) + self.missed

    @property
    def share(self) -> float:
        """The share of looks that were answered, 0.0 to 1.0; 1.0 without any look."""
        return self.answered / self.looks if self.looks else 1.0


def note(session: Session, article: Article, use: str, record: Any = None) -> None:
    """Note one use; a record is answered by an article once, however often it is said.

    Args:
        session: session with a running write.
        article: the version that was used.
        use: ``OPENED``, ``INSERTED``, ``ANSWERED`` or ``MISSED``.
        record: the record that was answered, if there is one.
    """
    where = {} if record is None else {
        "record_type": record.__record_type__, "record_id": record.id}
    if where and session.scalar(select(ArticleUse.id).where(
        ArticleUse.root_id == article.root_id, ArticleUse.use == use,
        *(getattr(ArticleUse, name) == value for name, value in where.items())).limit(1)):
        return
    session.add(ArticleUse(
        root_id=article.root_id, article_id=article.id, use=use, at=utcnow(), **where))
    session.flush()


def answered_records(session: Session, root_id: int | None) -> list[tuple[str, int]]:
    """Return the records that an article answered lately, the latest first.

    Args:
        session: any session.
        root_id: key of its first version.
    """
    since = utcnow() - dt.timedelta(days=ANSWERED_DAYS)
    rows = session.execute(
        select(ArticleUse.record_type, ArticleUse.record_id).where(
            ArticleUse.root_id == root_id, ArticleUse.use == ANSWERED, ArticleUse.at >= since,
            ArticleUse.record_id.is_not(None))
        .order_by(ArticleUse.id.desc()).limit(MOST_ANSWERED))
    return [(row.record_type, row.record_id) for row in rows]


def tallies(session: Session, actor: Actor, since: dt.datetime) -> list[Tally]:
    """Return the use of every published article that the actor sees, used since a moment.

    Args:
        session: any session.
        actor: who looks.
        since: aware.
    """
    counts: dict[int, dict[str, int]] = {}
    for root_id, use, number in session.execute(
        select(ArticleUse.root_id, ArticleUse.use, func.count()).where(ArticleUse.at >= since)
        .group_by(ArticleUse.root_id, ArticleUse.use)
    ):
        counts.setdefault(root_id, {})[use] = number
    articles = session.scalars(select(Article).where(
        Article.root_id.in_(counts), Article.state == PUBLISHED, is_present(Article),
        scope_filter(actor, Article)))
    return [Tally(article=one, **counts[one.root_id]) for one in articles if one.root_id]


def frequent(found: Sequence[Tally]) -> list[Tally]:
    """Return the articles that answered, the most frequent first."""
    return sorted((one for one in found if one.answered),
                  key=lambda one: (-one.answered, -one.opened, one.article.id))


def bad(found: Sequence[Tally]) -> list[Tally]:
    """Return the articles that many looked at and few were answered by, the worst first."""
    return sorted((one for one in found if one.looks >= JUDGED_FROM and one.share < BAD_SHARE),
                  key=lambda one: (one.share, -one.looks, one.article.id))
