"""Cards of the home page: what waits for a second person, what nobody found, what is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.people import local_today
from app.sdk.services import Actor, is_present, scope_filter
from plugins.knowledge.access import APPROVE, ARTICLE
from plugins.knowledge.articles.models import Article
from plugins.knowledge.choices import GAP_OPEN, IN_REVIEW, PUBLISHED
from plugins.knowledge.gaps.models import Gap

_SOON = dt.timedelta(days=30)


def to_look_after(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return how many articles wait for approval or review, and how many gaps are open."""
    row = session.execute(select(
        _number(actor, Article, Article.state == IN_REVIEW),
        _number(actor, Article, Article.state == PUBLISHED,
                Article.review_on <= local_today() + _SOON),
        _number(actor, Gap, Gap.status == GAP_OPEN),
    )).one()
    if not any(row):
        return None
    return {"figures": [
        {"label": N_("To be reviewed"), "value": row[0],
         "url": url_for("ArticleView.list", state__in=IN_REVIEW)},
        {"label": N_("Review due"), "value": row[1], "url": url_for("ArticleView.use")},
        {"label": N_("Gaps"), "value": row[2], "url": url_for("GapView.list")},
    ]}


def _number(actor: Actor, model: type[Any], *conditions: Any) -> Any:
    return select(func.count()).select_from(model).where(
        *conditions, is_present(model), scope_filter(actor, model)).scalar_subquery()


CARDS = (
    Card(name="knowledge.care", title=N_("Knowledge base"), load=to_look_after,
         template="screens/home/card.html", view=ARTICLE, permission=APPROVE, order=75, width=4),
)
