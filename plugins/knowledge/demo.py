"""Articles, uses and gaps for demonstrations, made as people make them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk.demo import DemoContext, Story
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import utcnow, write
from plugins.knowledge.articles.models import Article, ArticleKind, ArticleProduct, ArticleTopic
from plugins.knowledge.demo_articles import ANSWERED, ARTICLES, GAPS, MISSED, TABLES
from plugins.knowledge.finding.source import note_answer
from plugins.knowledge.gaps.services import note_gap
from plugins.knowledge.initial_data import keys_of
from plugins.knowledge.lines.models import ArticleLine
from plugins.knowledge.uses import services as uses

_AUTHORS = ("agent", "wanghao", "zhangjing")
_LINE = ("name", "name_en", "model", "price", "months", "kilometres", "scope", "service_number")


class _Library(Story):
    """The library of a department, written over half a year.

    Args:
        context: see ``app.sdk.demo``.
    """

    def __init__(self, context: DemoContext) -> None:
        super().__init__(context, "knowledge")
        self.kinds = keys_of(context.session, ArticleKind)
        self.topics = keys_of(context.session, ArticleTopic)
        self.products = keys_of(context.session, ArticleProduct)
        self.made: list[Article] = []

    def write(self, place: int, values: dict[str, Any], lines: tuple[Any, ...] = ()) -> None:
        """Write an article, hand it in and approve it."""
        author = self.actor(_AUTHORS[place % len(_AUTHORS)])
        article = create(self.session, author, Article, values)
        for number, line in enumerate(lines, start=1):
            given = dict(zip(_LINE, line, strict=True))
            given["price"] = Decimal(given["price"]) if given["price"] else None
            create(self.session, author, ArticleLine, {
                **given, "article_id": article.id, "position": number})
        act(self.session, author, article, "submit")
        act(self.session, self.actor("supervisor"), article, "publish")
        self.made.append(article)

    def placed(
        self, kind: str, topic: str, product: str, title_zh: str, title: str
    ) -> dict[str, Any]:
        """Return what every article holds."""
        return {"kind_id": self.kinds[kind], "topic_id": self.topics[topic],
                "product_id": self.products.get(product), "title_zh": title_zh, "title_en": title}


def load(context: DemoContext) -> str:
    """Make the library, unless people have written in it already."""
    if context.session.scalar(
            select(Article.id).where(Article.created_by_id.is_not(None)).limit(1)) is not None:
        return "The knowledge base was there already."
    library = _Library(context)
    today, number = local_today(), 0
    for number, (kind, topic, product, title_zh, title, text_zh, text, tags) in enumerate(ARTICLES):
        values = {**library.placed(kind, topic, product, title_zh, title), "text_zh": text_zh,
                  "text_en": text, "tags": tags,
                  "review_on": today + dt.timedelta(days=7 * number - 10)}
        library.later(utcnow() - dt.timedelta(days=170 - 3 * number),
                      lambda place=number, given=values: library.write(place, given))
    for place, (kind, topic, product, title_zh, title, lines) in enumerate(TABLES):
        values = library.placed(kind, topic, product, title_zh, title)
        library.later(utcnow() - dt.timedelta(days=40 - place),
                      lambda place=place, given=values, lines=lines: library.write(
                          place, given, lines))
    library.happen()
    _use(library)
    _drafts(library)
    return f"{len(library.made)} articles and tables, with uses and gaps."


def _use(library: _Library) -> None:
    session, agent = library.session, library.actor("agent")
    with write(session):
        for place, question, times in ANSWERED:
            for _ in range(times):
                uses.note(session, library.made[place], uses.OPENED)
                note_answer(session, agent, library.made[place], question)
        for place, times in MISSED:
            for _ in range(times):
                uses.note(session, library.made[place], uses.OPENED)
                uses.note(session, library.made[place], uses.MISSED)
        for question, times in GAPS:
            for _ in range(times):
                note_gap(session, agent, question, "complaints.complaint")


def _drafts(library: _Library) -> None:
    """One waits for approval, one is being written, and one gets a new version."""
    session, agent = library.session, library.actor("agent")
    waiting = create(session, agent, Article, {
        **library.placed(
            "answer", "application", "lease", "融资租赁和贷款有什么区别", "Lease or loan"),
        "text_zh": "租赁期内车辆所有权归出租方，期满按合同转移；贷款购车则由客户持有并抵押。",
        "text_en": "A leased car belongs to the lessor until the end; a financed one belongs to "
                   "the customer and is mortgaged."})
    act(session, agent, waiting, "submit")
    create(session, agent, Article, {
        **library.placed(
            "answer", "application", "", "公司名义购车怎么申请", "Loans for companies")})
    act(session, agent, library.made[5], "new_version")
