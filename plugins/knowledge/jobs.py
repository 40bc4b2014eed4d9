"""What the worker does for the knowledge base every day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import Schedule
from app.sdk.people import local_today
from app.sdk.records import act
from app.sdk.services import SYSTEM, is_present, notice_kinds, settings_of, tell, write
from plugins.knowledge.articles.models import Article
from plugins.knowledge.articles.workflow import OUTDATE
from plugins.knowledge.choices import PUBLISHED


def remind(session: Session) -> int:
    """Tell owners once of each of their published articles whose review is near.

    Returns:
        How many notices were written.
    """
    limit = local_today() + dt.timedelta(days=settings_of(session, "knowledge")["reminder_days"])
    with write(session):
        due = session.scalars(select(Article).where(
            Article.state == PUBLISHED, Article.review_on <= limit,
            Article.owner_id.is_not(None), is_present(Article))).all()
        return sum(
            tell(session, [one.owner_id], notice_kinds.DEADLINE,
                 N_("The article %(title)s is to be reviewed by %(date)s."),
                 values={"title": one.name, "date": str(one.review_on)}, record=one, once=True)
            for one in due)


def end_validity(session: Session) -> int:
    """Outdate published articles whose last day of validity is over; return how many."""
    over = session.scalars(select(Article.id).where(
        Article.state == PUBLISHED, Article.valid_until < local_today(),
        is_present(Article))).all()
    for key in over:
        article = session.get(Article, key)
        if article is not None and article.state == PUBLISHED:
            act(session, SYSTEM, article, OUTDATE)
    return len(over)


def look_after(session: Session, _due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: outdate what is no longer valid, and remind of reviews."""
    end_validity(session)
    remind(session)


JOBS = (
    Schedule(name="knowledge.care", title=N_("Look after articles"), at="06:30", catch_up=False,
             run=look_after),
)
