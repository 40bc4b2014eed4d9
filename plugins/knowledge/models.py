"""All tables of the plugin."""

from __future__ import annotations

from plugins.knowledge.articles.models import Article, ArticleKind, ArticleProduct, ArticleTopic
from plugins.knowledge.audiences.models import Audience
from plugins.knowledge.finding.models import ArticleDocument, ArticlePosting
from plugins.knowledge.gaps.models import Gap
from plugins.knowledge.lines.models import ArticleLine
from plugins.knowledge.uses.models import ArticleUse
from plugins.knowledge.words.models import ForbiddenWord

MODELS = [
    ArticleKind, ArticleTopic, ArticleProduct, Audience, Article, ArticleLine, ForbiddenWord, Gap,
    ArticleUse, ArticleDocument, ArticlePosting,
]

__all__ = [
    "MODELS", "Article", "ArticleDocument", "ArticleKind", "ArticleLine", "ArticlePosting",
    "ArticleProduct", "ArticleTopic", "ArticleUse", "Audience", "ForbiddenWord", "Gap",
]
