"""Which published articles answer a question, for whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from app.sdk.people import local_today
from app.sdk.services import Actor, is_present, scope_filter
from plugins.knowledge.access import ARTICLE
from plugins.knowledge.articles.models import Article, ArticleProduct
from plugins.knowledge.choices import PUBLISHED
from plugins.knowledge.finding.documents import ranked
from plugins.knowledge.finding.ranking import Ranked

MOST = 5
# Of more that were ranked, none of those that a person sees is likely to help.
_LOOKED_AT = 40
_SAME_PRODUCT = 1.5


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An article that may answer a question.

    Attributes:
        article: its published version.
        likeness: how much of the question its nearest text holds, 0.0 to 1.0.
    """

    article: Article
    likeness: float


def answers(
    session: Session, actor: Actor, text: str, context: str = "", most: int = MOST
) -> list[Answer]:
    """Return published articles for a question, the best first.

    Ranked by their words, by the questions that they answered before, and by the product.

    Args:
        session: any session.
        actor: who asks; only what they may read is returned.
        text: what was asked.
        context: what else is known, e.g. the name of a product.
        most: most articles returned.
    """
    if not actor.can("can_list", ARTICLE):
        return []
    found = {one.root: one for one in ranked(session, text)[:_LOOKED_AT]}
    if not found:
        return []
    articles = session.scalars(
        select(Article).options(joinedload(Article.kind), joinedload(Article.product)).where(
            Article.root_id.in_(found), *in_force(actor)))
    said = f"{text}\n{context}".casefold()

    def place(article: Article) -> tuple[float, int]:
        return -_weighed(found[article.root_id or 0], article.product, said), article.id

    return [Answer(one, found[one.root_id or 0].likeness)
            for one in sorted(articles, key=place)[:most]]


def in_force(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of articles that a person is given as an answer today.

    Args:
        actor: who reads.
    """
    today = local_today()
    return (
        Article.state == PUBLISHED, is_present(Article),
        or_(Article.valid_from.is_(None), Article.valid_from <= today),
        or_(Article.valid_until.is_(None), Article.valid_until >= today),
        scope_filter(actor, Article, indexed=False))


def _weighed(one: Ranked, product: ArticleProduct | None, said: str) -> float:
    named = product is not None and any(
        name and name.casefold() in said for name in (product.name, product.name_zh))
    return one.score * (_SAME_PRODUCT if named else 1.0)
