"""Pages beside the list of articles: phrases at hand, and what is used, missed and bad."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask_appbuilder.baseviews import expose
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.sdk.screens import Page, current_person, page_language, requires
from app.sdk.services import db, is_present, scope_filter, utcnow
from plugins.knowledge.articles import markdown
from plugins.knowledge.articles.models import Article, ArticleKind, ArticleTopic
from plugins.knowledge.choices import GAP_OPEN, PHRASE_KINDS, PUBLISHED
from plugins.knowledge.gaps.models import Gap
from plugins.knowledge.uses import services as uses

_DAYS = (30, 90, 365)
_ROWS = 20
_MOST_PHRASES = 300


class PhrasesPage(Page):
    """Polite phrases, opening and closing phrases, by kind, ready to be read out."""

    @expose("/phrases")
    @requires("list")
    def phrases(self) -> str:
        """Show the published phrases in the reader's language, those of the other one below."""
        found = db.session.execute(
            select(ArticleKind, ArticleTopic, Article)
            .join(Article, Article.kind_id == ArticleKind.id)
            .outerjoin(ArticleTopic, Article.topic_id == ArticleTopic.id)
            .where(ArticleKind.code.in_(PHRASE_KINDS), Article.state == PUBLISHED,
                   is_present(Article), scope_filter(current_person(), Article))
            .order_by(ArticleKind.position, ArticleTopic.position, Article.id)
            .limit(_MOST_PHRASES)).all()
        language = page_language()
        groups: dict[str, list[dict[str, object]]] = {}
        for kind, topic, article in found:
            groups.setdefault(kind.titled(language), []).append({
                "id": article.id, "title": article.titled(language),
                "topic": topic.titled(language) if topic is not None else "",
                "body": markdown.render(article.text_in(language)),
            })
        return self.screen.render("knowledge/phrases.html", groups=groups)


class UsePage(Page):
    """What is asked often, what answers badly, what nobody found, what is to be reviewed."""

    @expose("/use")
    @requires("approve")
    def use(self) -> str:
        """Show the use of the knowledge base in the last days."""
        person, session = current_person(), db.session
        days = request.args.get("days", type=int)
        days = days if days in _DAYS else _DAYS[0]
        found = uses.tallies(session, person, utcnow() - dt.timedelta(days=days))
        gaps = session.scalars(
            select(Gap).where(Gap.status == GAP_OPEN, is_present(Gap), scope_filter(person, Gap))
            .order_by(Gap.times.desc(), Gap.last_at.desc()).limit(_ROWS)).all()
        due = session.scalars(
            select(Article).options(joinedload(Article.owner)).where(
                Article.state == PUBLISHED, is_present(Article), Article.review_on.is_not(None),
                scope_filter(person, Article))
            .order_by(Article.review_on, Article.id).limit(_ROWS)).all()
        return self.screen.render(
            "knowledge/use.html", days=days, periods=_DAYS, frequent=uses.frequent(found)[:_ROWS],
            bad=uses.bad(found)[:_ROWS], gaps=gaps, due=due, language=page_language())
